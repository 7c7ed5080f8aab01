"""How days are put into words for the team."""

from __future__ import annotations

from datetime import date

import pytest

from newsletter.model.wording import span


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2024, 7, 1), date(2024, 7, 31), "1 July to 31 July 2024"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 to 3 January 2027"),
        (date(2026, 12, 1), date(2026, 12, 1), "1 December 2026"),
    ],
)
def test_days_are_told_with_each_of_their_years(first: date, last: date, told: str) -> None:
    """One year stands at the end of both; a week may begin in another one than it ends."""
    assert span(first, last) == told
