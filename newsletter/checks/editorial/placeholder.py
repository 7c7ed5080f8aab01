"""Is everything written?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_WAITING = re.compile(
    r"\b(?:TODO|FIXME|TKTK|TK(?! ?Maxx)|X{3,}|TBD)\b"
    r"|(?i:\blorem ipsum\b|\bdolor sit amet\b|\bplaceholder text\b)"
    r"|(?i:\bplatzhaltertext\b|\bblindtext\b|\btexte à venir\b)"
    r"|(?<!\S)\?{3,}(?!\S)"
    r"|\[(?i:insert|add|write|link|(?:(?:first|last|full|your)[ _]?)?name|date|title|text|tbd|todo|placeholder|xx+)\b"
    r"[^\]\n]{0,40}\](?!\()"
    r"|(?i:\b(?:asdf|qwerty)\w*)"
)
# "Everything" in capitals, the thirtieth edition of a festival, and an insurer's name; in English each is a mark.
_ABBREVIATIONS = frozenset({"TK", "XXX"})
_SPANISH = _ABBREVIATIONS | {"TODO"}
_WORDS = {
    "en": frozenset[str](),
    "de": frozenset({"TK"}),
    "es": _SPANISH,
    "pt": _SPANISH,
    "ca": _SPANISH,
    "gl": _SPANISH,
}


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        language = passage.language.partition("-")[0]
        for match in _WAITING.finditer(passage.text):
            if match[0] in _WORDS.get(language, _ABBREVIATIONS):
                continue
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
