"""Who may see the live preview and the studio: the browser that was opened for it, on this machine, from its own pages.

Any page on the web can send requests to a port of this machine, and can have its own name point here (DNS rebinding).
So the address that is opened once holds a key, which becomes a cookie; hosts are those of this machine; and what
changes something comes from a page of ours.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOSTS = frozenset({"127.0.0.1", "localhost"})
SAFE: Mapping[str, str] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
)
"""Headers that every answer has."""
_CLOSED = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    "<title>Newsletter</title><style>body{{font:17px/1.6 system-ui,sans-serif;max-width:34em;margin:15vh auto;"
    "padding:0 24px}}</style><h1>Open it from the terminal</h1><p>{} The command <code>newsletter {}</code> has "
    "printed an address with a key in it. Open that one; this browser then knows the way until the command ends."
)


class Guard:
    """The outermost layer; `command` is what prints the address with the key.

    What an answer does not say otherwise is said by `headers`.
    """

    def __init__(self, app: ASGIApp, *, key: str, command: str, headers: Mapping[str, str]) -> None:
        self._app = app
        self._key = key
        self._command = command
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(Request(scope))
        await (refused or self._app)(scope, receive, sent)

    def _refusal(self, request: Request) -> Response | None:
        host, _, port = request.headers.get("host", "").lower().partition(":")
        if host not in _HOSTS:
            return self._closed("This is not the address that was opened.", 421)
        # Browsers keep cookies of one host together, whatever the port.
        cookie = f"newsletter-{port or '80'}"
        if request.method == "GET" and self._is_key(request.query_params.get("key", "")):
            opened = RedirectResponse(_without_key(request), 303)
            opened.set_cookie(cookie, self._key, httponly=True, samesite="strict", path="/")
            return opened
        if not self._is_key(request.cookies.get(cookie, "")):
            return self._closed("This browser does not have the key.", 403)
        if request.method not in {"GET", "HEAD"} and not _is_from_here(request.headers):
            return self._closed("What you pressed is not on a page of its own.", 403)
        return None

    def _is_key(self, given: str) -> bool:
        return secrets.compare_digest(given.encode("utf-8", "replace"), self._key.encode())

    def _closed(self, why: str, status: int) -> Response:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        return HTMLResponse(_CLOSED.format(why, self._command), status, {"Content-Security-Policy": policy})


def _without_key(request: Request) -> str:
    """Return what was asked for without the key, on this very host."""
    rest = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "key"])
    return "/" + quote(request.scope["path"], safe="/").lstrip("/") + (f"?{rest}" if rest else "")


def _is_from_here(headers: Headers) -> bool:
    """Whether a page of ours sends a request: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin", "")
    if site is not None:
        return site == "same-origin"
    # Not taken apart as an address: what somebody has made up need not be one.
    return origin.partition("://")[2].lower() == headers.get("host", "").lower()
