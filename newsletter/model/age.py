"""Lengths of time as people say them: `30 days`, `18 months`, `2 years`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from newsletter.model.meant import Unfit

_AGE = re.compile(r"(\d{1,4})\s*(day|week|month|year)s?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago, by the calendar: a month before 31 March is the end of February."""

    number: int
    unit: str
    """`day`, `week`, `month` or `year`."""

    def before(self, moment: datetime) -> datetime:
        """Return the moment that is so long ago."""
        if self.unit in {"day", "week"}:
            return moment - timedelta(days=self.number * (7 if self.unit == "week" else 1))
        months = moment.year * 12 + moment.month - 1 - self.number * (12 if self.unit == "year" else 1)
        year, month = max(months // 12, 1), months % 12 + 1
        return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"


def read_age(value: object) -> Age:
    """Return the length of time that `2 years` names; raise Unfit with a sentence for people."""
    if isinstance(value, Age):
        return value
    match = _AGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        number = f"{value} days" if isinstance(value, int) and not isinstance(value, bool) and value > 0 else "2 years"
        raise Unfit(
            f"'{value}' is not a length of time; write a number and days, weeks, months or years", fix=f"write {number}"
        )
    return Age(int(match[1]), match[2].lower())


Length = Annotated[Age, BeforeValidator(read_age)]
"""A length of time in a file, such as `18 months`."""
