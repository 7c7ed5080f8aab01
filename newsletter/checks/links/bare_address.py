"""Are links words, not addresses?"""

import re
from collections.abc import Iterator

from newsletter.checks.links.found import Link, definitions, links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_ADDRESS = re.compile(r"(?<![\[\](<\"'=/\w])(?:https?://|www\.)[^\s<>\[\]()]+[^\s<>\[\]().,;:!?]", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    longest = subject.number(RULE, "longest")
    links = list(links_of(subject))
    for link in links:
        if link.text.startswith(("http://", "https://", "www.")) and len(link.text) > longest:
            yield Fault(f"the link shows the address {link.text}", link.text_place(subject), link.entry)
    for passage in subject.passages:
        if not passage.is_markdown or ("://" not in passage.text and "www." not in passage.text):
            continue
        told = {at for link in links if link.passage is passage for at in range(*_span(link))}
        told.update(at for start, end in definitions(passage.text).values() for at in range(start, end))
        for match in _ADDRESS.finditer(passage.text):
            if match.start() in told:
                continue
            message = f"{match[0]} stands in the text and is no link"
            place = subject.place(passage, *match.span())
            yield Fault(message, place, passage.entry, f"write [words that say what it is]({_whole(match[0])})")


def _span(link: Link) -> tuple[int, int]:
    return link.text_start, link.text_start + len(link.text)


def _whole(address: str) -> str:
    return address if "://" in address else f"https://{address}"


RULE = Rule(
    code="LNK009",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="address in the text",
    why="on a phone it cannot be copied, and a screen reader spells it",
    fix="write [words that say what it is](https://…)",
    bad="summary: Register at https://www.example.org/register?event=2024-forum",
    good="summary: [Register for the forum](https://www.example.org/register?event=2024-forum)",
    parameters={"longest": 30},
    check=_check,
)
