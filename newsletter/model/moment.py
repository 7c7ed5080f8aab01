"""Dates as people write them: a day, or a day with a time, in a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from newsletter.model import meant
from newsletter.model.meant import Unfit

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_MIDNIGHT = re.compile(r"([\d-]+)[T ]24:00(?::00(?:\.0+)?)?\s*((?:[Z+-].*)?)", re.ASCII)
_MARKS = "\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
# Beyond them a year is a slip of the keys, and arithmetic with time zones can overflow.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
# In Cairo and Beirut clocks are set back at midnight: an hour comes twice, and the day ends with the second.
_LAST_SECOND = time(23, 59, 59, fold=1)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant in the newsletter's zone, that remembers whether only a day was written.

    `at` is always aware. For a day alone it is that day's first instant, or its last second where the field
    means "until the end of that day", as a deadline does.
    """

    at: datetime
    whole_day: bool = False

    @property
    def day(self) -> date:
        """The calendar day in the newsletter's zone."""
        return self.at.date()

    def __str__(self) -> str:
        return self.day.isoformat() if self.whole_day else self.at.isoformat(timespec="minutes")

    @property
    def last(self) -> datetime:
        """The last second of the day where only that was written, or else the instant itself."""
        return datetime.combine(self.day, _LAST_SECOND, self.at.tzinfo) if self.whole_day else self.at

    @property
    def told(self) -> str:
        """The day, and the time by the newsletter's clocks where one was written."""
        return in_words(str(self))


def in_words(moment: str) -> str:
    """Return `2024-07-31, 18:00` for `2024-07-31T18:00+02:00`, and any other text as it is."""
    found = _WRITTEN.fullmatch(moment)
    return f"{found[1]}, {found[2]}" if found else moment


def read_day(value: object) -> date:
    """Return the day that `2024-07-26` names; raise ValueError with a sentence for people."""
    if isinstance(value, datetime):
        raise ValueError("write the day alone, such as 2024-07-26")  # noqa: TRY004
    if isinstance(value, date):
        day = value
    else:
        text = _written(value)
        if not _DAY.fullmatch(text):
            raise Unfit(f"'{text}' is not a date; write year-month-day, such as 2024-07-26", fix=_instead(text))
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Unfit(f"there is no day {text} in the calendar", fix="look the day up in a calendar") from None
    _check_year(day)
    return day


def read_moment(value: object, zone: tzinfo, *, end_of_day: bool = False, recorded: bool = False) -> Moment:
    """Return the moment that `2024-07-31` or `2024-07-31T18:00+02:00` names.

    A time without an offset is local to `zone`. A local time that a clock change skips is refused, or taken for the one
    after the change where a program has `recorded` it; one that it repeats means the first of the two. Raises
    ValueError with a sentence for people.
    """
    if isinstance(value, Moment):
        return value
    if isinstance(value, datetime):
        return Moment(_local(value, zone, recorded=recorded))
    text = value.isoformat() if isinstance(value, date) else _written(value)
    if _DAY.fullmatch(text):
        day = read_day(value)
        return Moment(datetime.combine(day, _LAST_SECOND if end_of_day else time(), zone), whole_day=True)
    if not _MOMENT.fullmatch(text):
        raise Unfit(
            f"'{text}' is not a date; write 2024-07-26, or with a time 2024-07-26T18:00 or 2024-07-26T18:00+02:00",
            fix=_instead(text),
        )
    if midnight := _MIDNIGHT.fullmatch(text):
        # Newer versions of Python take it for the next day, on which a call would still be open.
        raise Unfit(f"there is no such moment as {text}", fix=f"write {midnight[1]}T23:59{midnight[2]}")
    try:
        parsed = datetime.fromisoformat(re.sub(r"\s+(?=[Z+-])", "", text))
    except ValueError:
        raise ValueError(f"there is no such moment as {text}") from None
    _check_year(parsed)
    return Moment(_local(parsed, zone, recorded=recorded))


def _written(value: object) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise Unfit("is not a date; write year-month-day, such as 2024-07-26")


def _check_year(value: date) -> None:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise Unfit(
            f"the year {value.year:04d} is too far away to be meant", fix="check the year for a slip of the keys"
        )


def _instead(text: str) -> str:
    probably = meant.day(text.strip(_MARKS))
    return f"write {probably}" if probably else ""


def _local(value: datetime, zone: tzinfo, *, recorded: bool) -> datetime:
    if value.tzinfo is not None:
        return value.astimezone(zone)
    local = value.replace(tzinfo=zone)
    shown = local.astimezone(UTC).astimezone(zone)
    if shown.replace(tzinfo=None) != value:
        if recorded:
            return shown
        raise ValueError(f"clocks skip {value:%Y-%m-%d %H:%M} in {zone}; write a time before or after the change")
    return local
