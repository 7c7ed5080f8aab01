"""Is every link encrypted?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Rule, Subject
from newsletter.model.finding import Place, Severity

_HTTP = re.compile(r"\bhttp://[^\s<>\"')\]]+", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[tuple[str, Place]]:
    for text, place in subject.written():
        for link in dict.fromkeys(_HTTP.findall(text)):
            yield f"the link {link} is not encrypted", place


RULE = Rule(
    code="LNK001",
    severity=Severity.WARNING,
    title="link without https",
    why="browsers warn readers about such pages, and mail filters trust the message less",
    fix="try the address with https:// and write that",
    check=_check,
)
