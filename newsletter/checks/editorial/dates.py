"""Dates as people write them in running text, in English, French, German, Spanish and Italian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
_DAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
}
MONTH_NUMBERS = {name: number for names in _MONTHS.values() for number, name in enumerate(names.split(), 1)}
MONTH_NUMBERS |= {
    name[:3]: number for number, name in enumerate(_MONTHS["en"].split(), 1) if name not in {"march", "may"}
} | {"mar": 3, "sept": 9, "jänner": 1}
_DAY_NUMBERS = {name: number for names in _DAYS.values() for number, name in enumerate(names.split())}
# English alone: "do", "so", "mar" and "sab" are words, too.
_SHORT_DAYS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}
_MONTH = "|".join(sorted(map(re.escape, MONTH_NUMBERS), key=len, reverse=True))
_DAY = "|".join(map(re.escape, (*_DAY_NUMBERS, *_SHORT_DAYS)))
_DAY_NUMBERS |= _SHORT_DAYS
_DATE = re.compile(
    rf"(?:\b(?P<weekday>{_DAY})\.?,?\s+(?:(?:the|le|den|dem|el)\s+)?)?"
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|°|º)?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b\.?"
    rf"(?:,?\s+(?:de\s+)?(?P<year>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>(?:19|20)\d\d)\b)?"
    r"|\b(?P<day3>\d{1,2})\.\s?(?P<month3>0?[1-9]|1[0-2])\.\s?(?P<year3>(?:19|20)\d\d)\b"
    r"|\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A date in a text, from character `start` up to `end`; without a year where none is written."""

    start: int
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None
    """0 is Monday."""

    def on(self, year: int) -> date | None:
        """Return the day, in `year` where none is written; nothing where the calendar has no such day."""
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None

    def around(self, day: date) -> list[date]:
        """Return the day, or where no year is written that of the years around `day`, the nearest first."""
        years = [self.year] if self.year else [day.year - 1, day.year, day.year + 1]
        return sorted(filter(None, map(self.on, years)), key=lambda one: abs(one - day))


@lru_cache(maxsize=4096)
def dates_of(text: str) -> tuple[Written, ...]:
    """Return the dates in a text."""
    return tuple(_dates(text)) if any(letter.isdigit() for letter in text) else ()


def _dates(text: str) -> Iterator[Written]:
    for match in _DATE.finditer(text):
        weekday = _DAY_NUMBERS[match["weekday"].casefold()] if match["weekday"] else None
        if match["iso"]:
            year, month, day = map(int, match["iso"].split("-"))
        elif match["day3"]:
            day, month, year = (int(match[name]) for name in ("day3", "month3", "year3"))
        else:
            day = int(match["day"] or match["day2"])
            month = MONTH_NUMBERS[(match["month"] or match["month2"]).casefold()]
            year = int(match["year"] or match["year2"] or 0)
        yield Written(match.start(), match.end(), day, month, year or None, weekday)
