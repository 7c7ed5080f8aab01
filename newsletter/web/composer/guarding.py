"""Who may use the studio: the browser that was opened for it, on this machine, from its own pages.

Any page on the web can send requests to a port of this machine, and can have its own name point here (DNS rebinding).
So the address that is opened once holds a key, which becomes a cookie; hosts are those of this machine; and what
changes something comes from a page of ours.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.composer.places import path_of

HOSTS = frozenset({"127.0.0.1", "localhost"})
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SAFE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_CLOSED = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    "<title>Newsletter</title><style>body{{font:17px/1.6 system-ui,sans-serif;max-width:34em;margin:15vh auto;"
    "padding:0 24px}}</style><h1>Open it from the terminal</h1><p>{} The command <code>newsletter compose</code> has "
    "printed an address with a key in it. Open that one; this browser then knows the way until the command ends."
)


class Guard:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, *, key: str) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", PAGE_POLICY)
                headers.setdefault("Cache-Control", "no-store")
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(Request(scope))
        await (refused or self._app)(scope, receive, sent)

    def _refusal(self, request: Request) -> Response | None:
        host, _, port = request.headers.get("host", "").lower().partition(":")
        if host not in HOSTS:
            return _closed("This address is not that of the studio.", 421)
        # Browsers keep cookies of one host together, whatever the port.
        cookie = f"newsletter-{port or '80'}"
        if request.method == "GET" and self._is_key(request.query_params.get("key", "")):
            opened = RedirectResponse("/" + path_of(request).partition("?")[0].lstrip("/"), 303)
            opened.set_cookie(cookie, self._key, httponly=True, samesite="strict", path="/")
            return opened
        if not self._is_key(request.cookies.get(cookie, "")):
            return _closed("This browser does not have the key.", 403)
        if request.method not in {"GET", "HEAD"} and not _is_from_here(request.headers):
            return _closed("What you pressed is not on a page of the studio.", 403)
        return None

    def _is_key(self, given: str) -> bool:
        return secrets.compare_digest(given.encode("utf-8", "replace"), self._key.encode())


def _is_from_here(headers: Headers) -> bool:
    """Whether a page of ours sends a request: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin", "")
    if site is not None:
        return site == "same-origin"
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _closed(why: str, status: int) -> Response:
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return HTMLResponse(_CLOSED.format(why), status, {"Content-Security-Policy": policy})
