"""How the names and titles of issues call a month: by its number, and in the words of a language."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

from newsletter.model.month_of_year import month_of_year

_Context = Literal["format", "stand-alone"]

_CONTEXTS: tuple[_Context, ...] = ("format", "stand-alone")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_MONTH_IN_WORDS = re.compile(r"(?:([0-9]{4})[-_. ]*)?([^\W\d_]{3,})(?:[-_. ]*([0-9]{4}))?")


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def end_of(name: str) -> date | None:
    """Return the last day of the month that a name such as 2024-07 is; nothing for another name."""
    match = _MONTH.fullmatch(name)
    return month_end(int(match[1]), int(match[2])) if match and match[1] != "0000" else None


def in_words(name: str, language: str) -> tuple[str, int] | None:
    """Return the year, where one is given, and the month of a name such as `December` or `décembre 2024`."""
    said = _MONTH_IN_WORDS.fullmatch(name.strip())
    if not said or (said[1] and said[3]):
        return None
    for tongue in dict.fromkeys((language, "en", "fr", "es", "de")):
        for number in range(1, 13):
            known = {label.casefold() for label in labels(f"2024-{number:02d}", tongue)}
            if f"{said[2]} 2024".casefold() in known:
                return said[1] or said[3] or "", number
    return None


def month_label(name: str, language: str) -> str:
    """Return the month that an issue is named by, as titles have it: July 2024, julio de 2024; else nothing."""
    return next(iter(labels(name, language)), "")


def labels(name: str, language: str) -> list[str]:
    """Return the ways in which titles name a month, the best first."""
    day, locale = end_of(name), locale_of(language)
    if not day or not locale:
        return []
    plain = (f"{get_month_names('wide', context, locale)[day.month]} {name[:4]}" for context in _CONTEXTS)
    return [month_of_year(day, locale), *plain]


def locale_of(language: str) -> Locale | None:
    """Return what Babel knows of a language, or nothing."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        # Babel has no names of months for the language; a person writes them in.
        return None
