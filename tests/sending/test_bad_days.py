"""Days on which the database, the disk or the clock fails in the middle of a mailing."""

from __future__ import annotations

import datetime as dt
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from sqlalchemy import event

from newsletter import sending
from newsletter.errors import NewsletterError, StorageError
from newsletter.model.mailing import Totals
from newsletter.sending import Patience
from newsletter.sending.providers.resend import CAPABILITIES, Resend
from newsletter.store import Database
from tests import postgresql
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import API_KEY, ResendServer

QUICK = Patience(first=0.01, longest=0.05, failures=5, unwritten=1)
READERS = 300
SERVER = """
import sys, time
from pathlib import Path
from tests import postgresql
with postgresql.server(Path(sys.argv[1])) as address:
    print(address, flush=True)
    sys.stdin.readline()
"""


def provider(server: ResendServer) -> Resend:
    """Return the provider of that server."""
    return Resend("main", server.url, API_KEY, replace(CAPABILITIES, max_recipients=10, calls_per_second=None))


def start(database: Database, server: ResendServer) -> None:
    """Start a mailing to readers."""
    make.subscribe(database, make.addresses(READERS))
    make.start(database, provider(server), expect=READERS, now=dt.datetime.now(dt.UTC))


def deliver(database: Database, server: ResendServer, now: Callable[[], dt.datetime] | None = None) -> Totals:
    """Send what is left."""
    mailing = sending.resume(database, "2024-07")
    more: dict[str, Any] = {"now": now} if now else {}
    return sending.deliver(database, mailing, provider(server), patience=QUICK, **more)


@pytest.mark.usefixtures("postgresql_server")
def test_a_killed_database_loses_and_doubles_nobody() -> None:
    """kill −9 of the server's every process while calls are under way; after its recovery the mailing goes on."""
    if os.environ.get(postgresql.VARIABLE):
        pytest.skip("THE NAMED POSTGRESQL SERVER IS NOT OURS TO KILL")
    with (
        TemporaryDirectory(prefix="newsletter-", ignore_cleanup_errors=True) as folder,
        TemporaryDirectory(prefix="newsletter-") as workspace,
        serving(ResendServer(latency=lambda: 0.05)) as server,
    ):
        arguments = [sys.executable, "-c", SERVER, folder]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        first = subprocess.Popen(arguments, **pipes)
        assert first.stdout
        address = first.stdout.readline().strip()
        with make.database(Path(workspace), database=address) as database:
            start(database, server)
            killed: list[psutil.Process] = []

            def kill() -> None:
                while not server.accepted:
                    time.sleep(0.01)
                postmaster = psutil.Process(int((Path(folder) / "postmaster.pid").read_text().split()[0]))
                killed.extend([postmaster, *postmaster.children(recursive=True)])
                for process in killed:
                    with suppress(psutil.NoSuchProcess):
                        process.kill()

            thread = threading.Thread(target=kill)
            thread.start()
            with pytest.raises(StorageError):
                deliver(database, server)
            thread.join()
        psutil.wait_procs(killed, timeout=30)
        first.kill()
        first.communicate()
        second = subprocess.Popen(arguments, **pipes)
        try:
            assert second.stdout
            assert second.stdout.readline().strip() == address
            with make.database(Path(workspace), database=address) as database:
                assert sending.status(database, "2024-07").totals.candidates == READERS
                assert deliver(database, server) == Totals(accepted=READERS)
        finally:
            second.communicate("\n", timeout=30)
        assert killed
        assert len(server.accepted) == READERS
        assert set(server.accepted.values()) == {1}


def test_a_full_disk_stops_sending_before_anything_is_unsaid(tmp_path: Path) -> None:
    """Where the ledger cannot be written, sending stops; with room again, everybody gets it once."""
    room = 0

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        if room:
            connection.execute(f"PRAGMA max_page_count={room}")

    with serving(ResendServer(latency=lambda: 0.01)) as server, make.database(tmp_path) as database:
        start(database, server)
        event.listen(database.engine, "connect", limit)
        with database.reading() as connection:
            room = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 1
        database.close()
        with pytest.raises(StorageError, match="could not grow"):
            deliver(database, server)
        room = 0
        database.close()
        assert deliver(database, server) == Totals(accepted=READERS)
    assert len(server.accepted) == READERS
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_that_jumps_doubles_nobody(tmp_path: Path, seed: int) -> None:
    """Hours or days to and fro, between any two looks at it; what cannot be repeated safely is held."""
    chance = random.Random(seed)

    def now() -> dt.datetime:
        return make.NOW + dt.timedelta(hours=chance.choice([-30, -1, 0, 0, 0, 1, 30]))

    faults = ["reset after", "500 after", "429", "lost"]
    server = ResendServer(
        latency=lambda: 0.0, fault=lambda _number: chance.choice(faults) if chance.random() < 0.3 else None
    )
    with serving(server), make.database(tmp_path) as database:
        start(database, server)
        for _ in range(40):
            if sending.status(database, "2024-07").mailing.finished:
                break
            try:
                deliver(database, server, now)
            except NewsletterError:
                continue
        totals = sending.status(database, "2024-07").totals
    assert set(server.accepted.values()) == {1}
    assert totals.candidates == READERS
    assert totals.accepted <= len(server.accepted) <= totals.accepted + totals.unknown
