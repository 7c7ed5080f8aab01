"""Workers: on SQLite a process that looks into the ledger, on PostgreSQL any number that Procrastinate wakes."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from newsletter import sending
from newsletter.config import Workspace
from newsletter.errors import DatabaseAway
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.sending import Patience, Plan, lanes
from newsletter.sending.providers.resend import Resend
from newsletter.sending.run import Run
from newsletter.sending.working import Rhythm
from newsletter.store import Database, open_database
from tests import factories
from tests.databases import open_ready
from tests.forking import Forked, forked
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import API_KEY, ResendServer
from tests.waiting import until

READERS = 800


def space(folder: Path, url: str, address: str) -> Workspace:
    """Return a workspace that sends to a server, unpaced, in small batches."""
    settings: dict[str, Any] = {"database": address} if address else {}
    os.environ["NEWSLETTER_TEST_KEY"] = API_KEY
    provider = {
        "kind": "resend",
        "base_url": url,
        "api_key_env": "NEWSLETTER_TEST_KEY",
        "rate": {"calls": 200, "per": "second"},
    }
    return factories.workspace(folder, providers={"main": provider}, provider="main", **settings)


@pytest.fixture
def server() -> Iterator[ResendServer]:
    """Give a mail API that takes 50 ms."""
    with serving(ResendServer(latency=lambda: 0.05)) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path, server: ResendServer) -> Workspace:
    """A workspace whose database is new."""
    address = request.getfixturevalue("postgresql_address") if request.param == "postgresql" else ""
    return space(tmp_path, server.url, address)


@pytest.fixture
def database(workspace: Workspace) -> Iterator[Database]:
    """Its database, with readers."""
    with open_ready(workspace) as opened:
        make.subscribe(opened, [f"reader{number}@example.org" for number in range(READERS)])
        yield opened


def start(workspace: Workspace, database: Database, plan: Plan = sending.AT_ONCE, **fields: Any) -> Mailing:
    """Start a mailing in batches of ten, and leave it to the workers."""
    provider = sending.provider(workspace)
    assert isinstance(provider, Resend)
    small = replace(provider, capabilities=replace(provider.capabilities, max_recipients=10))
    mailing = make.start(database, small, now=dt.datetime.now(dt.UTC), plan=plan, **fields)
    sending.announce(database, mailing)
    return mailing


@contextmanager
def worker(workspace: Workspace, server: ResendServer) -> Iterator[Forked]:
    """Start a worker in a process of its own."""
    address = "" if workspace.settings.database.startswith("sqlite") else workspace.settings.database
    with forked(child, str(workspace.root), server.url, address) as process:
        assert process.output.readline() == "ready\n"
        yield process


def child(folder: str, url: str, address: str) -> None:
    """Work until somebody ends it; a warning is an error."""
    warnings.simplefilter("error")
    workspace = space(Path(folder), url, address)
    with open_database(workspace) as database:
        print("ready", flush=True)
        rhythm = Rhythm(look=0.1, heartbeat=0.5, dead_after=2)
        sending.work(workspace, database, rhythm=rhythm, tell=lambda _: None)


def ended(database: Database, issue: str = "2024-07") -> bool:
    """Whether a mailing is at its end."""
    return sending.status(database, issue).mailing.state is MailingState.SENT


def stop(process: Forked) -> int:
    """Ask a worker to end, as a service manager does, and return its exit code."""
    process.process.terminate()
    return process.ended(30)


def other_writer(database: Database) -> sqlite3.Connection:
    """Connect to a database as another program does."""
    file = str(database.engine.url.database)
    return sqlite3.connect(file, isolation_level=None, check_same_thread=False)


def hurry(connection: Any, *_: Any) -> None:
    """Wait for 0.3 seconds where others write."""
    connection.execute("PRAGMA busy_timeout = 300")


def test_a_worker_sends_what_was_started_elsewhere(
    workspace: Workspace, database: Database, server: ResendServer
) -> None:
    """And ends when it is asked to look only once."""
    start(workspace, database)
    told: list[str] = []
    sending.work(workspace, database, once=True, tell=told.append)
    assert sending.status(database, "2024-07").totals == Totals(accepted=READERS)
    assert set(server.accepted.values()) == {1}
    assert f"2024-07: sent; {READERS:,} of {READERS:,} accepted" in told


def test_what_the_provider_of_today_cannot_carry_pauses_the_mailing(tmp_path: Path, server: ResendServer) -> None:
    """The settings were changed since it was scheduled; who asks for the status learns why nothing leaves."""
    files = factories.workspace(tmp_path, providers={"main": {"kind": "outbox"}}, provider="main")
    with open_ready(files) as database:
        make.subscribe(database, ["anna@example.org"])
        make.start(database, sending.provider(files), editions=[make.edition(images=(make.image(),))])
        told: list[str] = []
        sending.work(space(tmp_path, server.url, ""), database, once=True, tell=told.append)
        mailing = sending.status(database, "2024-07").mailing
    cannot = "Resend cannot carry the 1 picture inside the message"
    assert told == ["2024-07: sending", f"2024-07: paused: {cannot}"]
    mend = 'let readers\' programs fetch them: set images = "linked" and a public_url in the settings'
    assert mailing.state is MailingState.PAUSED
    assert mailing.reason == f"{cannot}: its batch calls take no attachments; {mend}"


@pytest.mark.parametrize(
    ("once", "then"), [(True, "the next worker goes on with it"), (False, "going on as soon as it can be used again")]
)
def test_a_database_that_others_keep_busy_pauses_nothing(
    once: bool, then: str, tmp_path: Path, server: ResendServer
) -> None:
    """A long import of an hour ago would else have kept the mailing back until somebody looks."""
    workspace = space(tmp_path, server.url, "")
    with open_ready(workspace) as database, closing(other_writer(database)) as other:
        make.subscribe(database, ["anna@example.org"])
        start(workspace, database)
        told: list[str] = []

        def tell(words: str) -> None:
            told.append(words)
            if len(told) == 1:
                other.execute("BEGIN IMMEDIATE")
            if not once and "; 1 of 1 accepted" in words:
                raise KeyboardInterrupt

        asked = 0

        def ask(connection: Any, *_: Any) -> None:
            nonlocal asked
            asked += other.in_transaction
            if asked == 2:
                other.rollback()
            hurry(connection)

        event.listen(database.engine, "checkout", ask)
        # Who asks for a single look, as cron does, is told by the exit code that it was none.
        with pytest.raises(DatabaseAway, match=r" is busy$") if once else nullcontext():
            sending.work(workspace, database, once=once, tell=tell, rhythm=Rhythm(look=0.01))
        if once:
            assert sending.status(database, "2024-07").mailing.state is MailingState.SENDING
            sending.work(workspace, database, once=True, tell=tell)
        assert ended(database)
    busy = (
        f"the database {database.name} is busy: another newsletter command kept it to itself for more than 30 seconds"
    )
    assert told == [
        "2024-07: sending",
        f"2024-07: {busy}; {then}",
        "2024-07: sending",
        "2024-07: sent; 1 of 1 accepted",
    ]


def test_a_mailing_is_told_as_paused_only_where_that_is_written_down(
    tmp_path: Path, server: ResendServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever resumed it would hear that there is nothing to resume."""
    workspace = space(tmp_path, server.url, "")
    with open_ready(workspace) as database, closing(other_writer(database)) as other:
        make.subscribe(database, ["anna@example.org"])
        start(workspace, database)
        monkeypatch.delenv("NEWSLETTER_TEST_KEY")
        event.listen(database.engine, "checkout", hurry)
        told: list[str] = []
        other.execute("BEGIN IMMEDIATE")
        sending.work(workspace, database, once=True, tell=told.append)
        other.rollback()
        sending.work(workspace, database, once=True, tell=told.append)
        assert sending.status(database, "2024-07").mailing.state is MailingState.PAUSED
    lacks = "the environment variable NEWSLETTER_TEST_KEY holds no key for the provider 'main'"
    assert told == [f"2024-07: {lacks}", f"2024-07: paused: {lacks}"]


