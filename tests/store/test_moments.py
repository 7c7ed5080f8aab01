"""Times as the database keeps them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from newsletter.store import aware, stored


def test_a_moment_is_stored_in_utc() -> None:
    """Nine o'clock in Vienna in July is seven in UTC, and comes back with its zone."""
    moment = dt.datetime(2024, 7, 28, 9, 0, tzinfo=ZoneInfo("Europe/Vienna"))
    assert stored(moment) == dt.datetime(2024, 7, 28, 7, 0)
    assert aware(stored(moment)) == moment


def test_a_moment_without_a_zone_is_refused() -> None:
    """A clock time alone could be any of two dozen moments."""
    with pytest.raises(ValueError, match="2024-07-28T09:00:00 has no time zone"):
        stored(dt.datetime(2024, 7, 28, 9, 0))
