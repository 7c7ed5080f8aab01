"""What the names of issues tell of the calendar: weeks and days, and how long it is from one issue to the next."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_date

from newsletter.model.issue import name_order

# Beyond these years a name means something else.
_YEAR = "(?:19|20|21)[0-9]{2}"
# Behind it there may be what tells one letter from another: 2026-W09-press.
_SERIES = "((?:-.+)?)"
_WEEK = re.compile(rf"({_YEAR})-(K?W)([0-9]{{2}}){_SERIES}")
_NEARLY_A_WEEK = re.compile(r"([0-9]{4})[-_.]?(K?W|CW)[-_.]?([0-9]{1,2})", re.IGNORECASE)
_DAY = re.compile(rf"({_YEAR}-[0-9]{{2}}-[0-9]{{2}}){_SERIES}")
_MONTH = re.compile(rf"{_YEAR}-[0-9]{{2}}{_SERIES}")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})[-_.](?:([0-9]{{1,2}})[-_.])?({_YEAR})")
_WEEKDAYS = 7


def first_day(name: str) -> date | None:
    """Return the Monday of a week, such as 2026-W09 or 2026-KW09, or the day itself of 2026-03-05."""
    try:
        if said := _WEEK.fullmatch(name):
            return date.fromisocalendar(int(said[1]), int(said[3]), 1)
        said = _DAY.fullmatch(name)
        return date.fromisoformat(said[1]) if said else None
    except ValueError:
        return None


def last_day(name: str) -> date | None:
    """Return the last day of which an issue of this name tells: the Sunday of its week, or the eve of its day."""
    first = first_day(name)
    if first is None:
        return None
    return first + timedelta(days=_WEEKDAYS - 1 if _WEEK.fullmatch(name) else -1)


def series(name: str) -> str:
    """Return what stands behind the month, week or day of a name and tells a letter from another, such as `-press`."""
    said = _WEEK.fullmatch(name) or _DAY.fullmatch(name) or _MONTH.fullmatch(name)
    return said[said.re.groups] if said else ""


def dated(name: str) -> str:
    """Return a name without what tells one letter from another: 2026-10 of 2026-10-press."""
    return name.removesuffix(series(name))


def letter(names: Collection[str], behind: str) -> list[str]:
    """Return, in their order, those of the letter that has this behind its dates; all, where it rests for years."""
    ordered = sorted(names, key=name_order)
    ours, newest = [name for name in ordered if series(name) == behind], (ordered or [""])[-1]
    years = [name[:4] for name in (*ours[-1:], newest)]
    rests = all(map(str.isdecimal, years)) and int(years[-1]) - int(years[0]) > 1
    return ours if ours and not rests else ordered


def between(earlier: str, later: str) -> timedelta | None:
    """Return how long it is from one issue of a letter to another, where both name a week, or both a day."""
    if bool(_WEEK.fullmatch(earlier)) != bool(_WEEK.fullmatch(later)) or series(earlier) != series(later):
        return None
    first, second = first_day(earlier), first_day(later)
    return second - first if first and second else None


def following(names: Collection[str]) -> str:
    """Return the name after these: of the next week, or of the day as far off as the last from the one before."""
    *earlier, last = sorted(names, key=name_order)
    first = first_day(last)
    if first is None:
        return ""
    if said := _WEEK.fullmatch(last):
        year, number, _ = (first + timedelta(days=_WEEKDAYS)).isocalendar()
        return week(str(year), str(number), said[2]) + said[4]
    step = between(earlier[-1], last) if earlier else None
    return f"{first + step}{series(last)}" if step else ""


def nearly(name: str) -> str:
    """Return the week that a name seems to mean, where it is written so that it stands in the wrong place."""
    said = _NEARLY_A_WEEK.fullmatch(name)
    if not said or first_day(name):
        return ""
    return week(said[1], said[3], "KW" if said[2].upper() == "KW" else "W")


def turned(name: str) -> str:
    """Return how to write a name that ends with its year, such as 08-2024, which may be a month or a number."""
    said = _YEAR_LAST.fullmatch(name)
    if not said:
        return ""
    first, second, year = (int(part or 0) for part in said.groups())
    if second:
        return f"the year first, then the month and the day, such as {year}-08-01"
    month = f"{year}-{first:02d} for a month, " if 1 <= first <= 12 else ""
    by_week = f"{named} for a week, or " if (named := week(str(year), str(first))) else ""
    return f"{month}{by_week}{year}-no{first} for a number of your own"


def no_such(name: str) -> str:
    """Return in words what a name means that looks like a week or a day and is none of the calendar."""
    if first_day(name):
        return ""
    if said := _NEARLY_A_WEEK.fullmatch(name):
        return f"there is no week {int(said[3])} in {said[1]}"
    said = _DAY.fullmatch(name)
    return f"there is no day {said[1]} in the calendar" if said else ""


def week(year: str, number: str, kind: str = "W") -> str:
    """Return the name of a week, or nothing where a year has none of that number."""
    name = f"{year}-{kind}{int(number):02d}"
    return name if first_day(name) else ""


def renamed(title: str, earlier: str, later: str, locale: Locale | None) -> str:
    """Return a title with the number of its week, or its day in words, moved on from one issue to another."""
    old, new = first_day(earlier), first_day(later)
    if old is None or new is None or between(earlier, later) is None:
        return title
    if not _WEEK.fullmatch(earlier):
        said = format_date(old, "long", locale=locale) if locale else ""
        return title.replace(said, format_date(new, "long", locale=locale)) if said and said in title else title
    (old_year, old_week, _), (new_year, new_week, _) = old.isocalendar(), new.isocalendar()
    moved = _number(title, old_week, new_week)
    return moved if moved == title or old_year == new_year else _number(moved, old_year, new_year)


def _number(title: str, old: int, new: int) -> str:
    """Return a title with a number that stands in it once changed; which of two is meant, a person knows."""
    # W41, KW41 and S41 are weeks; G20 is none, and 52.1 a chapter.
    number = re.compile(rf"(?:(?<![^\W_])|(?<=\b[WSV])|(?<=\bKW))0?{old}(?!\d|[.,]\d)", re.IGNORECASE)
    found = number.findall(title)
    if len(found) != 1:
        return title
    return number.sub(f"{new:02d}" if found[0].startswith("0") else str(new), title)
