"""Dates as people write them: a day, or a day with a time, in a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s*(Z|[+-]\d{2}:?\d{2})?")


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


def read_day(value: object) -> date:
    """Return the day that `2024-07-26` names; raise ValueError with a sentence for people."""
    if isinstance(value, datetime):
        raise ValueError("write the day alone, such as 2024-07-26")  # noqa: TRY004
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if not _DAY.fullmatch(text):
        raise ValueError(f"'{text}' is not a date; write year-month-day, such as 2024-07-26")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no day {text} in the calendar") from None


def read_moment(value: object, zone: tzinfo, *, end_of_day: bool = False) -> Moment:
    """Return the moment that `2024-07-31` or `2024-07-31T18:00+02:00` names.

    A time without an offset is local to `zone`. A local time that a clock change skips is refused, one that it repeats
    means the first of the two. Raises ValueError with a sentence for people.
    """
    if isinstance(value, Moment):
        return value
    if isinstance(value, datetime):
        return Moment(_local(value, zone))
    text = str(value).strip()
    if isinstance(value, date) or _DAY.fullmatch(text):
        day = read_day(value)
        return Moment(datetime.combine(day, time(23, 59, 59) if end_of_day else time(), zone), whole_day=True)
    if not _MOMENT.fullmatch(text):
        raise ValueError(
            f"'{text}' is not a date; write 2024-07-26, or with a time 2024-07-26T18:00 or 2024-07-26T18:00+02:00"
        )
    try:
        parsed = datetime.fromisoformat(re.sub(r"\s+(?=[Z+-])", "", text))
    except ValueError:
        raise ValueError(f"there is no such moment as {text}") from None
    return Moment(_local(parsed, zone))


def _local(value: datetime, zone: tzinfo) -> datetime:
    if value.tzinfo is not None:
        return value.astimezone(zone)
    local = value.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != value:
        raise ValueError(f"clocks skip {value:%Y-%m-%d %H:%M} in {zone}; write a time before or after the change")
    return local
