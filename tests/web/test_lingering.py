"""The end of a connection: a client gets what was written for it, as long as it takes any of it."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest
import uvicorn
from starlette.responses import Response
from uvicorn.server import ServerState

from newsletter.web.public import lingering
from newsletter.web.public.lingering import Lingering
from newsletter.web.public.serving import Protocol
from tests.waiting import until

MANY = 32_000_000
"""More bytes than a system takes for a client that reads nothing."""


class Server(asyncio.Protocol):
    """Writes its answer, and ends the connection."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Answer at once."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"x" * MANY)
        self._lingering = Lingering(transport, lambda: False)
        self._lingering.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that the connection is no more."""
        self._lingering.cut()
        self.ended.set()


async def taken(monkeypatch: pytest.MonkeyPatch, pause: float, most: int) -> tuple[int, bool]:
    """Return how many bytes a client has read that waits before each piece, and whether the connection ended.

    It stops reading after `most` bytes, and is then waited for.
    """
    monkeypatch.setattr(lingering, "_TAKING", 0.2)
    server, loop = Server(), asyncio.get_running_loop()
    running = await loop.create_server(lambda: server, "127.0.0.1", 0)
    with socket.socket() as wire:
        wire.setblocking(False)
        await loop.sock_connect(wire, running.sockets[0].getsockname())
        received = 0
        while received < most and (piece := await loop.sock_recv(wire, 8_000_000)):
            received += len(piece)
            await asyncio.sleep(pause)
        try:
            await asyncio.wait_for(server.ended.wait(), 5)
        except TimeoutError:
            return received, False
        finally:
            running.close()
        return received, True


def test_a_client_that_reads_nothing_more_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a few hundred of them would take all connections, for as long as they like, with one request each."""
    received, ended = asyncio.run(taken(monkeypatch, 0, 1))
    assert ended
    assert received < MANY


def test_a_slow_client_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may take several times as long as somebody who reads nothing is waited for."""
    assert asyncio.run(taken(monkeypatch, 0.03, MANY)) == (MANY, True)


TWO = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def received(monkeypatch: pytest.MonkeyPatch, *, slowly: bool) -> int:
    """Return how many bytes a client gets that asks twice at once, and reads slowly, or only when it is put out."""
    monkeypatch.setattr(lingering, "_TAKING", 0.2)
    configuration = uvicorn.Config(Response(b"x" * MANY), ws="none", lifespan="off", log_config=None)
    configuration.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    running = await loop.create_server(lambda: Protocol(configuration, state, {}), "127.0.0.1", 0)
    size = 0
    with contextlib.closing(running), socket.socket() as wire, contextlib.suppress(ConnectionResetError):
        wire.setblocking(False)
        await loop.sock_connect(wire, running.sockets[0].getsockname())
        await loop.sock_sendall(wire, TWO)
        if not slowly:
            await asyncio.to_thread(until, lambda: state.total_requests > 0 and not state.connections, 10)
        while piece := await loop.sock_recv(wire, 8_000_000):
            size += len(piece)
            await asyncio.sleep(0.03)
    return size


@pytest.mark.parametrize("slowly", [False, True])
def test_whoever_takes_nothing_of_an_answer_gets_no_other(monkeypatch: pytest.MonkeyPatch, *, slowly: bool) -> None:
    """Who asks twice at once, and reads nothing, holds a connection no longer than who asks once."""
    size = asyncio.run(received(monkeypatch, slowly=slowly))
    assert size > 2 * MANY if slowly else size < MANY
