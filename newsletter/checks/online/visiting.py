"""Links followed: several hosts at once, one request at a time to each, and nothing read that is not needed."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urljoin

import httpx

from newsletter.checks.links.found import links_of, split
from newsletter.checks.online.memory import Memory
from newsletter.checks.subject import Subject
from newsletter.hosts import Address, is_private, is_public
from newsletter.internet import Private, Unresolved, transport
from newsletter.model.selection import Selection
from newsletter.model.visit import Outcome, Visit

_AT_ONCE = 16
_PAUSE = 0.25
"""Seconds between two requests to one host."""
_PATIENCE = 20.0
"""Seconds for one answer as a whole."""
_HOPS = 8
_ENOUGH = 65_536
_TIMEOUT = httpx.Timeout(10.0, pool=None)
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; newsletter link check)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "en,*;q=0.5",
    # What is compressed could grow without bounds.
    "Accept-Encoding": "identity",
}
_GONE = frozenset({404, 410})
_SHY = frozenset({401, 402, 403, 405, 406, 407, 408, 415, 418, 425, 429, 430, 444, 451, 498, 499, 999})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)
_MISSING = re.compile(
    r"\b404\b|(?:page|site|document|file|content)\s+(?:was\s+|is\s+|could\s+)?(?:not|no longer)\s+(?:be\s+)?"
    r"(?:found|available)"
    r"|seite\s+(?:wurde\s+)?nicht\s+gefunden|page\s+(?:introuvable|non\s+trouvée)|página\s+no\s+encontrada",
    re.IGNORECASE,
)


class Visitor:
    """Follows links; `allowed` judges addresses, `context` is TLS's, and the system's proxy is used if it may be."""

    def __init__(
        self,
        allowed: Callable[[Address], bool] = is_public,
        context: ssl.SSLContext | None = None,
        *,
        proxied: bool = False,
    ) -> None:
        self._client = httpx.AsyncClient(
            transport=transport(allowed, context, proxied=proxied),
            headers=_HEADERS,
            timeout=_TIMEOUT,
            follow_redirects=False,
        )
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._silent: dict[str, str] = {}
        self._rests_until: defaultdict[str, float] = defaultdict(float)
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def visit(self, url: str) -> Visit:
        """Return what came of following one link; never raises for what a server does."""
        at = time.time()
        try:
            return await self._followed(url, at)
        except Private as error:
            return Visit(url, Outcome.PRIVATE, at, detail=str(error))
        except Unresolved as error:
            return Visit(url, Outcome.UNREACHABLE, at, detail=str(error))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            cause = _certificate(error)
            if cause:
                return Visit(url, Outcome.UNTRUSTED, at, detail=cause)
            return Visit(url, Outcome.UNREACHABLE, at, detail=str(error) or "no answer in time")

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _followed(self, url: str, at: float) -> Visit:
        here, permanent = url, True
        for _ in range(_HOPS):
            status, location, body = await self._asked(here)
            if status not in _REDIRECTS or not location:
                final = here if here != url else ""
                return _judged(url, at, status, body, final, permanent=permanent and bool(final))
            permanent = permanent and status in {301, 308}
            here = urljoin(here, location)
            parts = split(here)
            if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
                return Visit(url, Outcome.FAILED, at, status, here, detail="it redirects to no web address")
        return Visit(url, Outcome.FAILED, at, status, here, detail="it redirects without end")

    async def _asked(self, url: str) -> tuple[int, str, str]:
        """Return status, target and the beginning of a page, asking each host one thing at a time."""
        host = httpx.URL(url).host
        async with self._hosts[host]:
            if host in self._silent:
                raise Unresolved(self._silent[host])
            await asyncio.sleep(self._rests_until[host] - time.monotonic())
            try:
                # Waiting for one's turn is nobody's slowness, so the clock starts here.
                async with self._room, asyncio.timeout(_PATIENCE), self._client.stream("GET", url) as response:
                    answer = response.status_code, response.headers.get("Location", ""), await _beginning(response)
            except Unresolved as error:
                self._silent[host] = str(error)
                raise
            self._rests_until[host] = time.monotonic() + _PAUSE
        return answer


async def _beginning(response: httpx.Response) -> str:
    body = b""
    if response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
        async for piece in response.aiter_raw():
            body += piece
            if len(body) >= _ENOUGH:
                break
    return body.decode("utf-8", "replace")


def _judged(url: str, at: float, status: int, body: str, final: str, *, permanent: bool) -> Visit:
    if status in _GONE:
        return Visit(url, Outcome.GONE, at, status, final)
    if status in _SHY:
        return Visit(url, Outcome.REFUSED, at, status, final)
    if status >= 400:
        return Visit(url, Outcome.FAILED, at, status, final)
    title = _TITLE.search(body)
    if title and _MISSING.search(title[1]):
        said = " ".join(title[1].split())[:80]
        return Visit(url, Outcome.EMPTY, at, status, final, detail=f"its title is “{said}”")
    asked, arrived = split(url), split(final)
    if final and asked and arrived and asked.path.strip("/") and not arrived.path.strip("/") and not arrived.query:
        return Visit(url, Outcome.EMPTY, at, status, final, detail="it leads to the home page instead")
    return Visit(url, Outcome.OK, at, status, final, permanent)


def _certificate(error: BaseException) -> str:
    """Return what is wrong with a certificate, where that is the cause."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message or "its certificate is not valid"
        cause = cause.__cause__ or cause.__context__
    return ""


def addresses(selections: Iterable[Selection]) -> list[str]:
    """Return the web addresses of some issues that can be followed, each once."""
    found = {
        link.url
        for selection in selections
        for link in links_of(Subject(selection, ()))
        if link.parts and link.parts.scheme in {"http", "https"} and link.host and not is_private(link.host)
    }
    return sorted(found)


def visit(
    urls: Iterable[str],
    memory: Memory,
    *,
    told: Callable[[int, int], None] = lambda *_: None,
    visitor: Callable[[], Visitor] = Visitor,
) -> Mapping[str, Visit]:
    """Return what came of following each link; `told` hears how many of how many are done.

    Without any network nothing is returned but what is remembered: that says nothing about the links.
    """
    now = time.time()
    wanted = list(dict.fromkeys(urls))
    known = {url: past for url in wanted if (past := memory.fresh(url, now))}
    missing = [url for url in wanted if url not in known]
    made = asyncio.run(_visits(missing, visitor, told)) if missing else []
    if not any(map(_reached, made)):
        # One new link may be dead, and one that was there lately tells whether nothing is.
        good = next((url for url, past in known.items() if past.outcome is Outcome.OK), None)
        if not (made and good and _reached(asyncio.run(_visits([good], visitor, lambda *_: None))[0])):
            return known
    memory.keep(made)
    return known | {each.url: each for each in made}


def _reached(visit: Visit) -> bool:
    return visit.outcome is not Outcome.UNREACHABLE


async def _visits(urls: list[str], visitor: Callable[[], Visitor], told: Callable[[int, int], None]) -> list[Visit]:
    walker = visitor()
    found = []
    try:
        for done in asyncio.as_completed([walker.visit(url) for url in urls]):
            found.append(await done)
            told(len(found), len(urls))
    finally:
        await walker.close()
    return found
