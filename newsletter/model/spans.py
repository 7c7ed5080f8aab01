"""Which days a person probably meant by a period that is written in another way."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from newsletter.model import meant
from newsletter.model.wording import Wording

_YEAR = r"(?P<year>(?:19|20|21)\d{2})"
_WEEK = re.compile(rf"{_YEAR}-?(?:K?W|CW)-?(?P<week>\d{{1,2}})", re.ASCII | re.IGNORECASE)
_MONTHS = (
    re.compile(rf"{_YEAR}[-/. ]?(?P<month>\d{{1,2}})", re.ASCII),
    re.compile(rf"(?P<month>\d{{1,2}})[-/. ]{_YEAR}", re.ASCII),
)
_QUARTERS = (
    re.compile(rf"{_YEAR}[-/ ]?Q(?P<quarter>[1-4])", re.ASCII | re.IGNORECASE),
    re.compile(rf"Q(?P<quarter>[1-4])[-/ ]?{_YEAR}", re.ASCII | re.IGNORECASE),
)
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)


def probable(text: str) -> str:
    """Return the period that a text means, as it is written, or nothing; 2024-07-01/2024-07-31 are two days."""
    return _week(text) or _months(text) or meant.day(f"1 {text}")[:7] or _days(text)


def written(first: date | str, last: date | str) -> str:
    """Return a period of days as it is written."""
    return Wording(f"{{from: {first}, to: {last}}}", f"from {first} to {last}")


def remedy(period: str) -> str:
    """Return that a period is to be written."""
    return Wording(f"write {period}", f"choose {period.on_page if isinstance(period, Wording) else period}")


def _week(text: str) -> str:
    said = _WEEK.fullmatch(text)
    try:
        monday = date.fromisocalendar(int(said["year"]), int(said["week"]), 1) if said else None
    except ValueError:
        return ""
    return written(monday, monday + timedelta(days=6)) if monday else ""


def _months(text: str) -> str:
    if re.fullmatch(_YEAR, text, re.ASCII):
        return written(date(int(text), 1, 1), date(int(text), 12, 31))
    for form in _MONTHS:
        if (said := form.fullmatch(text)) and 1 <= int(said["month"]) <= 12:
            return f"{said['year']}-{int(said['month']):02d}"
    for form in _QUARTERS:
        if said := form.fullmatch(text):
            year, last = int(said["year"]), 3 * int(said["quarter"])
            return written(date(year, last - 2, 1), date(year, last, calendar.monthrange(year, last)[1]))
    return ""


def _days(text: str) -> str:
    found = [meant.day(day) for day in _DAY.findall(text)]
    if not 1 <= len(found) <= 2 or not all(found) or found != sorted(found):
        return ""
    return written(found[0], found[-1])
