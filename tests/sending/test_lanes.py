"""Lanes on a shared server: a connection that breaks takes the lane with it, and whoever sends in it notices."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from newsletter import sending
from newsletter.errors import StorageError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import Patience, lanes
from newsletter.store import Database
from tests.sending import making as make
from tests.sending import resend_server, test_working
from tests.sending.mail_server import serving
from tests.sending.resend_server import ResendServer
from tests.sending.test_controls import QUICK, meanwhile, resend, start, state
from tests.waiting import until


@pytest.fixture
def database(postgresql_address: str, tmp_path: Path) -> Iterator[Database]:
    """Give a shared database with 100 readers."""
    with make.database(tmp_path, database=postgresql_address) as opened:
        make.subscribe(opened, make.addresses(100))
        yield opened


@pytest.fixture
def server() -> Iterator[ResendServer]:
    """Give a mail API that takes its time, so that calls are under way whatever happens."""
    with serving(resend_server.ResendServer(latency=lambda: 0.7)) as started:
        yield started


def test_a_lane_is_as_much_ours_as_its_connection(database: Database, server: ResendServer) -> None:
    """A new connection in the place of one that broke is no lane; one that is taken again may have another number."""
    mailing = start(database, resend(server))
    with lanes.lane(database, mailing) as first, lanes.lane(database, mailing) as second:
        assert (first.number, second.number, first.is_held()) == (0, 1, True)
        lose_lane(database, 1)
        assert [(first.is_held(), second.is_held()) for _ in range(2)] == [(True, False), (True, False)]
        with lanes.lane(database, mailing) as third:
            second.take_again()
            assert (third.number, second.number, second.is_held()) == (1, 2, True)
        with database.reading() as connection:
            assert lanes.taken(connection, mailing.id) == {0, 2}
    assert not sending.attended(database, mailing)


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read"])
def test_a_lane_keeps_no_server_from_tidying_up(
    postgresql_address: str, tmp_path: Path, server: ResendServer, isolation: str
) -> None:
    """It may be held for days, whatever a server does by itself: what others delete meanwhile is cleared away."""
    with make.database(tmp_path, database=postgresql_address) as opened, opened.writing() as connection:
        name = make_url(postgresql_address).database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_isolation = '{isolation}'"))
    kept = text(
        "SELECT backend_xmin, backend_xid FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid IN (SELECT pid FROM pg_locks WHERE classid = 7305805)"
    )
    with make.database(tmp_path, database=postgresql_address) as database:
        make.subscribe(database, make.addresses(1))
        mailing = start(database, resend(server))
        with lanes.lane(database, mailing) as lane, database.reading() as connection:
            assert connection.execute(kept).all() == [(None, None)]
            assert lane.is_held()
            assert connection.execute(kept).all() == [(None, None)]


def test_who_loses_the_lane_while_sending_takes_it_again(database: Database, server: ResendServer) -> None:
    """Within seconds: until then others take its calls for those of a dead sender."""
    mailing = start(database, resend(server))
    end = meanwhile(lambda: sending.deliver(database, mailing, resend(server), patience=QUICK))
    until(lambda: server.calls)
    lose_lane(database)
    lost_at = time.monotonic()
    until(lambda: sending.attended(database, mailing))
    assert time.monotonic() - lost_at < 4
    assert state(database)[0] is MailingState.SENDING
    assert end() is None
    assert state(database) == (MailingState.SENT, Totals(accepted=100))
    assert set(server.accepted.values()) == {1}


def test_a_second_sender_and_one_that_lost_its_lane_get_everybody_written_to_once(
    postgresql_address: str, tmp_path: Path
) -> None:
    """The second takes the lane that was lost, and what the first has under way."""
    with serving(resend_server.ResendServer(latency=lambda: 0.7)) as server:
        workspace = test_working.space(tmp_path, server.url, postgresql_address)
        with make.database(tmp_path, database=postgresql_address) as database:
            make.subscribe(database, make.addresses(300))
            mailing = test_working.start(workspace, database)
            end = meanwhile(lambda: sending.deliver(database, mailing, sending.provider(workspace), patience=QUICK))
            until(lambda: server.calls)
            lose_lane(database)
            with lanes.lane(database, mailing) as lost:
                assert lost.number == 0
            with test_working.worker(workspace, server) as second:
                assert end() is None
                until(lambda: test_working.ended(database))
                test_working.stop(second)
            assert state(database) == (MailingState.SENT, Totals(accepted=300))
        assert len(server.accepted) == 300
        assert set(server.accepted.values()) == {1}


def test_a_server_that_is_restarted_is_waited_for(database: Database, server: ResendServer) -> None:
    """As long as an answer waits to be written down; nobody has to resume what paused for seconds."""
    mailing = start(database, resend(server))
    told: list[str] = []
    end = meanwhile(lambda: sending.deliver(database, mailing, resend(server), patience=QUICK, tell=told.append))
    until(lambda: server.calls)
    with out_of_reach(database):
        # Longer than a call takes, and than until it is looked whether the lane is held.
        time.sleep(1.5)
    assert end() is None
    assert state(database) == (MailingState.SENT, Totals(accepted=100))
    assert set(server.accepted.values()) == {1}
    assert "going on as soon as it is there again" in " ".join(told)


def test_a_server_that_stays_away_is_told(database: Database, server: ResendServer) -> None:
    """What it had been told by then is there when it comes back, and the mailing goes on from it."""
    mailing = start(database, resend(server))
    brief = Patience(first=0.1, longest=0.1, failures=5, unwritten=0.5)
    end = meanwhile(lambda: sending.deliver(database, mailing, resend(server), patience=brief))
    until(lambda: server.calls)
    with out_of_reach(database):
        error = end()
    assert isinstance(error, StorageError)
    assert sending.deliver(database, mailing, resend(server), patience=QUICK) == Totals(accepted=100)
    assert set(server.accepted.values()) == {1}


def test_a_worker_outlives_its_server(postgresql_address: str, tmp_path: Path) -> None:
    """It is a service: whatever it was at goes on, and it ends in peace when it is asked to, not before."""
    with serving(resend_server.ResendServer(latency=lambda: 0.1)) as server:
        workspace = test_working.space(tmp_path, server.url, postgresql_address)
        with make.database(tmp_path, database=postgresql_address) as database:
            make.subscribe(database, make.addresses(400))
            with test_working.worker(workspace, server) as process:
                with out_of_reach(database):
                    time.sleep(1)
                test_working.start(workspace, database)
                until(lambda: len(server.accepted) > 50)
                with out_of_reach(database):
                    time.sleep(1)
                until(lambda: test_working.ended(database))
                assert test_working.stop(process) == 0
            assert state(database) == (MailingState.SENT, Totals(accepted=400))
        assert set(server.accepted.values()) == {1}


def test_a_worker_that_looks_once_tells_that_the_server_is_away(
    database: Database, server: ResendServer, tmp_path: Path
) -> None:
    """A timer would run it again; what it was to send is still there."""
    address = database.engine.url.render_as_string(hide_password=False)
    workspace = test_working.space(tmp_path, server.url, address)
    with out_of_reach(database), pytest.raises(StorageError, match="was lost"):
        sending.work(workspace, database, once=True)


def lose_lane(database: Database, number: int = 0) -> None:
    """Break the connection that holds a lane."""
    with database.writing() as connection:
        holder = "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        where = "database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = 7305805"
        query = text(f"{holder} AND {where} AND mod(objid::bigint, 8) = :number")
        broken = connection.execute(query, {"number": number})
        assert broken.scalars().all() == [True]


@contextmanager
def out_of_reach(database: Database) -> Iterator[None]:
    """Let nobody be connected to a database, as while its server is restarted."""
    url = make_url(database.engine.url)
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": url.database}
        )
        yield
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
    engine.dispose()
