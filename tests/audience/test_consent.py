"""What one person has said about the lists."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from newsletter.audience import show, subscribe, suppress, unsubscribe, unsubscribe_by_id
from newsletter.config import Workspace
from newsletter.errors import AudienceError, NotFound, Refused
from newsletter.model.consent import Consent, Suppression
from newsletter.store import Database
from tests.audience.people import NOW, people, put, states

LATER = NOW + dt.timedelta(days=1)


def consents(database: Database, address: str = "a@example.org") -> list[tuple[str, str, str, str]]:
    """Return list, state, source and time of each word of a person."""
    return [
        (word["list"], word["consent"], word["source"], word["changed_at"]) for word in show(database, address)["lists"]
    ]


def join(
    database: Database,
    workspace: Workspace,
    *lists: str,
    state: Consent = Consent.CONFIRMED,
    now: dt.datetime = NOW,
    source: str = "form",
) -> None:
    """Subscribe a@example.org."""
    subscribe(database, "a@example.org", lists, settings=workspace.settings, source=source, now=now, state=state)


def test_a_word_is_kept_with_its_time_and_source(database: Database, workspace: Workspace) -> None:
    """Saying the same again keeps the first."""
    join(database, workspace, "monthly", "events")
    join(database, workspace, "monthly", now=LATER, source="again")
    assert consents(database) == [
        ("events", "confirmed", "form", "2024-07-28T09:00:00+00:00"),
        ("monthly", "confirmed", "form", "2024-07-28T09:00:00+00:00"),
    ]


def test_asking_again_takes_nothing_away(database: Database, workspace: Workspace) -> None:
    """Who has confirmed stays confirmed; who was asked may confirm."""
    join(database, workspace, "monthly", state=Consent.PENDING)
    join(database, workspace, "monthly", now=LATER)
    join(database, workspace, "monthly", state=Consent.PENDING, now=LATER + dt.timedelta(days=1))
    assert consents(database) == [("monthly", "confirmed", "form", "2024-07-29T09:00:00+00:00")]


def test_a_persons_own_word_brings_them_back(database: Database, workspace: Workspace) -> None:
    """What no import may do, the reader may."""
    join(database, workspace, "monthly")
    unsubscribe(database, "a@example.org", source="link", now=LATER)
    join(database, workspace, "monthly", now=LATER + dt.timedelta(days=1), source="form again")
    assert consents(database) == [("monthly", "confirmed", "form again", "2024-07-30T09:00:00+00:00")]


def test_an_address_that_must_not_be_written_to_cannot_subscribe(database: Database, workspace: Workspace) -> None:
    """Nothing about the person is kept either."""
    suppress(database, "A@example.org", reason=Suppression.COMPLAINT, source="test", now=NOW)
    with pytest.raises(Refused) as caught:
        join(database, workspace, "monthly")
    assert caught.value.message == "'a@example.org' must not be written to"
    assert caught.value.why == "the address is suppressed (complaint)"
    assert people(database) == []


def test_unsubscribing_from_some_lists(database: Database, workspace: Workspace) -> None:
    """The lists that were left by it are returned, each once; leaving again changes nothing."""
    join(database, workspace, "monthly", "events")
    assert unsubscribe(database, "A@EXAMPLE.org", ["monthly"], source="link", now=LATER) == ("monthly",)
    assert unsubscribe(database, "a@example.org", ["monthly"], source="again", now=LATER) == ()
    assert consents(database) == [
        ("events", "confirmed", "form", "2024-07-28T09:00:00+00:00"),
        ("monthly", "unsubscribed", "link", "2024-07-29T09:00:00+00:00"),
    ]


def test_unsubscribing_from_all_lists(database: Database, workspace: Workspace) -> None:
    """Pending words end, too."""
    join(database, workspace, "monthly")
    join(database, workspace, "events", state=Consent.PENDING)
    assert unsubscribe(database, "a@example.org", source="by phone", now=LATER) == ("events", "monthly")
    assert set(states(database).values()) == {"unsubscribed"}
    assert unsubscribe(database, "a@example.org", source="by phone", now=LATER) == ()


def test_unsubscribing_from_a_list_that_one_was_never_on_is_remembered(
    database: Database, workspace: Workspace
) -> None:
    """The file that would put them there comes later."""
    put(database, workspace, "email\nb@example.org\n")
    join(database, workspace, "events")
    assert unsubscribe(database, "a@example.org", ["monthly"], source="by mail", now=NOW) == ()
    assert put(database, workspace, "email\na@example.org\n").blocked == 1


def test_a_readers_link_unsubscribes_by_number(database: Database, workspace: Workspace) -> None:
    """A link carries no address; one of somebody who is gone does nothing."""
    join(database, workspace, "monthly")
    with database.reading() as connection:
        number = connection.execute(text("SELECT id FROM subscribers")).scalar_one()
    assert unsubscribe_by_id(database, number, ["monthly"], source="link", now=NOW) == ("monthly",)
    assert unsubscribe_by_id(database, number + 1, ["monthly"], source="link", now=NOW) == ()
    assert states(database) == {("a@example.org", "monthly"): "unsubscribed"}


def test_unsubscribing_somebody_unknown_is_told(database: Database, workspace: Workspace) -> None:
    """Silence would leave the team believing that it was done."""
    with pytest.raises(NotFound, match=r"^nobody here has the address 'a@example\.org'$"):
        unsubscribe(database, "a@example.org", source="test", now=NOW)
    with pytest.raises(AudienceError, match="is not an address"):
        unsubscribe(database, "a", source="test", now=NOW)
    join(database, workspace, "monthly")
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
