"""The end of a connection: a client gets what was written for it, as long as it takes any of it."""

from __future__ import annotations

import asyncio
import socket

import pytest

from newsletter.web.public import lingering
from newsletter.web.public.lingering import Lingering

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
