"""Spaces of the team's texts at which no line may end, as French has them beside its punctuation."""

from __future__ import annotations

import re

# https://www.unicode.org/reports/tr14/ leaves to the writer what a keyboard has no key for.
_AFTER_OPENING = re.compile(r"« (?=\S)")
_BEFORE_SIGN = re.compile(r"(?<=\S) (?=[;:?!»%€](?![^\s)\]}»”’.,;:?!…*_]))")
_WITHIN_NUMBER = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_NO_BREAK = "\u00a0"


def held(text: str, language: str) -> str:
    """Return a text, in French with no-break spaces where its rules ask for them: « 18 000 personnes ! »."""
    # A sample of code would no longer be what it says.
    if language.partition("-")[0] != "fr" or "`" in text:
        return text
    for pattern in (_AFTER_OPENING, _BEFORE_SIGN, _WITHIN_NUMBER):
        text = pattern.sub(lambda found: found[0].replace(" ", _NO_BREAK), text)
    return text
