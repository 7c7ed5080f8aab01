"""Running the service: one process, bounded in time and size, that finishes what it has begun when it is told to stop.

uvicorn (0.54, 2026-11) times out connections only between requests. Here a request's head has a time limit as well, so
that nobody holds connections by sending a letter a minute.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from newsletter.errors import ConfigurationError
from newsletter.web.public.guarding import Lines

HEAD_WITHIN = 10.0
"""Seconds from a connection, or from the first byte of a further request, to the end of the request's head."""
_MOST_HEAD_BYTES = 16_384
_MOST_CONNECTIONS = 500
_BACKLOG = 256
_IDLE = 5
_LAST_WORDS = 10


class Protocol(H11Protocol):
    """HTTP/1.1 whose request heads must arrive in time."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give a new connection its time."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes; the clock stops when they complete a head."""
        before = self.cycle
        if self._waiting is None and (before is None or before.response_complete):
            self._wait()
        super().data_received(data)
        if self.cycle is not before:
            self._done()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._done()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_WITHIN, self._give_up)

    def _done(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections; raise ConfigurationError where the port cannot be had."""
    # Named as TCP, because asyncio sends small answers at once only where a socket says so; else each takes 40 ms.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigurationError(
            f"port {port} of {host} cannot be used",
            why=str(getattr(error, "strerror", None) or error).lower(),
            fix="stop what uses it, or choose another one with --port",
        ) from None
    return listener


def serve(app: ASGIApp, at: socket.socket) -> None:
    """Serve until the process is asked to stop; requests that have begun get ten seconds to end."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name, level in (("newsletter", logging.INFO), ("uvicorn.error", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)
    configuration = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        # Which proxies to believe is said in the settings, and done by the application.
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        backlog=_BACKLOG,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_LAST_WORDS,
        h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
    )
    uvicorn.Server(configuration).run(sockets=[at])
