"""Messages composed, mailings started, and mailings sent to a sink on loopback beside a bare loop.

`python tests/benchmarks/bench_sending.py` sends to 200,000; `--million` to a million, as the figures in the documents.
The sink answers each call after 50 ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import text

from newsletter import sending
from newsletter.config import Workspace
from newsletter.model.edition import Edition
from newsletter.model.mailing import MailingState
from newsletter.model.slot import Context, Slot
from newsletter.sending.ledger.reading import state_of
from newsletter.sending.message import prepare
from newsletter.sending.providers.contract import Batch
from newsletter.sending.providers.outbox import Outbox
from newsletter.sending.providers.resend import Resend
from newsletter.sending.web import Web
from newsletter.store import Database, open_database
from tests import factories, postgresql
from tests.benchmarks.side_by_side import compare
from tests.sending import making as make

LATENCY = 0.05
IN_FLIGHT = 4
_KEY = "NEWSLETTER_BENCH_KEY"
CHILD = """
import sys
from tests.benchmarks import bench_sending
bench_sending.child(*sys.argv[1:])
"""


def large_edition() -> Edition:
    """Return an edition of 90 KB of HTML and 15 KB of text."""
    block = '<td style="padding:0 32px;font-family:Georgia">Zwölf Projekte für Grenzgemeinden</td>\n'
    leave, view = Slot("unsubscribe_url"), Slot("view_url")
    html = make.slotted(Context.HTML, "<p>Dear ", Slot("first_name", "reader"), block * 1000, view, " ", leave, "</p>")
    plain = make.slotted(Context.PLAIN, "Dear ", Slot("first_name", "reader"), "Zwölf Projekte.\n" * 900, leave, "\n")
    return make.edition(html=html, text=plain)


def fill_database(database: Database, count: int) -> None:
    """Put many confirmed subscribers on the list."""
    if database.engine.dialect.name == "postgresql":
        numbers = "generate_series(1, :count) AS numbers(n)"
        moment = "TIMESTAMP '2024-07-28 07:00:00'"
    else:
        numbers = "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :count) SELECT n FROM c)"
        moment = "'2024-07-28 07:00:00.000000'"
    address = "'reader' || n || '@example.org'"
    with database.writing() as connection:
        connection.execute(text(f"INSERT INTO lists (id, name, created_at) VALUES (1, 'monthly', {moment})"))
        connection.execute(
            text(
                f"INSERT INTO subscribers (id, address, address_key, name, created_at)"
                f" SELECT n, {address}, {address}, 'Anna Muster', {moment} FROM {numbers}"
            ),
            {"count": count},
        )
        connection.execute(
            text(
                f"INSERT INTO consents (list_id, subscriber_id, state, changed_at)"
                f" SELECT 1, n, 'confirmed', {moment} FROM {numbers}"
            ),
            {"count": count},
        )


def sink(pipe: Connection) -> None:
    """Answer every call of Resend's and Mailgun's kind after the latency, in a process of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            body = await reader.readexactly(length)
            await asyncio.sleep(LATENCY)
            if head.startswith(b"POST /emails/batch"):
                value: Any = {"data": [{"id": f"id{n}"} for n in range(body.count(b'"tags":'))]}
            else:
                value = {"id": "<20240728070000.1@mail.example.org>", "message": "Queued. Thank you."}
            content = json.dumps(value).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
            await writer.drain()

    async def serve() -> None:
        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await answer(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        server = await asyncio.start_server(one, "127.0.0.1", 0, limit=1 << 24)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def running_sink() -> Iterator[str]:
    """Give the address of a sink."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=sink, args=(there,), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{here.recv()}"
    process.kill()


def space(folder: str, kind: str, url: str, address: str) -> Workspace:
    """Return a workspace that sends to the sink, unpaced."""
    os.environ[_KEY] = "key"
    provider: dict[str, Any] = {"kind": kind, "base_url": url, "api_key_env": _KEY}
    provider |= {"domain": "mail.example.org"} if kind == "mailgun" else {"rate": {"calls": 10_000, "per": "second"}}
    settings: dict[str, Any] = {"database": address} if address else {}
    return factories.workspace(Path(folder), providers={"main": provider}, provider="main", **settings)


def bare_loop(provider: Any, edition: Edition, count: int) -> float:
    """Return the seconds that the same calls need without a ledger."""
    prepared = provider.prepare(edition, make.ENVELOPE, make.NOW)
    size = prepared.at_once

    async def run() -> None:
        web = Web(IN_FLIGHT)
        firsts = iter(range(0, count, size))

        async def work() -> None:
            for first in firsts:
                readers = tuple(
                    make.ENVELOPE.recipient(f"delivery{number:020}", f"reader{number}@example.org", "Anna Muster")
                    for number in range(first, first + size)
                )
                await web.send(prepared.encode(Batch(f"key{first}", readers)))

        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
        await web.close()

    begin = time.perf_counter()
    asyncio.run(run())
    return time.perf_counter() - begin


def child(folder: str, kind: str, url: str, address: str) -> None:
    """Work for a mailing until it is at its end; print the peak of memory in MB."""
    workspace = space(folder, kind, url, address)
    with open_database(workspace) as database:
        print("ready", flush=True)
        sys.stdin.readline()
        if address:
            sending.work(workspace, database, once=True)
        else:
            sending.deliver(database, sending.unfinished(database, "2024-07"), sending.provider(workspace))
    print(peak(), flush=True)


def peak() -> int:
    """Return the largest memory that this program itself has had, in MB; a parent's own is not counted (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def composing() -> None:
    """Print what a message costs."""
    edition = large_edition()
    message = prepare(edition, make.ENVELOPE, make.NOW)
    call = Resend("main", "http://127.0.0.1", "key").prepare(edition, make.ENVELOPE, make.NOW)
    readers = [make.ENVELOPE.recipient(f"d{n:027}", f"reader{n}@example.org", "Anna Muster") for n in range(100)]
    size = len(message.compose(readers[0]))
    print(f"one message has {size / 1000:.0f} KB; times are for 100 messages")
    medians = compare(
        {
            "copying that many bytes": lambda: [bytes(bytearray(size)) for _ in readers],
            "composing 100 messages": lambda: [message.compose(reader) for reader in readers],
            "encoding one Resend call of 100": lambda: call.encode(Batch("key", tuple(readers))),
            "preparing an edition, once a mailing": lambda: prepare(edition, make.ENVELOPE, make.NOW),
        }
    )
    print(f"messages a second: {100 / medians['composing 100 messages']:,.0f}")
    print(f"messages a second as JSON: {100 / medians['encoding one Resend call of 100']:,.0f}")


def starting(count: int) -> None:
    """Print how long freezing an audience takes."""
    with tempfile.TemporaryDirectory() as folder, make.database(Path(folder)) as database:
        fill_database(database, count)
        begin = time.perf_counter()
        make.start(database, Outbox("outbox", Path(folder)), editions=[large_edition()])
        print(f"starting a mailing to {count:,} on SQLite: {time.perf_counter() - begin:.2f} s")


def delivering(count: int, edition: Edition, label: str, kind: str, address: str = "", workers: int = 1) -> None:
    """Print how fast a mailing leaves, beside the same calls without a ledger."""
    with running_sink() as url, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        workspace = space(folder, kind, url, address)
        database = stack.enter_context(open_database(workspace))
        fill_database(database, count)
        provider = sending.provider(workspace)
        bare = bare_loop(provider, edition, count)
        mailing = make.start(database, provider, editions=[edition])
        arguments = [sys.executable, "-c", CHILD, folder, kind, url, address]
        processes = [
            subprocess.Popen(
                arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
            )
            for _ in range(workers)
        ]
        for process in processes:
            assert process.stdout
            process.stdout.readline()
        sending.announce(database, sending.unfinished(database, "2024-07"))
        begin = time.perf_counter()
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        # Only its state is asked for: counting a million deliveries again and again would be measured too.
        while state_of(database, mailing.id) is not MailingState.SENT:
            time.sleep(0.2)
        seconds = time.perf_counter() - begin
        found = sending.status(database, "2024-07")
        assert (found.mailing.state, found.totals.accepted) == (MailingState.SENT, count)
        memory = [process.communicate()[0].split()[-1] for process in processes]
    print(f"{label}: {found.totals.accepted:,} accepted")
    print(f"  bare loop, one process {count / bare:10,.0f} a second")
    print(f"  with the ledger        {count / seconds:10,.0f} a second")
    print(f"  memory at most         {' and '.join(memory)} MB")


def main() -> None:
    """Print all of it."""
    million = 1_000_000 if "--million" in sys.argv else 200_000
    composing()
    starting(million)
    small, large = make.edition(), large_edition()
    delivering(million, small, f"SQLite, {million:,} in calls of 1,000 (Mailgun)", "mailgun")
    delivering(10_000, large, "SQLite, 10,000 messages of 105 KB (Resend)", "resend")
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="newsletter-", ignore_cleanup_errors=True))
        server = stack.enter_context(postgresql.server(Path(home)))
        for workers in (1, 2):
            with postgresql.new_database(server) as address:
                label = f"PostgreSQL, {workers} worker{'s' if workers > 1 else ''}, {million:,} in calls of 1,000"
                delivering(million, small, label, "mailgun", address, workers)
        for workers in (1, 2):
            with postgresql.new_database(server) as address:
                label = f"PostgreSQL, {workers} worker{'s' if workers > 1 else ''}, 10,000 messages of 105 KB"
                delivering(10_000, large, label, "resend", address, workers)


if __name__ == "__main__":
    main()
