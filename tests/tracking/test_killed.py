"""A service that is killed in the middle: what it answered is kept, and it goes on where it was."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter import config
from newsletter.store import open_database, schema
from tests.forking import Forked, forked
from tests.tracking import making as make
from tests.tracking.service import main
from tests.waiting import until

SETTINGS = """
title = "Our newsletter"
from = "Us <us@example.org>"
zone = "Europe/Vienna"
postal_address = "Main Street 1"

[lists.monthly]
title = "Monthly"

[providers.main]
kind = "resend"
webhook_secret_env = "SECRET"
"""
PATIENCE = 30.0


@contextmanager
def started(folder: Path) -> Iterator[tuple[Forked, int]]:
    """Give the service on a free port, once it takes calls."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with forked(main, str(folder), str(port)) as process:
        until(lambda: takes_calls(port), PATIENCE)
        yield process, port


def takes_calls(port: int) -> bool:
    """Whether somebody listens at a port."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def request(number: int) -> bytes:
    """Return a signed call as bytes."""
    call = make.call("resend", make.event(key=f"event-{number}"), now=dt.datetime.now(dt.UTC))
    head = "".join(f"{name}: {value}\r\n" for name, value in call.headers.items())
    return (
        f"POST /hooks/main HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {len(call.body)}\r\n\r\n".encode()
        + call.body
    )


async def load(port: int, numbers: range, answered: set[int]) -> None:
    """Post one call after the other by one connection, and remember which were answered with success."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for number in numbers:
            writer.write(request(number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 200"):
                answered.add(number)
    except (OSError, asyncio.IncompleteReadError):
        # The service was killed: nobody was told anything about this call.
        return
    finally:
        writer.transport.abort()


@pytest.mark.slow
def test_what_was_answered_is_kept_whenever_the_service_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times killed under load; after a start, the rest is taken and nothing is there twice."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS)
    monkeypatch.setenv("SECRET", make.SECRETS["resend"])
    answered: set[int] = set()
    for attempt in range(3):
        with started(tmp_path) as (process, port):

            async def shoot(process: Forked = process, port: int = port, attempt: int = attempt) -> None:
                lines = [
                    range(attempt * 100_000 + line * 1000, attempt * 100_000 + (line + 1) * 1000) for line in range(16)
                ]
                tasks = [asyncio.create_task(load(port, line, answered)) for line in lines]
                before = len(answered)
                deadline = time.monotonic() + PATIENCE
                while len(answered) < before + 150 * (attempt + 1) and time.monotonic() < deadline:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
                process.send(signal.SIGKILL)
                await asyncio.gather(*tasks)

            asyncio.run(shoot())
    with open_database(config.load(tmp_path, {})) as database, database.reading() as connection:
        kept = list(connection.scalars(select(schema.events.c.key)))
    assert len(answered) >= 900
    assert {f"event-{number}" for number in answered} <= set(kept)
    assert len(kept) == len(set(kept))
