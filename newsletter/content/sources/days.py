"""Days and times as web sites write them for programs: the year first."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime

from newsletter.model.moment import read_day

# As calendars write it, and mail (RFC 5322).
_CALENDAR = re.compile(r"\d{8}T\d{4}(?:\d\d)?Z?", re.ASCII)
_CALENDAR_DAY = re.compile(r"\d{8}", re.ASCII)
_MAIL = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d.*", re.ASCII)
_MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d[T ]00:00(?::00(?:\.0+)?)? ?(?:Z|\+00:?00)", re.ASCII)
_MIDNIGHT_OF_MAIL = re.compile(r".* 00:00(?::00)? (?:GMT|UTC?|Z|[+-]0000)", re.ASCII)
_NIGHT = frozenset({"T00", "T01", "T02", "T03", "T04", "T05"})
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)", re.ASCII)


def day(written: str, zone: tzinfo) -> date | None:
    """Return the day in a zone that a text begins with; nothing for a year alone, or one that nobody means."""
    read = _read(written, zone_of(written, zone))
    return read.date() if isinstance(read, datetime) else read


def zone_of(written: str, zone: tzinfo) -> tzinfo:
    """Return in which zone the day of a moment is meant.

    Static sites write a day alone as its midnight in UTC, which west of Greenwich is an evening of the day before.
    """
    text = written.strip()
    return UTC if _MIDNIGHT.fullmatch(text) or _MIDNIGHT_OF_MAIL.fullmatch(text) else zone


def moment(written: str, zone: tzinfo) -> str:
    """Return a moment in a zone as entries write it: `2024-10-08T09:00`, or a day."""
    read = _read(written, zone)
    return f"{read:%Y-%m-%dT%H:%M}" if isinstance(read, datetime) else str(read or "")


def span(start: str, end: str, zone: tzinfo) -> tuple[str, str]:
    """Return when an event begins and ends, as entries write it; a day alone where all of it is meant."""
    first, last = moment(start, zone), moment(end, zone)
    # Whole days, as calendars write them, and as TYPO3 does: in UTC, though nothing begins at one o'clock at night, or
    # lasts until the hour at which it began.
    if (end or first[10:13] in _NIGHT) and all(_MIDNIGHT.fullmatch(text.strip()) for text in (start, end) if text):
        return start.strip()[:10], end.strip()[:10]
    if first.endswith("T00:00") and last[10:] in {"", "T00:00", "T23:59"}:
        return first[:10], last[:10]
    return first, last


def _read(written: str, zone: tzinfo) -> datetime | date | None:
    text = written.strip()
    found = _DAY.match(text)
    try:
        read = read_day(date(*map(int, found.groups()))) if found else None
    except ValueError:
        return None
    if found is None:
        return _otherwise(text, zone)
    if found.end() == len(text):
        return read
    try:
        at = datetime.fromisoformat(f"{read}{text[found.end() :]}")
        return at.astimezone(zone) if at.tzinfo else at
    except (ValueError, OverflowError):
        return read


def _otherwise(text: str, zone: tzinfo) -> datetime | date | None:
    try:
        if _CALENDAR_DAY.fullmatch(text):
            return read_day(date.fromisoformat(text))
        if _CALENDAR.fullmatch(text):
            at = datetime.fromisoformat(text)
        elif _MAIL.fullmatch(text):
            at = parsedate_to_datetime(text)
        else:
            return None
        return (at.astimezone(zone) if at.tzinfo else at) if read_day(at.date()) else None
    except (ValueError, OverflowError):
        return None
