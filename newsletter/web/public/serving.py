"""Running the service: one process, bounded in time and size, that finishes what it has begun when it is told to stop.

uvicorn (0.54, 2026-11) times out connections only between requests. Here a request's head has a time limit as well, so
that nobody holds connections by sending a letter a minute; and a limit in size, which uvicorn leaves to the parser.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Sequence
from typing import cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from newsletter.errors import ConfigurationError
from newsletter.web.public.guarding import Lines
from newsletter.web.public.lingering import Lingering
from newsletter.web.public.proxies import Networks, is_among, networks

HEAD_WITHIN = 10.0
"""Seconds from a connection, or from the first byte of a further request, to the end of the request's head."""
_MOST_HEAD_BYTES = 16_384
_MOST_CONNECTIONS = 500
_BACKLOG = 256
_IDLE = 5
_IDLE_PROXY = 650
"""Seconds for which a proxy may keep a connection for the next reader, more than proxies do by themselves (nginx 60,
Caddy 120, Google 600): what is sent on one that we are just closing is lost, and not every proxy sends it again."""
_LAST_WORDS = 10


class _Unwanted(Exception):
    """The parser tells uvicorn, and that the client: 400."""


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 whose request heads must arrive in time, and be no larger than a browser's."""

    proxies: Networks = ()
    """Those that are believed."""
    _waiting: asyncio.TimerHandle | None = None
    _received = 0
    """Bytes since the head began: a line that does not end is kept by the parser until it does."""
    _parsed = 0
    _in_body = False
    """Whether a head has come whose body is still to come."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give a new connection its time."""
        self._lingering = Lingering(transport, self._is_sending)
        super().connection_made(cast("asyncio.Transport", self._lingering))
        self._is_proxy = self.client is not None and is_among(self.client[0], self.proxies)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes; the clock stops when they complete a head."""
        if self._lingering.drops(data):
            return
        before = self.cycle
        if self._waiting is None and not self._in_body and (before is None or before.response_complete):
            self._wait()
        self._received += len(data)
        super().data_received(data)
        if self.cycle is not before:
            self._done()
        elif self._waiting is not None and self._received > _MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        self._parsed = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header; one that comes behind the body is left out.

        Proxies see to the headers, and hand on what comes behind a body as it is: it could say for whom they ask.
        """
        self._count(len(name) + len(value))
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the request is one for a proxy."""
        if not self.url.startswith(b"/"):
            raise _Unwanted
        super().on_headers_complete()
        self._in_body = True

    def on_message_complete(self) -> None:
        """Take note that the body is there."""
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Close a connection on which there is still to come what nobody wants to read; another may be idle a while."""
        keeps = self._is_proxy and len(self.connections) <= _MOST_CONNECTIONS // 2
        self.timeout_keep_alive = _IDLE_PROXY if keeps else _IDLE
        super().on_response_complete()
        if self._in_body and self.cycle.response_complete:
            self.transport.close()

    def pause_writing(self) -> None:
        """Wait for the client to take what was written, if it takes any of it."""
        super().pause_writing()
        self._lingering.watch()

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        self._lingering.trust()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._done()
        self._lingering.cut()
        super().connection_lost(exc)

    def _is_sending(self) -> bool:
        return self._in_body or (self._waiting is not None and self._received > 0)

    def _count(self, size: int) -> None:
        self._parsed += size
        if self._parsed > _MOST_HEAD_BYTES:
            raise _Unwanted

    def _wait(self) -> None:
        self._received = 0
        self._waiting = self.loop.call_later(HEAD_WITHIN, self._give_up)

    def _done(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._lingering.cut()


class _Server(uvicorn.Server):
    """uvicorn's, which at a second Ctrl-C waits for no connection, and for the letter at hand all the same."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; uvicorn would leave the application to be cancelled, which is logged as its failure."""
        await super().shutdown(sockets)
        if self.force_exit:
            await self.lifespan.shutdown()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections; raise ConfigurationError where the port cannot be had."""
    # Named as TCP, because asyncio sends small answers at once only where a socket says so; else each takes 40 ms.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There another program could take a share of what comes in.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
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


def serve(app: ASGIApp, at: socket.socket, *, proxies: Sequence[str]) -> None:
    """Serve until the process is asked to stop; requests that have begun get ten seconds to end.

    Connections of `proxies` may be idle for longer, while there are not many.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    handler.addFilter(_is_told)
    for name, level in (("newsletter", logging.INFO), ("uvicorn.error", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)
    configuration = uvicorn.Config(
        app,
        http=type("Protocol", (Protocol,), {"proxies": networks(proxies)}),
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
    )
    _Server(configuration).run(sockets=[at])


def _is_told(record: logging.LogRecord) -> bool:
    """Leave out the requests that did not come to their end before the service did: nothing in it has failed."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
