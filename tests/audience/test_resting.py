"""Readers who want nothing just now, and editions for readers' topics."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select, update

from newsletter import sending
from newsletter.audience import recipients
from newsletter.audience.resting import resting
from newsletter.config import Workspace
from newsletter.model.segment import Segment
from newsletter.sending.providers.outbox import Outbox
from newsletter.store import Database, schema, stored
from tests.audience.people import NOW, put
from tests.audience.test_segments import add, mail
from tests.sending import making


def asleep(database: Database, issue: str = "2024-07") -> str:
    """Return the letters of those who rest."""
    with database.reading() as connection:
        found = connection.scalars(
            select(schema.subscribers.c.address).where(resting(NOW, issue=issue)).order_by(schema.subscribers.c.id)
        )
        return "".join(address[0] for address in found)


def test_who_pauses_or_has_had_enough_rests(database: Database) -> None:
    """A pause ends by itself; what was rejected, or is the same issue, does not count towards a frequency."""
    later, before = stored(NOW + dt.timedelta(days=1)), stored(NOW - dt.timedelta(days=1))
    add(
        database,
        {"paused_until": later},
        {"paused_until": before},
        {"frequency": "monthly"},
        {"frequency": "quarterly"},
        {"frequency": "quarterly"},
        {"frequency": "every issue"},
    )
    mail(database, "2024-06", {"c": "accepted", "d": "accepted", "e": "rejected", "f": "accepted"})
    assert asleep(database) == "acd"
    assert asleep(database, "2024-06") == "a"
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(started_at=stored(NOW - dt.timedelta(days=27))))
    assert asleep(database) == "ad"
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(started_at=stored(NOW - dt.timedelta(days=90))))
    assert asleep(database) == "a"


def test_what_is_scheduled_for_somebody_counts_as_theirs(database: Database) -> None:
    """Before the holidays a team schedules several weeks at once; a stopped mailing brings them nothing more."""
    add(database, {"frequency": "monthly"}, {"frequency": "monthly"}, {"frequency": "every issue"})
    mail(database, "2024-06", {"a": "pending", "b": "rejected", "c": "pending"})
    with database.writing() as connection:
        connection.execute(
            update(schema.mailings).values(
                state="scheduled",
                started_at=stored(NOW - dt.timedelta(days=40)),
                begins_at=stored(NOW - dt.timedelta(days=7)),
            )
        )
    assert asleep(database) == "a"
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(state="stopped"))
    assert asleep(database) == ""


def test_what_leaves_long_after_an_issue_keeps_nobody_from_it(database: Database) -> None:
    """A team schedules next month's letter first, and then this month's: who wants one a month gets both."""
    add(database, {"frequency": "monthly"}, {"frequency": "quarterly"})
    mail(database, "2024-08", {"a": "pending", "b": "pending"})
    for days, rest in ((25, "ab"), (27, "b"), (86, "")):
        with database.writing() as connection:
            begins = stored(NOW + dt.timedelta(days=days))
            connection.execute(update(schema.mailings).values(state="scheduled", begins_at=begins))
        assert asleep(database) == rest


def test_how_long_ago_a_letter_is_goes_by_when_it_left(database: Database) -> None:
    """Not by when it was scheduled."""
    add(database, {"frequency": "monthly"})
    mail(database, "2024-06", {"a": "accepted"})
    scheduled = {"started_at": stored(NOW - dt.timedelta(days=40))}
    for days, rests in ((7, "a"), (27, "")):
        with database.writing() as connection:
            left = stored(NOW - dt.timedelta(days=days))
            connection.execute(update(schema.mailings).values(**scheduled, begins_at=left))
        assert asleep(database) == rests


def test_a_mailing_goes_to_whom_the_segment_means(database: Database, workspace: Workspace) -> None:
    """In the edition for their topics, whatever letters these have; who rests or is not meant gets nothing."""
    put(
        database,
        workspace,
        "email,language,topics,paused_until\n"
        "a@example.org,de,Über Grenzen; Asyl,\n"
        "b@example.org,de,,\n"
        "c@example.org,en,,\n"
        "d@example.org,de,,2030-01-01\n",
    )
    where = recipients(
        Segment.model_validate("language=de"), lists=["monthly"], settings=workspace.settings, now=NOW, issue="2024-07"
    )
    options: dict[str, Any] = {"issue": "2024-07", "lists": ["monthly"]}
    editions = [making.edition(), making.edition(topics=("asyl", "über grenzen"))]
    plan = sending.Plan(where=where)
    foreseen = sending.foresee(database, editions=editions, plan=plan, **options)
    assert (foreseen.totals.pending, foreseen.by_edition) == (2, (1, 1))
    outbox = Outbox("outbox", workspace.state / "outbox")
    sending.start(
        database,
        editions=editions,
        envelope=making.ENVELOPE,
        provider=outbox,
        expect=2,
        now=NOW,
        plan=plan,
        **options,
    )
    with database.reading() as connection:
        rows = connection.execute(select(schema.deliveries.c.address, schema.deliveries.c.edition))
        assert sorted(map(tuple, rows)) == [("a@example.org", 1), ("b@example.org", 0)]
