"""Does the DOI lead to the study?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Passage, Subject
from newsletter.model.entry import Study
from newsletter.model.finding import Severity

_TAIL = re.compile(r"[.,;:)\]»”’\"']+$")
_RESOLVER = re.compile(r"https?://(?:dx\.)?doi\.org/(.+)", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    for entry in subject.entries:
        if not isinstance(entry, Study) or not entry.doi:
            continue
        passage = Passage(entry.doi, entry.origin, ("doi",), entry.id, "")
        tail = _TAIL.search(entry.doi)
        address = _RESOLVER.fullmatch(entry.url or "")
        if tail and not ("(" in entry.doi and tail[0] == ")"):
            start, end = tail.span()
            message = f"the DOI ends in “{tail[0]}”, which came with the text around it"
            edit = subject.replacing(passage, start, end, "")
            yield Fault(message, subject.place(passage, start, end), entry.id, f"write {entry.doi[:start]}", edit)
        elif address and address[1].casefold() != entry.doi.casefold():
            message = f"`doi` is {entry.doi}, but `url` leads to the DOI {address[1]}"
            yield Fault(message, entry.origin.value("doi"), entry.id, "keep the one that the publication gives")


RULE = Rule(
    code="EDT016",
    severity=Severity.ERROR,
    title="DOI that leads nowhere",
    why="doi.org knows only the exact letters",
    fix="copy it from the publication",
    bad="doi: 10.1234/abcd.",
    good="doi: 10.1234/abcd",
    check=_check,
)
