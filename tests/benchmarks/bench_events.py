"""Events a second through the real service on SQLite: uvicorn, verification, parsing, commit; one core posts.

Beside it stands the same service answering without recording anything, which is what HTTP alone costs.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

SECONDS = 8
CONNECTIONS = (32, 256)
PEOPLE = 20_000


def calls(kind: str, tokens: list[str], batch: int) -> list[bytes]:
    """Return signed requests, each with `batch` events of different deliveries."""
    from newsletter.model.event import EventKind
    from newsletter.tracking.webhooks.signing import sign_ecdsa
    from tests.tracking import making as make

    now = dt.datetime.now(dt.UTC)
    kinds = [EventKind.ACCEPTED, EventKind.DELIVERED, EventKind.OPENED, EventKind.BOUNCED]
    places = [(event, token) for event in kinds for token in tokens]
    found = []
    for start in range(0, len(places) // batch * batch, batch):
        told = [
            make.event(event, delivery=token, key=f"e{number}")
            for number, (event, token) in enumerate(places[start : start + batch], start)
        ]
        call = make.call(kind, told[0], now=now)
        headers, body = dict(call.headers), call.body
        if batch > 1:
            body = json.dumps([json.loads(make.call(kind, event, now=now).body)[0] for event in told]).encode()
            content = headers["x-twilio-email-event-webhook-timestamp"].encode() + body
            signature = base64.b64encode(sign_ecdsa(make.PAIRS[kind].private, content)).decode()
            headers["x-twilio-email-event-webhook-signature"] = signature
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line = f"POST /hooks/{kind} HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {len(body)}\r\n\r\n"
        found.append(line.encode() + body)
    return found


def serve(folder: str, port: int, environment: dict[str, str], idle: bool) -> None:
    """Serve a workspace; without recording where `idle`."""
    os.sched_setaffinity(0, {0})
    from newsletter import config
    from newsletter.store import open_database
    from newsletter.tracking import Answer, Recorder
    from tests.tracking.service import app, configured

    if idle:

        async def record(self: Recorder, call: object) -> Answer:
            return Answer.RECORDED

        Recorder.record = record  # type: ignore[method-assign]
    space = config.load(Path(folder))
    with open_database(space) as database:
        configured(app(space, database, environment=environment), port).run()


async def post(port: int, requests: list[bytes], connections: int, until: float) -> int:
    """Post requests by many connections; return how many were answered with success."""
    waiting, done = iter(requests), 0

    async def line() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            if time.monotonic() > until:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            assert head.startswith(b"HTTP/1.1 200"), head
            done += 1
        writer.close()

    await asyncio.gather(*(line() for _ in range(connections)))
    return done


def measure(kind: str, batch: int, connections: int, *, idle: bool = False) -> None:
    """Print how many events a second a new service takes."""
    from newsletter import config
    from newsletter.store import open_database
    from tests.tracking import making as make
    from tests.tracking.test_killed import SETTINGS

    with tempfile.TemporaryDirectory() as folder:
        settings = SETTINGS.replace('kind = "resend"', f'kind = "{kind}"').replace(
            "providers.main", f"providers.{kind}"
        )
        (Path(folder) / "newsletter.toml").write_text(settings)
        with open_database(config.load(Path(folder), {})) as database:
            tokens = list(make.sent(database, [f"reader{number}@example.org" for number in range(PEOPLE)]).values())
        requests = calls(kind, tokens, batch)
        environment = {"SECRET": make.SECRETS.get(kind, make.SECRET)}
        port = 18_700 + len(kind) + batch + connections
        # The keys of this process sign, so the service must be its child.
        service = multiprocessing.get_context("fork").Process(target=serve, args=(folder, port, environment, idle))
        service.start()
        wait(port)
        os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
        spent = -used(service.pid)
        begun = time.monotonic()
        answered = asyncio.run(post(port, requests, connections, begun + SECONDS))
        took = time.monotonic() - begun
        spent += used(service.pid)
        service.terminate()
        service.join()
        with open_database(config.load(Path(folder), {})) as database, database.reading() as connection:
            kept = connection.exec_driver_sql("SELECT count(*) FROM events").scalar()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    # What it could do on a core that nobody else wants.
    cpu = spent / max(answered * batch, 1)
    what = f"{kind}, {batch} a call, {connections} connections" + (", nothing recorded" if idle else "")
    print(
        f"{what:56} {answered * batch / took:8,.0f} events/s {answered / took:8,.0f} calls/s"
        f" {cpu * 1e6:6.0f} µs of CPU an event {peak:5} MB"
    )
    assert idle or kept == answered * batch, (kept, answered * batch)


def used(process: int | None) -> float:
    """Return the seconds of CPU that a process has had (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait(port: int) -> None:
    """Wait until the service takes calls."""
    import socket

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


if __name__ == "__main__":
    for number in CONNECTIONS:
        measure("resend", 1, number, idle=True)
        measure("resend", 1, number)
        measure("mailgun", 1, number)
    measure("sendgrid", 100, 8)
