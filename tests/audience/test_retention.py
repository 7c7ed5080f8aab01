"""Forgetting in time."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from newsletter.audience import Tidied, count_lists, retention, show, suppress, tidy, unsubscribe
from newsletter.config import Workspace
from newsletter.model.consent import Suppression
from newsletter.store import Database, schema, stored
from tests import factories as make
from tests.audience.people import NOW, messages, people, put, sign_up, states, subscribe
from tests.audience.test_erasing import mail
from tests.databases import open_ready

KEEP = {"unconfirmed": "30 days", "unsubscribed": "2 years", "deliveries": "6 months"}


def keeping(workspace: Workspace, **keep: str) -> Workspace:
    """Return the workspace with settings of retention."""
    return make.workspace(
        workspace.root,
        lists={name: {"title": each.title} for name, each in workspace.settings.lists.items()},
        database=workspace.settings.database,
        retention=keep,
    )


def ago(days: int) -> dt.datetime:
    """Return a moment so many days before now."""
    return NOW - dt.timedelta(days=days)


def test_nothing_is_removed_where_nothing_is_set(database: Database, workspace: Workspace) -> None:
    """Forgetting is the team's decision."""
    put(database, workspace, "email\na@example.org\n", now=ago(9_000))
    unsubscribe(database, "a@example.org", source="link", now=ago(8_000))
    assert tidy(database, settings=workspace.settings, now=NOW) == Tidied(planned=False)
    assert len(people(database)) == 1


def test_what_is_kept_no_longer_is_removed(database: Database, workspace: Workspace) -> None:
    """A dry run counts the same and removes nothing; a second run finds nothing."""
    space = keeping(workspace, **KEEP)
    put(database, space, "email\nold@example.org\nnew@example.org\nback@example.org\n", now=ago(900))
    unsubscribe(database, "old@example.org", source="link", now=ago(800))
    unsubscribe(database, "back@example.org", ["monthly"], source="link", now=ago(800))
    subscribe(database, "back@example.org", "events", now=ago(800))
    unsubscribe(database, "new@example.org", source="link", now=ago(700))
    sign_up(database, "silent@example.org", "monthly", now=ago(31))
    sign_up(database, "asked@example.org", "monthly", now=ago(29))
    sign_up(database, "new@example.org", "events", now=ago(31))
    mail(database, old="accepted", new="accepted")
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(finished_at=stored(ago(200)), state="sent"))
    planned = tidy(database, settings=space.settings, now=NOW, plan=True)
    assert planned == Tidied(planned=True, unconfirmed=2, unsubscribed=1, deliveries=2)
    assert len(people(database)) == 5
    done = tidy(database, settings=space.settings, now=NOW)
    assert (done.unconfirmed, done.unsubscribed, done.deliveries) == (2, 1, 1)
    assert [address for address, _, _ in people(database)] == [
        "asked@example.org",
        "back@example.org",
        "new@example.org",
    ]
    assert states(database)["new@example.org", "monthly"] == "unsubscribed"
    with database.reading() as connection:
        assert {row.address for row in connection.execute(select(schema.deliveries))} == {""}
    assert tidy(database, settings=space.settings, now=NOW) == Tidied(planned=False)


def test_who_left_long_ago_stays_away(database: Database, workspace: Workspace) -> None:
    """Nothing is held but the hash, and no file brings them back; their own word does."""
    space = keeping(workspace, unsubscribed="1 year")
    put(database, space, "email\na@example.org\nb@example.org\n", now=ago(900))
    unsubscribe(database, "a@example.org", source="link", now=ago(800))
    unsubscribe(database, "b@example.org", source="link", now=ago(800))
    suppress(database, "b@example.org", reason=Suppression.COMPLAINT, source="webhook", now=ago(800))
    tidy(database, settings=space.settings, now=NOW)
    assert people(database) == []
    assert messages(put(database, space, "email\na@example.org\nb@example.org\n")) == [
        "2: blocked: is no longer held, and comes back by their own word alone (unsubscribed)",
        "3: blocked: is no longer held, and comes back by their own word alone (complaint)",
    ]
    subscribe(database, "a@example.org", "monthly")
    assert show(database, "a@example.org")["lists"][0]["consent"] == "confirmed"


def test_the_counts_are_made_anew(database: Database, workspace: Workspace) -> None:
    """Should they ever have gone wrong."""
    put(database, workspace, "email\na@example.org\nb@example.org\n")
    with database.writing() as connection:
        connection.execute(update(schema.list_counts).values(number=7))
    tidy(database, settings=workspace.settings, now=NOW)
    assert count_lists(database, workspace.settings)[0].confirmed == 2


