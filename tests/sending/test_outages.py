"""A worker whose server goes away."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from newsletter import sending
from newsletter.sending.outages import Server
from newsletter.sending.working import Rhythm
from newsletter.store import open_database
from tests.forking import forked
from tests.sending import making as make
from tests.sending.test_lanes import out_of_reach
from tests.sending.test_working import space, stop


def child(folder: str, address: str) -> None:
    """Work until somebody ends it, and say what is told."""
    workspace = space(Path(folder), "http://127.0.0.1:1", address)
    with open_database(workspace) as database:
        rhythm = Rhythm(look=0.1, heartbeat=0.5, dead_after=2)
        print("ready", flush=True)
        sending.work(workspace, database, rhythm=rhythm, tell=lambda words: print(words, flush=True))


def test_a_worker_tells_in_two_sentences_that_its_server_was_away(postgresql_address: str, tmp_path: Path) -> None:
    """What libraries tell of it beside, with stacks of calls, nobody has to read."""
    with (
        make.database(tmp_path, database=postgresql_address) as database,
        forked(child, str(tmp_path), postgresql_address) as worker,
    ):
        assert worker.output.readline() == "ready\n"
        for _ in range(2):
            with out_of_reach(database):
                lost = worker.output.readline()
            assert lost.startswith(f"the database {database.name} was lost: ")
            assert lost.endswith("; trying again\n")
            assert worker.output.readline() == "the database is there again\n"
        assert stop(worker) == 0
        assert (worker.output.read(), worker.errors.read()) == ("", "")


def test_a_connection_that_an_outage_has_closed_is_not_told_beside_it(
    postgresql_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A pool names each that it throws away."""

    async def closed() -> psycopg.AsyncConnection:
        connection = await psycopg.AsyncConnection.connect(postgresql_address)
        await connection.close()
        return connection

    with Server("the office's", print).listening():
        logging.getLogger("psycopg.pool").warning("discarding closed connection: %s", asyncio.run(closed()))
    assert caplog.records == []


def test_a_job_that_an_outage_has_ended_is_not_told_when_python_clears_up(caplog: pytest.LogCaptureFixture) -> None:
    """Which may be after the server is there again; any other end of a task is told."""

    async def ended(by: Exception) -> None:
        try:
            raise by
        except psycopg.OperationalError as error:
            raise ConnectorException from error

    async def work() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(Server("the office's", told.append).pass_over)
        for by in (psycopg.OperationalError("closed"), LookupError("no such thing")):
            await asyncio.wait([loop.create_task(ended(by))])

    told: list[str] = []
    asyncio.run(work())
    gc.collect()
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["no such thing"]
    assert told == []


def test_what_is_no_outage_is_told_by_whoever_finds_it(caplog: pytest.LogCaptureFixture) -> None:
    """With the stack of calls, because nobody has foreseen it."""
    told: list[str] = []
    with Server("the office's", told.append).listening():
        logging.getLogger("procrastinate.worker").error("a side task failed", exc_info=LookupError("no such thing"))
        logging.getLogger("psycopg.pool").warning("pool %r is full", "pool-1")
    assert [(record.getMessage(), bool(record.exc_info)) for record in caplog.records] == [
        ("a side task failed", True),
        ("pool 'pool-1' is full", False),
    ]
    assert told == []
