"""Why an entry is out, as the team's pages say it."""

from __future__ import annotations

import pytest

from newsletter.model.selection import Left, Out
from newsletter.preview import reasons


@pytest.mark.parametrize(
    ("reason", "detail", "told"),
    [
        (Out.DROPPED, "told last month", "dropped by the team: told last month"),
        (Out.DROPPED, "", "dropped by the team"),
        (Out.DRAFT, "its status is draft", "still a draft"),
        (Out.NO_SECTION, "no section takes this call", "no section takes this call"),
        (Out.OVER_LIMIT, "the section News is full", "the section News is full"),
    ],
)
def test_nothing_is_said_twice(reason: Out, detail: str, told: str) -> None:
    """The reason comes before its detail, unless one of them says all of it."""
    assert reasons.out(Left("a", "news", None, reason, detail)) == told