def test_events_and_signups_are_forgotten_too(database: Database, workspace: Workspace) -> None:
    """An event stays and no longer says whose it is; a letter that nobody answered is gone, a recent no is not."""
    space = keeping(workspace, unconfirmed="1 week", events="1 year")
    with database.writing() as connection:
        for key, days in (("old", 400), ("new", 300)):
            connection.execute(
                insert(schema.events).values(
                    provider="main",
                    key=key,
                    mailing_id=1,
                    subscriber_id=1,
                    kind="opened",
                    happened_at=stored(ago(days)),
                    received_at=stored(ago(days)),
                )
            )
        for state, days in (("sent", 8), ("sent", 6), ("declined", 8), ("declined", 40), ("confirmed", 40)):
            connection.execute(
                insert(schema.signups).values(
                    kind="subscribe",
                    address_key="a@example.org",
                    choice={},
                    language="en",
                    state=state,
                    asked_at=stored(ago(days)),
                )
            )
    planned = tidy(database, settings=space.settings, now=NOW, plan=True)
    assert planned == Tidied(planned=True, unconfirmed=2, events=1)
    assert tidy(database, settings=space.settings, now=NOW) == Tidied(planned=False, unconfirmed=2, events=1)
    with database.reading() as connection:
        events = connection.execute(select(schema.events.c.key, schema.events.c.subscriber_id).order_by("key"))
        assert [tuple(row) for row in events] == [("new", 1), ("old", None)]
        states_left = connection.scalars(select(schema.signups.c.state).order_by(schema.signups.c.id))
        assert list(states_left) == ["sent", "declined", "confirmed"]


def old_mail(database: Database, workspace: Workspace) -> Workspace:
    """Record what two people got long ago, of whom one left long ago; return the workspace with its retention."""
    put(database, workspace, "email\na@example.org\nb@example.org\nc@example.org\n", now=ago(900))
    unsubscribe(database, "b@example.org", source="link", now=ago(800))
    mail(database, a="accepted", b="accepted")
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(finished_at=stored(ago(400)), state="sent"))
        for number in (1, 2):
            connection.execute(
                insert(schema.events).values(
                    provider="main",
                    key=f"event {number}",
                    mailing_id=1,
                    subscriber_id=number,
                    kind="delivered",
                    happened_at=stored(ago(400)),
                    received_at=stored(ago(400)),
                )
            )
    return keeping(workspace, **KEEP, events="7 days")


def test_readers_may_leave_while_it_is_tidied(
    database: Database, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its parts nothing is locked, however many years are tidied."""
    space = old_mail(database, workspace)
    monkeypatch.setattr(retention, "_ROWS_AT_ONCE", 1)
    between = []

    def somebody_leaves(_: Database) -> None:
        between.append(unsubscribe(database, "c@example.org", source="link", now=NOW))

    monkeypatch.setattr(Database, "give_way", somebody_leaves)
    done = tidy(database, settings=space.settings, now=NOW)
    assert (done.unsubscribed, done.deliveries, done.events) == (1, 1, 1)
    assert len(between) >= 3


def test_what_was_interrupted_is_gone_on_with(
    database: Database, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part is kept, and the next run does what is left."""
    space = old_mail(database, workspace)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Database, "give_way", interrupt)
        tidy(database, settings=space.settings, now=NOW)
    assert [address for address, _, _ in people(database)] == ["a@example.org", "c@example.org"]
    done = tidy(database, settings=space.settings, now=NOW)
    assert (done.unsubscribed, done.deliveries, done.events) == (0, 1, 1)
    assert tidy(database, settings=space.settings, now=NOW) == Tidied(planned=False)


def interrupt(_: Database) -> None:
    """End as Ctrl-C does."""
    raise KeyboardInterrupt


def test_tidying_needs_no_memory_for_the_whole_file(tmp_path: Path) -> None:
    """A file of many years is larger than the memory of many a machine."""
    workspace = make.workspace(tmp_path, lists={"monthly": {"title": "Monthly"}}, retention={"unsubscribed": "1 year"})
    with open_ready(workspace) as database:
        put(database, workspace, "email\na@example.org\n", now=ago(900))
        unsubscribe(database, "a@example.org", source="link", now=ago(800))
        with database.writing() as connection:
            connection.execute(insert(schema.lists).values(name="x" * 40_000_000, created_at=stored(NOW)))
        tracemalloc.start()
        assert tidy(database, settings=workspace.settings, now=NOW).unsubscribed == 1
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 20_000_000
