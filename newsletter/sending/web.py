"""HTTP that knows whether the last byte of a request was handed over.

The class of an exception alone cannot tell a message that was not sent from one that may have been: the same ReadError
comes before and after. So a body goes out in pieces, and a flag is set just before the last byte.
"""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from newsletter.internet import authorities, trusting
from newsletter.sending.providers.contract import WireRequest, WireResponse
from newsletter.sending.transport import MaybeSent, NotSent

_LARGEST_ANSWER = 4_000_000
_GZIP = 16 + zlib.MAX_WBITS
# What a transport cannot send at once it copies: pieces keep that small.
_PIECE = 1 << 20
# Large calls are answered slowly; impatience would turn accepted messages into unknown ones.
_TIMEOUT = httpx.Timeout(connect=10, write=60, read=120, pool=None)
_LONGEST_CALL = 300.0
_LOOK = "look whether this machine has a network, and whether the provider's region and base_url are right"
_BY_PROXY = " through the proxy of this computer"
_ASK_PROXY = "ask whoever runs the proxy of your office to let it through, or correct the provider's base_url"


class Web:
    """One pool of connections, through a proxy or not; above about 32, httpx 0.28 slows down with their square."""

    def __init__(
        self,
        connections: int,
        *,
        proxy: str = "",
        timeout: httpx.Timeout = _TIMEOUT,
        longest_call: float = _LONGEST_CALL,
    ) -> None:
        self._longest_call = longest_call
        self._proxied = bool(proxy)
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            # Proxies and credentials come from the settings alone.
            trust_env=False,
            proxy=proxy or None,
            # A proxy may look inside, with a certificate that only the office's own computers trust.
            verify=trusting() if proxy else authorities(),
            timeout=timeout,
            limits=httpx.Limits(
                max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=30
            ),
            headers={"User-Agent": "newsletter", "Accept": "application/json", "Accept-Encoding": "identity"},
        )

    async def send(self, request: WireRequest) -> WireResponse:
        """Return the answer, of which at most 4 MB are read; raise NotSent or MaybeSent."""
        body = _Body(request.body)
        sealed = request.seal.headers(request, datetime.now(UTC)) if request.seal else ()
        headers = {**dict((*request.headers, *sealed)), "Content-Length": str(len(request.body))}
        try:
            async with (
                asyncio.timeout(self._longest_call),
                self._client.stream(request.method, request.url, headers=headers, content=body.pieces()) as response,
            ):
                return WireResponse(response.status_code, _lower(response.headers), await _capped(response))
        except asyncio.CancelledError:
            if body.last_byte_given:
                raise
            raise NotSent("the call was cut off before it was handed over") from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, UnicodeError) as error:
            # OSError: time that is over, and encryption that breaks in the middle, which httpx lets through.
            # UnicodeError: a host that no name server could be asked for.
            told = str(error) or type(error).__name__
            if body.last_byte_given:
                raise MaybeSent("no usable answer came back after the whole call was handed over", why=told) from error
            raise NotSent(
                f"{urlsplit(request.url).hostname} could not be reached" + (_BY_PROXY if self._proxied else ""),
                why=told,
                fix=_ASK_PROXY if self._proxied else _LOOK,
            ) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self.last_byte_given = False

    async def pieces(self) -> AsyncIterator[bytes]:
        bulk = max(0, len(self._content) - 2)
        for start in range(0, bulk, _PIECE):
            yield self._content[start : min(start + _PIECE, bulk)]
        # anyio tells of a connection that was lost while writing only when the next piece is written: hence the byte
        # between the bulk and the last one.
        yield self._content[-2:-1]
        self.last_byte_given = True
        yield self._content[-1:]


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


async def _capped(response: httpx.Response) -> bytes:
    """Return what came; what was packed although nobody asked for it is unpacked as far as an answer may be long."""
    content = bytearray()
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > _LARGEST_ANSWER:
            break
    if response.headers.get("content-encoding") == "gzip":
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj(_GZIP).decompress(content, _LARGEST_ANSWER)
    return bytes(content[:_LARGEST_ANSWER])
