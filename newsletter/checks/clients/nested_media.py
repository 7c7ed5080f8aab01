"""Does no media query stand inside another?

Gmail drops the style sheet, Outlook.com the inner query: https://www.caniemail.com/features/css-at-media/
"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_SHEET = re.compile(r"<(mj-style|style)\b[^>]*>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_BRACE = re.compile(r"@media\b[^{};]*\{|[{}]", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        for sheet in _SHEET.finditer(page.edition.mjml):
            for offset in _nested(sheet[2]):
                yield Fault("a media query stands inside another", page.mjml_place(sheet.start(2) + offset))


def _nested(css: str) -> Iterator[int]:
    opened: list[bool] = []
    for brace in _BRACE.finditer(css):
        if brace[0] == "}":
            if opened:
                opened.pop()
            continue
        media = brace[0] != "{"
        if media and any(opened):
            yield brace.start()
        opened.append(media)


RULE = Rule(
    code="CLT008",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="media query inside a media query",
    why="Gmail and Outlook.com do not read it, and some drop the whole style sheet",
    fix="join the conditions with `and`",
    bad="@media (max-width:480px) { @media (prefers-color-scheme:dark) { … } }",
    good="@media (max-width:480px) and (prefers-color-scheme:dark) { … }",
    check=_check,
)
