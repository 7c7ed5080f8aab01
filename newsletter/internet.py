"""Requests that never enter a private network, whatever a name leads to.

The name is resolved once, every address it has is looked at, and the connection goes to that very address: a name that
leads elsewhere the second time (DNS rebinding) has no second time. TLS still asks for the name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Private(httpx.RequestError):
    """A host has an address that is not of the public internet."""


class Unresolved(httpx.ConnectError):
    """A host has no address."""


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet; one of IPv4 inside of IPv6 is judged by itself."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if isinstance(address, ipaddress.IPv6Address) and address in ipaddress.ip_network("64:ff9b::/96"):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return (address if inner is None else inner).is_global and not address.is_multicast


class Guarded(httpx.AsyncBaseTransport):
    """A transport that asks `allowed` about every address before it connects."""

    def __init__(self, allowed: Callable[[Address], bool] = is_public, context: ssl.SSLContext | None = None) -> None:
        self._allowed = allowed
        # Connections are kept by address, and two hosts may share one: so none is kept.
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=context or True, limits=limits, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to an address of its host that may be reached; raise Private where one may not."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = await self._addresses(host, port)
        # Where one of both kinds of network is said to be there and is not, the other one is.
        others = [address for address in addresses if address.version != addresses[0].version]
        try:
            return await self._sent(request, addresses[0])
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if not others:
                raise
            return await self._sent(request, others[0])

    async def _sent(self, request: httpx.Request, address: Address) -> httpx.Response:
        headers = request.headers.copy()
        headers["Host"] = request.url.netloc.decode("ascii")
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
            )
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()

    async def _addresses(self, host: str, port: int) -> list[Address]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unresolved(f"{host} has no address") from error
        # A link-local address of IPv6 may carry a zone, such as fe80::1%eth0.
        addresses = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
        wrong = [address for address in addresses if not self._allowed(address)]
        if wrong or not addresses:
            raise Private(f"{host} leads to {wrong[0] if wrong else 'nothing'}")
        return addresses
