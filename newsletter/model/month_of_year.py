"""A month with its year, as titles and mastheads have it."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_skeleton

from newsletter.model.digits import in_own

# Of a year in Russian and Ukrainian, which CLDR has from documents; nothing is headed so.
_YEAR_SIGN = re.compile(r"\s[гр]\.$")


@lru_cache(maxsize=256)
def month_of_year(day: date, where: Locale) -> str:
    """Return such as July 2024, julio de 2024 or 2024年7月."""
    return in_own(_YEAR_SIGN.sub("", str(format_skeleton("yMMMM", day, locale=where))), where)
