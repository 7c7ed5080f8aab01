"""Pages, feeds and pictures from the web: nothing larger than it may be, and from no private network unasked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from newsletter.errors import SourceError
from newsletter.hosts import Address, is_public, proxy_of
from newsletter.internet import Guarded, Private, Unresolved, transport, trusting
from newsletter.model.url import web_address

_HOPS = 8
_AT_ONCE = 6
_PATIENCE = 30.0
"""Seconds for one answer as a whole."""
_TIMEOUT = httpx.Timeout(10.0, pool=None)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; newsletter)",
    "Accept": "application/atom+xml,application/rss+xml,application/feed+json,text/html;q=0.9,*/*;q=0.8",
    "Accept-Language": "*",
}
_OPEN_IT = "open it in a browser, and copy the address from there"
_ASK_FOR_PROXY = "ask whoever runs the proxy of your office"
_ASK = "ask whoever runs the web site to let newsletter in"
_REASONS = {
    401: ("the web site wants a password", _ASK),
    403: ("the web site refuses programs, or this one", _ASK),
    404: ("there is no such page", _OPEN_IT),
    410: ("the page is gone for good", _OPEN_IT),
    429: ("the web site is asked too often", "wait a while, then try again"),
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answers, and where it was found after all redirects."""

    url: str
    content: bytes
    media_type: str
    """As the server says it, with the encoding."""


class Fetcher:
    """Fetches; `allowed` judges the addresses that may be reached, but those of the hosts that are `private`.

    With `proxied` the system's proxy is used, though never into the organisation's own network.
    """

    def __init__(
        self, private: Collection[str] = (), proxied: bool = False, allowed: Callable[[Address], bool] = is_public
    ) -> None:
        # An organisation's own network has certificates of its own, which its computers know and httpx does not.
        context = trusting()
        self._private = frozenset(private)
        self._proxied = proxied
        self._public, self._anywhere = (
            httpx.AsyncClient(transport=way, headers=_HEADERS, timeout=_TIMEOUT)
            for way in (transport(allowed, context, proxied=proxied), Guarded(lambda _: True, context))
        )
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._public.aclose()
        await self._anywhere.aclose()

    async def fetch(self, url: str, most: int) -> Fetched:
        """Return what an address answers, `most` bytes at the most; raise SourceError where it does not."""
        if not web_address(url, url):
            raise SourceError(f"{url} cannot be reached", why="it is no address of a page", fix=_OPEN_IT)
        try:
            async with self._room, asyncio.timeout(_PATIENCE):
                return await self._followed(url, most)
        except Private as error:
            raise SourceError(
                f"{url} is not on the public internet",
                why=f"{error}, and a feed or a redirect must not lead into a network of yours unasked",
                fix="if it is a source of yours, write `private = true` in its section of the settings",
            ) from None
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            raise SourceError(f"{url} takes too long to answer", fix="try again later") from None
        except httpx.ProxyError as error:
            raise SourceError(
                f"{url} cannot be reached", why=f"the proxy does not lead there: {error}", fix=_ASK_FOR_PROXY
            ) from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _unreachable(url, error, proxied=self._proxied) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise SourceError(
                f"{url} cannot be read", why=f"what the web site answers is damaged: {error}", fix="try again later"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            why = str(error) or type(error).__name__
            raise SourceError(f"{url} cannot be reached", why=why, fix=_OPEN_IT) from None

    async def _followed(self, url: str, most: int) -> Fetched:
        here = url
        for _ in range(_HOPS):
            client = self._anywhere if urlsplit(here).hostname in self._private else self._public
            async with client.stream("GET", here, follow_redirects=False) as response:
                if response.status_code in _REDIRECTS and "Location" in response.headers:
                    following = web_address(here, response.headers["Location"])
                    if not following:
                        raise SourceError(f"{url} leads to no web address", fix=_OPEN_IT)
                    here = following
                    continue
                if response.status_code != 200:
                    raise refusal(url, response.status_code)
                content = bytearray()
                # Compressed content grows here, piece by piece: what is too much is seen before it is kept.
                async for piece in response.aiter_bytes():
                    content += piece
                    if len(content) > most:
                        raise SourceError(
                            f"{url} is larger than {most / 1e6:.0f} MB", why="so it is not what it should be"
                        )
                return Fetched(here, bytes(content), response.headers.get("Content-Type", ""))
        raise SourceError(f"{url} leads from one address to the next without end", fix=_OPEN_IT)


def refusal(url: str, status: int) -> SourceError:
    """Return why a web site answers with a number other than 200, and what to do."""
    why, fix = _REASONS.get(status, (f"the web site answers with the number {status}", "try again later"))
    return SourceError(f"{url} cannot be read", why=why, fix=fix)


def _unreachable(url: str, error: httpx.TransportError, *, proxied: bool) -> SourceError:
    """Return why a web site does not answer at all, and what to do."""
    why, fix = str(error) or "it does not answer", _OPEN_IT
    if isinstance(error, Unresolved):
        why = f"{why}; either it is misspelt, or this computer is not connected"
    if "CERTIFICATE_VERIFY_FAILED" in why:
        why = f"its certificate is not one that this computer trusts: {why.partition('failed: ')[2] or why}"
        fix = "tell whoever runs the web site; name the issuer of a certificate of your own in SSL_CERT_FILE"
    elif proxy_of(urlsplit(url).scheme, urlsplit(url).hostname or ""):
        if proxied:
            why, fix = f"the proxy of this computer does not answer: {why}", _ASK_FOR_PROXY
        else:
            why = f"{why}; this computer has a proxy, which newsletter uses only where the settings say so"
            fix = 'write `proxy = "system"` into the settings; what that means stands in `newsletter docs sources`'
    return SourceError(f"{url} cannot be reached", why=why, fix=fix)
