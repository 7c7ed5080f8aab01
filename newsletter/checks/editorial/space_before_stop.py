"""Do commas and full stops follow their word?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_PARTED = re.compile(r"(?<!\w)(?P<word>\w++)[ \u00a0]++(?P<stop>[,.])(?=\s|$)")


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if passage.name == "url":
            continue
        for match in _PARTED.finditer(passage.text):
            edit = subject.replacing(passage, *match.span(), f"{match['word']}{match['stop']}")
            what = "comma" if match["stop"] == "," else "full stop"
            message = f"a space stands between “{match['word']}” and the {what}"
            yield Fault(message, subject.place(passage, *match.span()), passage.entry, edit=edit)


RULE = Rule(
    code="EDT032",
    severity=Severity.NOTE,
    title="space before a comma or a full stop",
    why="where the line breaks, the sign stands alone at the beginning of the next one",
    fix="delete the space",
    bad="summary: Books , films and talks.",
    good="summary: Books, films and talks.",
    check=_check,
)
