"""Is every link encrypted?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_HTTP = re.compile(r"\bhttp://[^\s<>\"')\]]+", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        seen: set[str] = set()
        for match in _HTTP.finditer(passage.text):
            if match[0] not in seen:
                seen.add(match[0])
                place = subject.place(passage, *match.span())
                yield Fault(f"the link {match[0]} is not encrypted", place, passage.entry)


RULE = Rule(
    code="LNK001",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="link without https",
    why="browsers warn readers about such pages, and mail filters trust the message less",
    fix="try the address with https:// and write that",
    bad="url: http://www.example.org/news",
    good="url: https://www.example.org/news",
    check=_check,
)
