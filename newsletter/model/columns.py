"""How much room a text takes."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from unicodedata import category, east_asian_width

# Signs that may take no column or two.
UNEVEN = re.compile("[\u00ad\u0300-\u036f\u0483-\u1fff\u200b-\u200f\u20d0-\u20ff\u2e80-\uffff\U00010000-\U0010ffff]")


def columns(text: str) -> int:
    """Return how many columns of a fixed-width font a text takes: East Asian letters two, marks on others none."""
    return sum(map(_columns, text)) if UNEVEN.search(text) else len(text)


def fitting(text: str, most: int) -> int:
    """Return how many of the first characters of a text take at most so many columns."""
    return sum(taken <= most for taken in accumulate(map(_columns, text)))


@lru_cache(maxsize=4096)
def _columns(sign: str) -> int:
    if category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(sign) in {"W", "F"} else 1
