"""What surrounds every answer: who is asked, the headers that browsers obey, and one log line.

A log line names the route, never the path: paths hold tokens. Neither addresses nor networks are written down.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("newsletter.readers")
_PACKAGE = Path(__file__).parents[2]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {frames}"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ONE_YEAR = "max-age=31536000"


class Guard:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, *, public_url: str, local: bool) -> None:
        """`local` says that only this machine reaches the service, under whatever name it has here."""
        self._app = app
        parts = urlsplit(public_url)
        self._hosts = {parts.hostname or ""} | (LOOPBACK if local else set())
        self._secure = parts.scheme == "https"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        answer = _Answer(scope, send, secure=self._secure)
        app = self._app if self._is_asked(scope) else PlainTextResponse("there is no such host here\n", 421)
        try:
            await app(scope, receive, answer.send)
        # Its words are not logged: databases repeat addresses in theirs.
        except Exception as error:  # noqa: BLE001
            answer.problem = f"{type(error).__name__} at {_place(error)}"
            if not answer.status:
                await PlainTextResponse("something went wrong on our side; nothing has changed\n", 500)(
                    scope, receive, answer.send
                )
        finally:
            answer.log()

    def _is_asked(self, scope: Scope) -> bool:
        if scope["path"].rstrip("/").endswith("/health"):
            # Load balancers ask by number.
            return True
        host = Headers(scope=scope).get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return name in self._hosts


class _Answer:
    """One answer on its way."""

    def __init__(self, scope: Scope, send: Send, *, secure: bool) -> None:
        self._scope, self._send = scope, send
        self._secure = secure or scope.get("scheme") == "https"
        self._begun = time.monotonic()
        self.status = 0
        self.bytes = 0
        self.problem = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._complete(MutableHeaders(scope=message))
        else:
            self.bytes += len(message.get("body", b""))
        await self._send(message)

    def _complete(self, headers: MutableHeaders) -> None:
        state = self._scope["state"]
        for name, value in _ALWAYS.items():
            headers[name] = value
        if not state.get("indexed"):
            headers["X-Robots-Tag"] = "noindex"
        frames = state.get("frames", ())
        policy = state.get("policy") or PAGE_POLICY.format(frames=" ".join(frames) or "'none'")
        headers["Content-Security-Policy"] = policy
        if not frames:
            headers["X-Frame-Options"] = "DENY"
        if self._secure:
            headers["Strict-Transport-Security"] = _ONE_YEAR
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")

    def log(self) -> None:
        route = getattr(self._scope.get("route"), "path", "")
        # Of a mounted part only its own path is known there.
        part = "/hooks" if self._scope.get("root_path", "").endswith("/hooks") else ""
        data = {
            "method": self._scope["method"] if self._scope["method"] in _METHODS else "other",
            "route": part + route if route else "",
            "status": self.status,
            "ms": round((time.monotonic() - self._begun) * 1000),
            "bytes": self.bytes,
        }
        problem = self.problem or self._scope["state"].get("problem")
        if problem:
            data["problem"] = problem
        _LOG.log(logging.ERROR if problem else logging.INFO, "request", extra={"data": data})


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Lines(logging.Formatter):
    """Log records as one JSON object a line, with nothing but what was meant for it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        data = getattr(record, "data", {})
        line = {"time": at, "level": record.levelname.lower(), "event": record.getMessage(), **data}
        if record.exc_info and record.exc_info[1]:
            line["problem"] = f"{type(record.exc_info[1]).__name__} at {_place(record.exc_info[1])}"
        return json.dumps(line, ensure_ascii=False)


def _place(error: BaseException) -> str:
    """Return where in our own code something failed, or else where it failed."""
    frames = traceback.extract_tb(error.__traceback__)
    # By folder: a project, its environment and so all libraries may lie in one that is called as we are.
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    if own:
        return f"{Path(own[-1].filename).relative_to(_PACKAGE).as_posix()}:{own[-1].lineno}"
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
