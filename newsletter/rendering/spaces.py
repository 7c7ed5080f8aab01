"""Spaces at which no line may end, as French has them beside its punctuation and Thai before its sign of repetition."""

from __future__ import annotations

import re

# https://www.unicode.org/reports/tr14/ leaves to the writer what a keyboard has no key for.
_AFTER_OPENING = re.compile(r"« (?=\S)")
_BEFORE_SIGN = re.compile(r"(?<=\S) (?=[;:?!»%€](?![^\s)\]}»”’.,;:?!…*_]))")
_WITHIN_TIME = re.compile(r"(?<=\d) h(?: (?=[0-5]\d(?!\d))|(?!\w))")
_AFTER_ABBREVIATION = re.compile(r"(?<!\w)(?:[Nn]°|MM?\.|Mmes?|Mlles?) (?=[^\W_])")
_WITHIN_NUMBER = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_BEFORE_REPETITION = re.compile(r"(?<=\S) (?=ๆ)")
_BEFORE_YEAR = re.compile(r"(?<=[คพ]\.ศ\.) (?=\d)")
_PLACES = {
    "fr": (_AFTER_OPENING, _BEFORE_SIGN, _WITHIN_TIME, _AFTER_ABBREVIATION, _WITHIN_NUMBER),
    "th": (_BEFORE_REPETITION, _BEFORE_YEAR),
}
_NO_BREAK = "\u00a0"


def held(text: str, language: str) -> str:
    """Return a text, in French and Thai with no-break spaces where their rules ask for them: « 18 000 personnes ! »."""
    places = _PLACES.get(language.partition("-")[0])
    # A sample of code would no longer be what it says.
    if places is None or "`" in text:
        return text
    for pattern in places:
        text = pattern.sub(lambda found: found[0].replace(" ", _NO_BREAK), text)
    return text
