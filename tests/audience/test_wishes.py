"""What somebody prefers, changed for them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newsletter.audience import Wishes, erase, prefer, show
from newsletter.errors import AudienceError, NotFound
from newsletter.store import Database
from tests.audience.people import NOW, subscribe

ZONE = ZoneInfo("Europe/Vienna")


def wish(database: Database, address: str = "anna@example.org", **wishes: object) -> tuple[str, ...]:
    """Change what somebody prefers."""
    return prefer(database, address, Wishes(**wishes), source="test", zone=ZONE, now=NOW)  # type: ignore[arg-type]


def held(database: Database) -> tuple[object, ...]:
    """Return what Anna prefers."""
    found = show(database, "anna@example.org")
    return found["language"], found["topics"], found["frequency"], found["paused_until"]


def test_only_what_is_asked_for_changes(database: Database) -> None:
    """Each by itself; what they have already is no change, and lists are not touched."""
    subscribe(database, "anna@example.org", "monthly")
    lists = show(database, "anna@example.org")["lists"]
    assert wish(database, " Anna@Example.org ", language="de_AT") == ("language",)
    assert held(database) == ("de-AT", None, "every issue", None)
    assert wish(database, topics=("Work", "borders"), frequency="quarterly") == ("topics", "how often")
    assert wish(database, pause="2099-01-15") == ("pause",)
    assert held(database) == ("de-AT", ["borders", "work"], "quarterly", "2099-01-14T23:00:00+00:00")
    assert wish(database, language="de-AT", topics=("borders", "work"), pause="2099-01-15") == ()
    assert wish(database, language="", topics=(), pause="") == ("language", "topics", "pause")
    assert held(database) == ("", None, "quarterly", None)
    assert show(database, "anna@example.org")["lists"] == lists


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"language": "klingon language"}, "is not a language"),
        ({"frequency": "daily"}, "it is every issue, monthly, quarterly"),
        ({"pause": "soon"}, "is not a date"),
        ({"pause": "2024-07-01"}, "a pause until 2024-07-01 is over already"),
    ],
)
def test_what_cannot_be_used_changes_nothing(database: Database, wishes: dict[str, Any], told: str) -> None:
    """Nor what is asked for besides."""
    subscribe(database, "anna@example.org", "monthly")
    with pytest.raises(AudienceError, match=told):
        wish(database, **{"language": "de", "topics": ("work",), **wishes})
    assert held(database) == ("", None, "every issue", None)


def test_of_whom_nothing_is_held_nothing_is_made(database: Database) -> None:
    """Nor of somebody who was erased."""
    subscribe(database, "anna@example.org", "monthly")
    erase(database, "anna@example.org", now=NOW + dt.timedelta(days=1))
    for address in ("anna@example.org", "nobody@example.org"):
        with pytest.raises(NotFound, match="nobody here has the address"):
            wish(database, address, language="de")
