"""The names of months and of days of the week, as people write them in a dozen languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

_LANGUAGES = ("en", "fr", "es", "de", "it", "nl", "pl", "pt", "ru", "tr", "uk")
_LEADING_WORD = re.compile(r"([^\W\d_]+)\.?,?\s+")
_SHORTEST = 3
"""Letters: `ma` begins two months in most languages."""


def month(name: str) -> int:
    """Return the number of the month that a name is, or begins, in any of the languages; 0 where none or several."""
    begun = _plain(name)
    if len(begun) < _SHORTEST:
        return 0
    numbers = {number for full, number in _names("months") if full.startswith(begun)}
    return numbers.pop() if len(numbers) == 1 else 0


def without_weekday(text: str) -> str:
    """Return a date without the day of the week that it may begin with."""
    word = _LEADING_WORD.match(text)
    if word and any(_plain(word[1]) in {full, full[: len(word[1])]} for full, _ in _names("days")):
        return text[word.end() :]
    return text


def _plain(name: str) -> str:
    # The dotted capital of Turkish is two characters in small letters.
    return name.casefold().replace("i\u0307", "i").strip(".")


@cache
def _names(kind: Literal["months", "days"]) -> tuple[tuple[str, int], ...]:
    from babel import Locale

    found: dict[tuple[str, int], None] = {}
    for language in _LANGUAGES:
        known = getattr(Locale.parse(language), kind)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found |= {(_plain(name), number): None for number, name in known[context][width].items()}
    return tuple(found)
