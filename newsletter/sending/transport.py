"""The way from a request's bytes to an answer's bytes, chosen by the scheme of the address."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from newsletter.errors import ProviderError
from newsletter.hosts import proxy_of
from newsletter.sending.providers.contract import WireRequest, WireResponse


class NotSent(ProviderError):
    """It is proven that the other side cannot have the whole request."""


class MaybeSent(ProviderError):
    """The last byte was handed over, and no usable answer came back."""


class Transport(Protocol):
    """Something that carries requests."""

    async def send(self, request: WireRequest) -> WireResponse:
        """Return the answer; raise NotSent or MaybeSent where there is none.

        One that is cancelled does so too, where that tells more than that it was cancelled; it returns at once.
        """

    async def close(self) -> None:
        """Let go of connections."""


class Transports:
    """Every transport that a run needs, opened when the first request asks for it.

    Those of HTTP lead through the proxy that the system names, where they are `proxied`.
    """

    def __init__(self, connections: int, *, proxied: bool = False) -> None:
        self._connections = connections
        self._proxied = proxied
        self.ending = asyncio.Event()
        """Happens when no call may begin any more; who still waits for a connection then has sent nothing."""
        self._open: dict[str, Transport] = {}

    async def send(self, request: WireRequest) -> WireResponse:
        """Carry a request; raise NotSent or MaybeSent where no answer comes back."""
        address = urlsplit(request.url)
        if address.scheme not in self._open:
            self._open[address.scheme] = self._new(address.scheme, address.hostname or "")
        return await self._open[address.scheme].send(request)

    def _new(self, scheme: str, host: str) -> Transport:
        if scheme == "file":
            from newsletter.sending.folder import Folder

            return Folder()
        if scheme in {"smtp", "smtps"}:
            from newsletter.sending.smtp import MailServers

            return MailServers(ending=self.ending)
        if scheme == "null":
            return _Nowhere()
        from newsletter.sending.web import Web

        return Web(self._connections, proxy=usable_proxy(scheme, host) if self._proxied else "")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._open.values():
            await transport.close()


async def carry(requests: Sequence[WireRequest], *, proxied: bool) -> list[WireResponse]:
    """Carry a few requests one after the other; raise NotSent or MaybeSent at the first without an answer."""
    async with Transports(1, proxied=proxied) as transports:
        return [await transports.send(request) for request in requests]


def usable_proxy(scheme: str, host: str) -> str:
    """Return the proxy that the system names for a host, or nothing; raise NotSent for one of no use."""
    proxy = proxy_of(scheme, host)
    kind = proxy.partition(":")[0]
    if proxy and kind not in {"http", "https"}:
        raise NotSent(
            f"{host} cannot be reached through a proxy of the kind {kind}",
            why="newsletter knows http and https alone",
            fix='ask whoever runs it, or take `proxy = "system"` out of the settings',
        )
    if proxy and not _leads_somewhere(proxy):
        # It is not repeated: it may hold a password.
        raise NotSent(
            f"{host} cannot be reached through the proxy of this computer",
            why="what the computer names as its proxy is no address",
            fix=f"correct the environment variable {scheme}_proxy, or the system's settings; "
            "an address is like http://proxy.example.org:3128",
        )
    return proxy


def _leads_somewhere(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class _Nowhere:
    """Takes everything at once and keeps nothing."""

    async def send(self, request: WireRequest) -> WireResponse:
        return WireResponse(200, {}, b"")

    async def close(self) -> None:
        pass
