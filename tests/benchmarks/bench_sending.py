"""Messages composed, mailings started, and a mailing sent to a sink on loopback beside a bare loop.

`python tests/benchmarks/bench_sending.py` freezes 100,000 subscribers and sends to them; `--million` freezes a million
as well. The sink answers each call after 50 ms.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter import sending
from newsletter.model.edition import Edition
from newsletter.model.mailing import Mailing
from newsletter.model.slot import Context, Slot
from newsletter.sending.message import prepare
from newsletter.sending.providers.contract import Batch
from newsletter.sending.providers.outbox import Outbox
from newsletter.sending.providers.resend import CAPABILITIES, Resend
from newsletter.sending.web import Web
from newsletter.store import Database, schema, stored
from newsletter.store.bulk import fill
from tests.benchmarks.side_by_side import compare
from tests.sending import making as make

LATENCY = 0.05
IN_FLIGHT = 4
BATCH = 100


def large_edition() -> Edition:
    """Return an edition of 90 KB of HTML and 15 KB of text."""
    block = '<td style="padding:0 32px;font-family:Georgia">Zwölf Projekte für Grenzgemeinden</td>\n'
    leave, view = Slot("unsubscribe_url"), Slot("view_url")
    html = make.slotted(Context.HTML, "<p>Dear ", Slot("first_name", "reader"), block * 1000, view, " ", leave, "</p>")
    text = make.slotted(Context.PLAIN, "Dear ", Slot("first_name", "reader"), "Zwölf Projekte.\n" * 900, leave, "\n")
    return make.edition(html=html, text=text)


def fill_database(database: Database, count: int) -> None:
    """Put many confirmed subscribers on the list."""
    now = stored(make.NOW)
    with database.writing() as connection:
        connection.execute(schema.lists.insert(), {"id": 1, "name": "monthly", "created_at": now})
        text = now.isoformat(" ", "microseconds")
        fill(
            connection,
            schema.subscribers,
            (
                (
                    number,
                    f"reader{number}@example.org",
                    f"reader{number}@example.org",
                    "Anna Muster",
                    "",
                    "[]",
                    "{}",
                    text,
                )
                for number in range(1, count + 1)
            ),
        )
        fill(connection, schema.consents, ((1, number, "confirmed", "", text) for number in range(1, count + 1)))


def start(database: Database, provider: sending.Provider, edition: Edition, issue: str = "2024-07") -> Mailing:
    """Freeze a mailing."""
    return sending.start(
        database,
        issue=issue,
        lists=["monthly"],
        editions=[edition],
        envelope=make.ENVELOPE,
        provider=provider,
        expect=None,
        now=make.NOW,
    )


def sink(pipe: Connection) -> None:
    """Answer every call of Resend's kind after the latency, in a process of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            body = await reader.readexactly(length)
            await asyncio.sleep(LATENCY)
            content = json.dumps({"data": [{"id": f"id{n}"} for n in range(body.count(b'"tags":'))]}).encode()
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


def bare_loop(provider: Resend, edition: Edition, count: int) -> float:
    """Return the seconds that the same calls need without a ledger."""
    prepared = provider.prepare(edition, make.ENVELOPE, make.NOW)

    async def run() -> None:
        web = Web(IN_FLIGHT)
        firsts = iter(range(0, count, BATCH))

        async def work() -> None:
            for first in firsts:
                readers = tuple(
                    make.ENVELOPE.recipient(f"delivery{number:020}", f"reader{number}@example.org", "Anna Muster")
                    for number in range(first, first + BATCH)
                )
                await web.send(prepared.encode(Batch(f"key{first}", readers)))

        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
        await web.close()

    begin = time.perf_counter()
    asyncio.run(run())
    return time.perf_counter() - begin


def composing() -> None:
    """Print what a message costs."""
    edition = large_edition()
    message = prepare(edition, make.ENVELOPE, make.NOW)
    call = Resend("main", "http://127.0.0.1", "key").prepare(edition, make.ENVELOPE, make.NOW)
    readers = [make.ENVELOPE.recipient(f"d{n:027}", f"reader{n}@example.org", "Anna Muster") for n in range(BATCH)]
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
    print(f"messages a second: {BATCH / medians['composing 100 messages']:,.0f}")
    print(f"messages a second as JSON: {BATCH / medians['encoding one Resend call of 100']:,.0f}")


def starting(count: int) -> None:
    """Print how long freezing an audience takes."""
    with tempfile.TemporaryDirectory() as folder, make.database(Path(folder)) as database:
        fill_database(database, count)
        begin = time.perf_counter()
        start(database, Outbox("outbox", Path(folder)), large_edition())
        print(f"starting a mailing to {count:,}: {time.perf_counter() - begin:.2f} s")


def delivering(count: int, edition: Edition, label: str) -> None:
    """Print how fast a mailing leaves, beside the same calls without a ledger."""
    with running_sink() as url, tempfile.TemporaryDirectory() as folder, make.database(Path(folder)) as database:
        fill_database(database, count)
        able = replace(CAPABILITIES, in_flight=IN_FLIGHT, calls_per_second=None)
        provider = Resend("main", url, "re_key", able)
        bare = bare_loop(provider, edition, count)
        mailing = start(database, provider, edition)
        begin, cpu = time.perf_counter(), time.process_time()
        totals = sending.deliver(database, mailing, provider)
        seconds = time.perf_counter() - begin
        cpu = time.process_time() - cpu
    ideal = count / BATCH * LATENCY / IN_FLIGHT
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label}: {totals.accepted:,} accepted")
    print(f"  waiting alone        {count / ideal:10,.0f} a second")
    print(f"  bare loop            {count / bare:10,.0f} a second")
    print(f"  with the ledger      {count / seconds:10,.0f} a second, {cpu / (count / BATCH) * 1000:.1f} ms CPU a call")
    print(f"  memory at most       {peak:10,.0f} MB")


def main() -> None:
    """Print all of it."""
    composing()
    starting(100_000)
    if "--million" in sys.argv:
        starting(1_000_000)
    delivering(100_000, make.edition(), "100,000 small messages")
    delivering(10_000, large_edition(), "10,000 messages of 105 KB")


if __name__ == "__main__":
    main()
