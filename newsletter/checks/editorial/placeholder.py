"""Is everything written?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_WAITING = re.compile(
    r"\b(?:TODO|FIXME|TKTK|TK|X{3,}|TBD)\b"
    r"|(?i:\blorem ipsum\b|\bdolor sit amet\b|\bplaceholder text\b)"
    r"|(?i:\bplatzhaltertext\b|\bblindtext\b|\btexte à venir\b)"
    r"|(?<!\S)\?{3,}(?!\S)"
    r"|\[(?i:insert|add|write|link|(?:(?:first|last|full|your)[ _]?)?name|date|title|text|tbd|todo|placeholder|xx+)\b"
    r"[^\]\n]{0,40}\](?!\()"
    r"|(?i:\b(?:asdf|qwerty)\w*)"
)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        for match in _WAITING.finditer(passage.text):
            place = subject.place(passage, *match.span())
            yield Fault(f"“{match[0]}” waits for a text", place, passage.entry)


RULE = Rule(
    code="EDT017",
    severity=Severity.ERROR,
    title="placeholder text",
    why="readers would see it",
    fix="write what belongs there",
    bad="summary: TODO",
    good="summary: NGOs from five countries begin their work in border areas.",
    check=_check,
)