def test_what_cannot_be_written_down_is_told_once(
    tmp_path: Path, server: ResendServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches a full disk by the worker's log would find a line for each second."""
    workspace = space(tmp_path, server.url, "")
    looks = 0

    def now() -> dt.datetime:
        nonlocal looks
        looks += 1
        if looks > 3:
            raise KeyboardInterrupt
        return dt.datetime.now(dt.UTC)

    with open_ready(workspace) as database, closing(other_writer(database)) as other:
        make.subscribe(database, ["anna@example.org"])
        start(workspace, database)
        monkeypatch.delenv("NEWSLETTER_TEST_KEY")
        event.listen(database.engine, "checkout", hurry)
        told: list[str] = []
        other.execute("BEGIN IMMEDIATE")
        sending.work(workspace, database, rhythm=Rhythm(look=0), tell=told.append, run=Run(now=now))
    lacks = "the environment variable NEWSLETTER_TEST_KEY holds no key for the provider 'main'"
    assert told == [f"2024-07: {lacks}"]


def test_that_somebody_else_sends_is_told_once(tmp_path: Path, server: ResendServer) -> None:
    """A worker looks every second, and a mailing may take hours."""
    workspace = space(tmp_path, server.url, "")
    looks = 0

    def now() -> dt.datetime:
        nonlocal looks
        looks += 1
        if looks > 3:
            raise KeyboardInterrupt
        return dt.datetime.now(dt.UTC)

    with open_ready(workspace) as database:
        make.subscribe(database, ["anna@example.org"])
        mailing = start(workspace, database)
        told: list[str] = []
        with lanes.lane(database, mailing):
            sending.work(workspace, database, rhythm=Rhythm(look=0), tell=told.append, run=Run(now=now))
    assert told == ["2024-07: issue 2024-07 is being sent by another newsletter command"]


def test_a_worker_tells_times_in_the_newsletters_zone(
    workspace: Workspace, database: Database, server: ResendServer
) -> None:
    """Whoever reads `status` thinks in it, wherever the worker runs."""
    start(workspace, database)
    reasons: list[str] = []
    # Looking takes its time, and the provider fails until somebody has seen why nothing goes on.
    server.fault = lambda number: "500 before" if number > 1 and not any(reasons) else None

    def progress(_totals: Totals) -> None:
        reasons.append(sending.status(database, "2024-07").mailing.reason)

    run = Run(patience=Patience(first=0.3, longest=0.3, failures=10_000), pauses=False, progress=progress)
    sending.work(workspace, database, once=True, run=run)
    assert workspace.settings.zone.key != "UTC"
    assert next(filter(None, reasons)).endswith(f" {workspace.settings.zone.key} on")


def test_a_scheduled_mailing_leaves_at_its_moment(
    workspace: Workspace, database: Database, server: ResendServer
) -> None:
    """Whoever started it has gone; a worker is there."""
    begins_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    start(workspace, database, Plan(begins_at=begins_at))
    with worker(workspace, server) as process:
        until(lambda: server.calls)
        assert dt.datetime.now(dt.UTC) >= begins_at
        until(lambda: ended(database))
        stop(process)
    assert set(server.accepted.values()) == {1}


def test_a_worker_that_is_told_to_end_leaves_the_rest_to_the_next(
    workspace: Workspace, database: Database, server: ResendServer
) -> None:
    """Nothing is paused, nobody is left out, nobody gets it twice."""
    start(workspace, database)
    with worker(workspace, server) as first:
        until(lambda: len(server.accepted) > 100)
        stop(first)
    totals = sending.status(database, "2024-07").totals
    assert (totals.candidates, totals.claimed + totals.pending > 0) == (READERS, True)
    assert sending.status(database, "2024-07").mailing.state is MailingState.SENDING
    with worker(workspace, server) as second:
        until(lambda: ended(database))
        stop(second)
    assert len(server.accepted) == READERS
    assert set(server.accepted.values()) == {1}


def test_a_mailing_that_waits_keeps_no_other_waiting(
    workspace: Workspace, database: Database, server: ResendServer
) -> None:
    """Whoever is promised a letter for nine o'clock does not wait for the answers that another one lacks."""
    calls, answered = count(), threading.Event()
    server.latency = lambda: float(next(calls) == 0 and not answered.wait(60))
    make.subscribe(database, ["anna@example.org"], to="weekly")
    start(workspace, database, lists=["weekly"], issue="2024-W27", editions=[make.edition(issue="2024-W27")])
    with worker(workspace, server) as process:
        until(lambda: server.calls)
        start(workspace, database)
        until(lambda: ended(database))
        assert not ended(database, "2024-W27")
        answered.set()
        until(lambda: ended(database, "2024-W27"))
        stop(process)
    assert (len(server.accepted), set(server.accepted.values())) == (READERS + 1, {1})


def test_two_workers_share_a_mailing_and_one_may_die(postgresql_address: str, tmp_path: Path) -> None:
    """The calls that a killed worker had under way are settled by the other, within seconds."""
    with serving(ResendServer(latency=lambda: 0.05)) as server:
        workspace = space(tmp_path, server.url, postgresql_address)
        with open_ready(workspace) as database:
            make.subscribe(database, [f"reader{number}@example.org" for number in range(READERS)])
            start(workspace, database)
            with worker(workspace, server) as first, worker(workspace, server) as second:
                until(lambda: len(server.accepted) > 300)
                first.process.kill()
                until(lambda: ended(database), 90)
                stop(second)
            assert sending.status(database, "2024-07").totals == Totals(accepted=READERS)
        assert len(server.accepted) == READERS
        assert set(server.accepted.values()) == {1}


def test_a_worker_that_is_told_to_end_finishes_its_calls(
    workspace: Workspace, database: Database, server: ResendServer
) -> None:
    """Nothing is left claimed, and being stopped is no failure."""
    server.latency = lambda: 1.0
    start(workspace, database)
    with worker(workspace, server) as process:
        until(lambda: len(server.calls) >= 2)
        code = stop(process)
    totals = sending.status(database, "2024-07").totals
    assert (code, totals.claimed, totals.unknown) == (0, 0, 0)
    assert totals.accepted == len(server.accepted) > 0
