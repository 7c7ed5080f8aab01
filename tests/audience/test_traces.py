"""What an erased person leaves in places that nobody thinks of."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.event import listen

from newsletter import pipeline
from newsletter.audience import confirm, erase, tidy, unsubscribe
from newsletter.audience.signup import Choice
from newsletter.config import TrackingSettings, Workspace
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.store import Database, delivery_id, schema, signing_keys, stored
from newsletter.tracking import record_events
from tests import factories as make
from tests.audience.people import NOW, put, states
from tests.audience.test_erasing import content, mail, raw
from tests.databases import open_ready

# A file has neither samples nor two writers at once.
on_a_server = pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
EVERYBODY = "email,name\nanna@example.org,Anna Secret\nbo@example.org,Bo\n"


def test_what_a_server_said_of_a_call_goes_with_those_it_was_for(database: Database, workspace: Workspace) -> None:
    """A batch that was put off, and a mailing that pauses, say why in words that may name a reader."""
    put(database, workspace, EVERYBODY)
    mailing = mail(database, anna="pending", bo="pending")
    with database.writing() as connection:
        for number, said in ((1, "450 4.2.0 <anna@example.org> greylisted"), (2, "451 try later")):
            values = {"first_id": number, "last_id": number, "size": 1, "state": "pending", "detail": said}
            connection.execute(insert(schema.batches).values(mailing_id=mailing, edition=0, **values))
        reason = "the provider refuses one message after the other: 550 <Anna@example.org> and bo@example.org"
        connection.execute(update(schema.mailings).values(reason=reason))
    erase(database, "anna@example.org", now=NOW)
    assert "anna" not in content(database).lower()
    assert "451 try later" in content(database)
    assert "one message after the other: 550 <…> and bo@example.org" in content(database)


def test_messages_leave_the_outbox_although_the_ledger_forgot_whose_they_are(tmp_path: Path) -> None:
    """Retention empties the ledger's rows; the files of the outbox are found by the subscriber."""
    workspace = make.workspace(tmp_path, lists={"monthly": {"title": "Monthly"}}, retention={"deliveries": "1 year"})
    with open_ready(workspace) as database:
        put(database, workspace, EVERYBODY)
        mailing = mail(database, anna="accepted")
        with database.writing() as connection:
            connection.execute(update(schema.mailings).values(state="sent", finished_at=stored(NOW)))
        folder = workspace.state / "outbox" / "2024-07"
        folder.mkdir(parents=True)
        file = folder / f"{delivery_id(mailing, 1, signing_keys(database, now=NOW).newest)}.eml"
        file.write_text("To: anna@example.org")
        later = NOW + dt.timedelta(days=400)
        assert tidy(database, settings=workspace.settings, now=later).deliveries == 1
        assert (pipeline.erase(workspace, database, "anna@example.org", now=later)[1], file.exists()) == (1, False)


@pytest.mark.parametrize("stored_as", ["Mary.Secret@Example.org", "mary.secret@Bücher.example"])
def test_no_spelling_is_left_in_the_files_of_the_database(tmp_path: Path, stored_as: str) -> None:
    """An address is looked for as the reader writes it, however it is written when it is erased."""
    workspace = make.workspace(tmp_path, lists={"monthly": {"title": "Monthly"}})
    with open_ready(workspace) as database:
        rest = "".join(f"reader{number}@example.org,Reader {number}\n" for number in range(3_000))
        put(database, workspace, f"email,name\n{stored_as},Mary\n{rest}")
        for name in ("Mary A. Confidential", "Mary Confidential with a longer name", "Mary"):
            put(database, workspace, f"email,name\n{stored_as},{name}\n")
        (tmp_path / "readers.csv").unlink()
        typed = stored_as.lower().replace("bücher", "xn--bcher-kva")
        erase(database, typed, now=NOW)
        left = raw(workspace).lower()
        assert not [word for word in (b"mary.secret", b"confidential") if word in left]


@on_a_server
def test_a_server_keeps_nobody_in_its_statistics_or_in_dead_rows(database: Database, workspace: Workspace) -> None:
    """What a planner has sampled is sampled anew, and every table of people is cleaned."""
    put(database, workspace, EVERYBODY)
    mail(database, anna="accepted", bo="accepted")
    with database.writing() as connection:
        values = {"kind": "bounced", "happened_at": stored(NOW), "received_at": stored(NOW), "mailing_id": 1}
        values |= {"subscriber_id": 1, "provider": "p", "key": "k", "reason": "Anna Secret has no account"}
        connection.execute(insert(schema.events).values(**values))
        connection.execute(text("ANALYZE"))
    erase(database, "anna@example.org", now=NOW)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        sampled = connection.execute(
            text(
                "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'"
                " AND concat(most_common_vals::text, histogram_bounds::text) ILIKE '%anna%'"
            )
        ).all()
        connection.execute(text("CHECKPOINT"))
        kept = [
            table.name
            for table in schema.metadata.sorted_tables
            if b"anna"
            in bytes(
                connection.scalar(text("SELECT pg_read_binary_file(pg_relation_filepath(:name))"), {"name": table.name})
            ).lower()
        ]
    assert (sampled, kept) == ([], [])


