"""Days and times as web sites write them for programs: the year first."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

from newsletter.model.moment import read_day

_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)", re.ASCII)


def day(written: str, zone: tzinfo) -> date | None:
    """Return the day in a zone that a text begins with; nothing for a year alone, or one that nobody means."""
    read = _read(written, zone)
    return read.date() if isinstance(read, datetime) else read


def moment(written: str, zone: tzinfo) -> str:
    """Return a moment in a zone as entries write it: `2024-10-08T09:00`, or a day."""
    read = _read(written, zone)
    return f"{read:%Y-%m-%dT%H:%M}" if isinstance(read, datetime) else str(read or "")


def _read(written: str, zone: tzinfo) -> datetime | date | None:
    text = written.strip()
    found = _DAY.match(text)
    try:
        read = read_day(date(*map(int, found.groups()))) if found else None
    except ValueError:
        return None
    if found is None or found.end() == len(text):
        return read
    try:
        at = datetime.fromisoformat(f"{read}{text[found.end() :]}")
        return at.astimezone(zone) if at.tzinfo else at
    except (ValueError, OverflowError):
        return read
