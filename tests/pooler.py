"""A pooler before a real PostgreSQL that gives its clients a session for one transaction, each time another one.

As PgBouncer does with `pool_mode = transaction`, and hosted databases by default. What a client has left in a session
(prepared statements, temporary tables, locks, settings) the next one finds, and the client itself does not.
https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import asyncio
import struct
from asyncio import StreamReader, StreamWriter
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

from sqlalchemy import URL, make_url

_ENCRYPTION = (80877103, 80877104)
_VERSION = 196608
_WELCOME = b"R" + struct.pack("!ii", 8, 0)
_IDLE = b"Z" + struct.pack("!ic", 5, b"I")
_KEPT_READY = 3


@contextmanager
def pooled(address: str) -> Iterator[str]:
    """Give the address at which a pooler leads to a database."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    url = make_url(address)
    pooler = _Pooler(url)
    port = asyncio.run_coroutine_threadsafe(pooler.start(), loop).result(30)
    try:
        yield URL.create("postgresql", url.username, "any", "127.0.0.1", port, url.database).render_as_string(False)
    finally:
        asyncio.run_coroutine_threadsafe(pooler.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass(eq=False, slots=True)
class _Session:
    reader: StreamReader
    writer: StreamWriter


@dataclass
class _Pooler:
    url: URL
    idle: deque[_Session] = field(default_factory=deque)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    greeting: bytes = b""
    """What the server tells of itself."""

    async def start(self) -> int:
        self.idle.extend([await self._connect() for _ in range(_KEPT_READY)])
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        self.server.close()
        for task in [*self.tasks]:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for session in self.idle:
            session.writer.close()

    async def _connect(self) -> _Session:
        host = self.url.host or self.url.query["host"]
        assert isinstance(host, str)
        if host.startswith("/"):
            reader, writer = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{self.url.port or 5432}")
        else:
            reader, writer = await asyncio.open_connection(host, self.url.port or 5432)
        who = f"user\0{self.url.username}\0database\0{self.url.database}\0\0".encode()
        writer.write(struct.pack("!ii", 8 + len(who), _VERSION) + who)
        told = b""
        while (message := await _message(reader))[:1] != b"Z":
            told += message if message[:1] == b"S" else b""
        self.greeting = told
        return _Session(reader, writer)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await self._greet(reader, writer)
                await _Client(self, reader, writer).run()
        finally:
            self.tasks.discard(task)
            writer.close()

    async def _greet(self, reader: StreamReader, writer: StreamWriter) -> None:
        while True:
            length, code = struct.unpack("!ii", await reader.readexactly(8))
            await reader.readexactly(length - 8)
            if code not in _ENCRYPTION:
                break
            writer.write(b"N")
        writer.write(_WELCOME + self.greeting + b"K" + struct.pack("!iii", 12, 1, 1) + _IDLE)

    async def take(self) -> _Session:
        return self.idle.popleft() if self.idle else await self._connect()


@dataclass
class _Client:
    pooler: _Pooler
    reader: StreamReader
    writer: StreamWriter
    session: _Session | None = None

    async def run(self) -> None:
        answers: asyncio.Task[None] | None = None
        try:
            while (message := await _message(self.reader))[:1] != b"X":
                if self.session is None:
                    self.session = await self.pooler.take()
                    answers = asyncio.create_task(self._answer(self.session))
                self.session.writer.write(message)
                await self.session.writer.drain()
        finally:
            if answers:
                answers.cancel()
            if self.session:
                # In the middle of a transaction: the server takes it back.
                self.session.writer.close()

    async def _answer(self, session: _Session) -> None:
        while True:
            message = await _message(session.reader)
            if message[:1] == b"Z" and message[5:] == b"I":
                # Before the client knows: it may go on at once.
                self.session = None
                self.pooler.idle.append(session)
                self.writer.write(message)
                return
            self.writer.write(message)
            await self.writer.drain()


async def _message(reader: StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(struct.unpack("!i", head[1:])[0] - 4)
