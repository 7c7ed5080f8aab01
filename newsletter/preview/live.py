"""A page that shows an issue while it is written: each save is in the browser before the eye has moved there.

It answers on this machine alone, and only the browser that was opened for it: drafts are nobody else's business.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.errors import NewsletterError
from newsletter.model.wording import sentence
from newsletter.preview import report
from newsletter.preview.coded import coded
from newsletter.preview.guarding import SAFE, Guard
from newsletter.preview.modes import DESKTOP, MODES, live_document
from newsletter.preview.page import FRAME_POLICY, NOTHING
from newsletter.preview.states import Preview

_PAGE_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE: Mapping[str, str] = {**SAFE, "Referrer-Policy": "no-referrer"}
_MOST_QUIET = 20
"""Seconds without a word, after which a browser that has gone is noticed."""


@dataclass
class Studio:
    """What the page shows: the last state that could be built, and what is wrong with the present one.

    `glance` makes a preview fast, without places and findings; `look` makes it whole. Both raise NewsletterError.
    """

    glance: Callable[[], Preview]
    look: Callable[[], Preview]
    shown: Preview
    trouble: str = ""
    revision: int = 0
    whole: bool = False
    ended: bool = False
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def refresh(self) -> None:
        """Build the issue anew and tell every page, first what it looks like and then what is to be said about it."""
        for make, whole in ((self.glance, False), (self.look, True)):
            try:
                made = await asyncio.to_thread(make)
            except Exception as error:  # noqa: BLE001  whoever waits for the page must see why it stands still
                trouble = error if isinstance(error, NewsletterError) else _fault(error)
                kept = replace(self.shown, findings=trouble.findings or self.shown.findings)
                await self._tell(kept, _banner(trouble, built=kept.state is not None), whole=True)
                return
            kept = made if whole else replace(made, findings=self.shown.findings)
            await self._tell(kept, "", whole=whole)

    async def _tell(self, shown: Preview, trouble: str, *, whole: bool) -> None:
        async with self._changed:
            self.shown, self.trouble, self.whole = shown, trouble, whole
            self.revision += 1
            self._changed.notify_all()

    async def _later(self, than: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.ended or self.revision != than)

    async def end(self) -> None:
        """Let every page go: a server that waits for them would never end."""
        async with self._changed:
            self.ended = True
            self._changed.notify_all()

    async def messages(self) -> AsyncIterator[str]:
        """Yield what pages must know, now and whenever it changes."""
        seen = -1
        while not self.ended:
            if seen != self.revision:
                seen = self.revision
                yield f"data: {json.dumps(self._message())}\n\n"
            try:
                await asyncio.wait_for(self._later(seen), _MOST_QUIET)
            except TimeoutError:
                yield ": still here\n\n"

    def _message(self) -> dict[str, Any]:
        message: dict[str, Any] = {
            "revision": str(self.revision),
            "trouble": self.trouble,
            "pages": [page.name for page in self.shown.state.pages] if self.shown.state else [],
        }
        if self.whole:
            known = _context(self.shown)
            message["head"] = report.rendered("head.html.j2", known)
            message["panels"] = report.rendered("panels.html.j2", known)
        return message


def application(studio: Studio, watch: Callable[[], AsyncIterator[object]], key: str) -> ASGIApp:
    """Return the application for the browser that has been given `key`.

    `watch` yields whenever a file has changed that the issue may depend on.
    """

    async def follow() -> None:
        async for _ in watch():
            await studio.refresh()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await studio.refresh()
        following = asyncio.create_task(follow())
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    async def page(_: Request) -> Response:
        script = report.asset("report.js")
        around = {"policy": "", "script": script, "style": report.asset("report.css"), "live": True, "data": ""}
        html = report.rendered("report.html.j2", {**_context(studio.shown), **around})
        policy = _PAGE_POLICY.format(script=report.fingerprint(script))
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    async def email(request: Request) -> Response:
        state = studio.shown.state
        if state is None:
            return HTMLResponse(NOTHING, 404, headers={"Content-Security-Policy": FRAME_POLICY})
        asked = request.query_params
        shown = next((page for page in state.pages if page.name == asked.get("page")), state.pages[0])
        mode = next((mode for mode in MODES if mode.key == asked.get("mode")), DESKTOP)
        html = live_document(shown, mode, sender=state.sender)
        return HTMLResponse(html, headers={"Content-Security-Policy": FRAME_POLICY})

    async def changes(_: Request) -> Response:
        return StreamingResponse(studio.messages(), media_type="text/event-stream")

    routes = [Route("/", page), Route("/email", email), Route("/changes", changes)]
    return Guard(Starlette(routes=routes, lifespan=lifespan), key=key, command="preview", headers=_SAFE)


def _context(shown: Preview) -> dict[str, Any]:
    return {**report.context(shown), "modes": MODES, "frame": ""}


def _fault(error: Exception) -> NewsletterError:
    what = f"{type(error).__name__}: {error}"
    return NewsletterError(what, fix="save again; if it stays, this is a fault of newsletter itself: please report it")


def _banner(error: NewsletterError, *, built: bool) -> str:
    """Return an error as HTML: what, where, and what to do; `built` if an email that could be built is shown below."""
    below = "This is the last version that could be built." if built else "The issue cannot be built."
    lines = [f"<strong>{below}</strong> {coded(sentence(error.message))}"]
    for finding in error.findings[:5]:
        place = f"<code>{escape(finding.place)}</code> " if finding.place.file else ""
        fix = f" {coded(sentence(finding.fix))}" if finding.fix else ""
        lines.append(f"{place}{coded(sentence(finding.message))}{fix}")
    if len(error.findings) > 5:
        lines.append(f"and {len(error.findings) - 5} more")
    if not error.findings and error.fix:
        lines.append(coded(sentence(error.fix)))
    return "<br>".join(lines)
