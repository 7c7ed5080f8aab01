"""What one person has said about the lists."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from newsletter.audience import show, suppress, unsubscribe, unsubscribe_by_id
from newsletter.config import Workspace
from newsletter.errors import AudienceError, NotFound
from newsletter.model.consent import Suppression
from newsletter.store import Database
from tests.audience.people import NOW, put, sign_up, states, subscribe

LATER = NOW + dt.timedelta(days=1)


def consents(database: Database, address: str = "a@example.org") -> list[tuple[str, str, str, str]]:
    """Return list, state, source and time of each word of a person."""
    return [
        (word["list"], word["consent"], word["source"], word["changed_at"]) for word in show(database, address)["lists"]
    ]


def test_a_word_is_kept_with_its_time_and_source(database: Database) -> None:
    """Saying the same again keeps the first."""
    subscribe(database, "a@example.org", "monthly", "events")
    subscribe(database, "a@example.org", "monthly", now=LATER)
    assert consents(database) == [
        ("events", "confirmed", "form", "2024-07-28T09:00:00+00:00"),
        ("monthly", "confirmed", "form", "2024-07-28T09:00:00+00:00"),
    ]


def test_a_persons_own_word_brings_them_back(database: Database) -> None:
    """What no import may do, the reader may."""
    subscribe(database, "a@example.org", "monthly")
    unsubscribe(database, "a@example.org", source="link", now=LATER)
    subscribe(database, "a@example.org", "monthly", now=LATER + dt.timedelta(days=1))
    assert consents(database) == [("monthly", "confirmed", "form", "2024-07-30T09:00:00+00:00")]


def test_unsubscribing_from_some_lists(database: Database) -> None:
    """The lists that were left by it are returned, each once; leaving again changes nothing."""
    subscribe(database, "a@example.org", "monthly", "events")
    assert unsubscribe(database, "A@EXAMPLE.org", ["monthly"], source="link", now=LATER) == ("monthly",)
    assert unsubscribe(database, "a@example.org", ["monthly"], source="again", now=LATER) == ()
    assert consents(database) == [
        ("events", "confirmed", "form", "2024-07-28T09:00:00+00:00"),
        ("monthly", "unsubscribed", "link", "2024-07-29T09:00:00+00:00"),
    ]


def test_unsubscribing_from_all_lists(database: Database) -> None:
    """Pending words end, too."""
    subscribe(database, "a@example.org", "monthly")
    assert sign_up(database, "a@example.org", "events")
    assert unsubscribe(database, "a@example.org", source="by phone", now=LATER) == ("events", "monthly")
    assert set(states(database).values()) == {"unsubscribed"}
    assert unsubscribe(database, "a@example.org", source="by phone", now=LATER) == ()


def test_unsubscribing_from_a_list_that_one_was_never_on_is_remembered(
    database: Database, workspace: Workspace
) -> None:
    """The file that would put them there comes later."""
    put(database, workspace, "email\nb@example.org\n")
    subscribe(database, "a@example.org", "events")
    assert unsubscribe(database, "a@example.org", ["monthly"], source="by mail", now=NOW) == ()
    assert put(database, workspace, "email\na@example.org\n").blocked == 1


def test_a_readers_link_unsubscribes_by_number(database: Database) -> None:
    """A link carries no address; one of somebody who is gone does nothing."""
    subscribe(database, "a@example.org", "monthly")
    with database.reading() as connection:
        number = connection.execute(text("SELECT id FROM subscribers")).scalar_one()
    assert unsubscribe_by_id(database, number, ["monthly"], source="link", now=NOW) == ("monthly",)
    assert unsubscribe_by_id(database, number + 1, ["monthly"], source="link", now=NOW) == ()
    assert states(database) == {("a@example.org", "monthly"): "unsubscribed"}


def test_unsubscribing_somebody_unknown_is_told(database: Database) -> None:
    """Silence would leave the team believing that it was done."""
    with pytest.raises(NotFound, match=r"^nobody here has the address 'a@example\.org'$"):
        unsubscribe(database, "a@example.org", source="test", now=NOW)
    with pytest.raises(AudienceError, match="is not an address"):
        unsubscribe(database, "a", source="test", now=NOW)
    subscribe(database, "a@example.org", "monthly")
    with pytest.raises(NotFound, match=r"^nobody was ever on a list called 'weekly'$"):
        unsubscribe(database, "a@example.org", ["monthly", "weekly"], source="test", now=NOW)
    assert states(database) == {("a@example.org", "monthly"): "confirmed"}


def test_the_first_reason_of_a_suppression_is_kept(database: Database) -> None:
    """Later ones say that it was there."""
    assert suppress(database, "a@example.org", reason=Suppression.BOUNCE, source="first", now=NOW)
    assert not suppress(database, "A@example.org", reason=Suppression.BY_HAND, source="second", now=LATER)
    assert show(database, "a@example.org")["suppression"] == {
        "reason": "bounce",
        "source": "first",
        "created_at": "2024-07-28T09:00:00+00:00",
    }