@on_a_server
@pytest.mark.parametrize("first", ["event", "erasing"])
def test_an_event_that_is_recorded_while_its_reader_is_erased_brings_nobody_back(
    database: Database, workspace: Workspace, first: str
) -> None:
    """A hard bounce would write the address down as suppressed; whoever is second sees what the first has done."""
    put(database, workspace, EVERYBODY)
    mailing = mail(database, anna="accepted")
    token = delivery_id(mailing, 1, signing_keys(database, now=NOW).newest)
    told = Event(EventKind.BOUNCED, "k", token, "", NOW, Bounce.HARD, "5.1.1", "550 5.1.1 Anna Secret is unknown")
    jobs = {
        "event": lambda: record_events(database, "main", [told], TrackingSettings(), now=NOW),
        "erasing": lambda: erase(database, "anna@example.org", now=NOW),
    }
    assert one_waits_for_the_other(database, first, jobs)
    assert "anna" not in content(database).lower()


@on_a_server
@pytest.mark.parametrize("first", ["event", "tidying"])
def test_an_event_that_is_recorded_while_its_reader_is_tidied_away_leaves_no_trace(
    database: Database, workspace: Workspace, first: str
) -> None:
    """And what it says against writing to them is what the hash remembers, where it came first."""
    space = make.workspace(
        workspace.root,
        lists={"monthly": {"title": "Monthly"}},
        database=workspace.settings.database,
        retention={"unsubscribed": "1 year"},
    )
    put(database, workspace, EVERYBODY)
    mailing = mail(database, anna="accepted")
    unsubscribe(database, "anna@example.org", source="link", now=NOW)
    later = NOW + dt.timedelta(days=400)
    token = delivery_id(mailing, 1, signing_keys(database, now=NOW).newest)
    told = Event(EventKind.COMPLAINED, "k", token, "", later)
    jobs = {
        "event": lambda: record_events(database, "main", [told], TrackingSettings(), now=later),
        "tidying": lambda: tidy(database, settings=space.settings, now=later),
    }
    assert one_waits_for_the_other(database, first, jobs)
    assert "anna" not in content(database).lower()
    with database.reading() as connection:
        assert connection.scalars(select(schema.events.c.subscriber_id)).all() == [None]
        reason = connection.scalars(select(schema.erasures.c.reason)).one()
        assert reason == ("complaint" if first == "event" else "unsubscribed")


@on_a_server
def test_who_answers_a_letter_while_they_would_be_tidied_away_stays(database: Database, workspace: Workspace) -> None:
    """They left long ago, and are looked at again once their answer is there."""
    space = make.workspace(
        workspace.root,
        lists={"monthly": {"title": "Monthly"}},
        database=workspace.settings.database,
        retention={"unsubscribed": "1 year"},
    )
    put(database, workspace, EVERYBODY)
    unsubscribe(database, "anna@example.org", source="link", now=NOW)
    later = NOW + dt.timedelta(days=400)
    with database.writing() as connection:
        asked = {"kind": "subscribe", "subscriber_id": 1, "choice": Choice(("monthly",)).as_json(), "language": "en"}
        asked |= {"state": "sent", "asked_at": stored(later), "sent_at": stored(later)}
        number = connection.scalar(insert(schema.signups).values(asked).returning(schema.signups.c.id))
        assert number
    jobs = {
        "answer": lambda: confirm(database, number, proof="signup 1", now=later),
        "tidying": lambda: tidy(database, settings=space.settings, now=later),
    }
    assert one_waits_for_the_other(database, "answer", jobs, "UPDATE signups")
    assert states(database)["anna@example.org", "monthly"] == "confirmed"


def one_waits_for_the_other(
    database: Database, first: str, jobs: Mapping[str, Callable[[], object]], words: str = ""
) -> bool:
    """Do two things at once, of which the first has begun to write; return whether the other waits for its end."""
    begun, go_on = threading.Event(), threading.Event()
    words = words or ("INSERT INTO events" if first == "event" else "INSERT INTO erasures")

    def wait(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(words) and not begun.is_set():
            begun.set()
            assert go_on.wait(20)

    listen(database.engine, "before_cursor_execute", wait)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(jobs[first])
        assert begun.wait(20)
        (job,) = (job for name, job in jobs.items() if name != first)
        other = pool.submit(job)
        other_done = wait_for([other], timeout=0.5).done
        go_on.set()
        one.result(20), other.result(20)
    return not other_done
