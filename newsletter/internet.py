"""Requests that never enter a private network, whatever a name leads to.

The name is resolved once, every address it has is looked at, and the connection goes to that very address: a name that
leads elsewhere the second time (DNS rebinding) has no second time. TLS still asks for the name.

Behind a proxy names are resolved by the proxy, and where a request ends only the proxy knows. What can be known here is
refused all the same: addresses, names that are no names of the internet, and names that this computer knows as private.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import certifi
import httpx

from newsletter.hosts import Address, is_private, is_public, proxy_of

_NUMBER = re.compile(r"0x[0-9a-f]*|\d+", re.IGNORECASE)
_KNOWN = 3.0
"""Seconds after which this computer knows no address of a host: where a proxy is, it often can ask nobody."""


class Private(httpx.RequestError):
    """A host has an address that is not of the public internet."""


class Unresolved(httpx.ConnectError):
    """A host has no address."""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Guarded(httpx.AsyncBaseTransport):
    """A transport that asks `allowed` about every address before it connects."""

    def __init__(self, allowed: Callable[[Address], bool] = is_public, context: ssl.SSLContext | None = None) -> None:
        self._allowed = allowed
        # Connections are kept by address, and two hosts may share one: so none is kept.
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=context or authorities(), limits=limits, trust_env=False)

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

    async def judge(self, host: str) -> None:
        """Raise Private for a host that this computer knows as one that may not be reached."""
        name = host.rstrip(".")
        # 127.1 and 0x7f.1 are addresses to many programs.
        if not _is_address(name) and (is_private(name) or _NUMBER.fullmatch(name.rpartition(".")[2])):
            raise Private(f"{host} is no name of the public internet")
        with suppress(Unresolved, TimeoutError):
            async with asyncio.timeout(_KNOWN):
                await self._addresses(name, 443)

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


class Proxied(httpx.AsyncBaseTransport):
    """A transport through the proxy that the system names for an address, or `direct` where it names none."""

    def __init__(self, direct: Guarded, context: ssl.SSLContext) -> None:
        self._direct = direct
        self._context = context
        self._proxies: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raise Private where its host is known as one that may not be reached."""
        proxy = proxy_of(request.url.scheme, request.url.host)
        if not proxy:
            return await self._direct.handle_async_request(request)
        await self._direct.judge(request.url.host)
        if proxy not in self._proxies:
            self._proxies[proxy] = _through(proxy, self._context)
        return await self._proxies[proxy].handle_async_request(request)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._direct.aclose()
        for transport in self._proxies.values():
            await transport.aclose()


def transport(
    allowed: Callable[[Address], bool], context: ssl.SSLContext | None, *, proxied: bool
) -> Guarded | Proxied:
    """Return what reaches the public internet, through the system's proxy where that may be used."""
    if not proxied:
        return Guarded(allowed, context)
    context = context or trusting()
    return Proxied(Guarded(allowed, context), context)


def authorities() -> ssl.SSLContext:
    """Return what trusts the authorities of the web, read once: it takes tens of milliseconds."""
    return _authorities(certifi.where())


@cache
def _authorities(file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=file)


def trusting() -> ssl.SSLContext:
    """Return what trusts the certificates that this computer trusts, those of an organisation's own among them."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _through(proxy: str, context: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    kind = proxy.partition(":")[0]
    if kind not in {"http", "https"}:
        raise httpx.ProxyError(f"it is of the kind {kind}, and newsletter knows http and https alone")
    limits = httpx.Limits(max_connections=32, max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=context, proxy=httpx.Proxy(proxy), limits=limits, trust_env=False)
