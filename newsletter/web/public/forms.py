"""What browsers send with a form: read within bounds, cleaned, and known to come from one of our pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from newsletter.store import SigningKeys, Subject, read_token, token
from newsletter.web.public.service import service_of

MOST_BYTES = 16_384
_MOST_DROPPED = 1_000_000
"""Bytes that are read and thrown away: who sends them gets an answer only when they have been taken."""
_PATIENCE = 10.0
"""Seconds in which a whole form must have come."""
_MOST_FIELDS = 200
_QUICKEST = timedelta(seconds=2)
_SLOWEST = timedelta(hours=12)

_JOINERS = "\u200c\u200d"

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form; whatever is no form has none."""

    fields: dict[str, list[str]] = field(default_factory=dict)

    def one(self, name: str, most: int = 254) -> str:
        """Return a field's first value on one line, without invisible characters."""
        return _line((self.fields.get(name) or [""])[0])[:most]

    def many(self, name: str) -> tuple[str, ...]:
        """Return every value of a field."""
        return tuple(_line(value) for value in self.fields.get(name, ()))


def taking_form(handler: Callable[[Request, Form], Response], *, whatever: bool = False) -> Endpoint:
    """Return an endpoint that reads a form and answers in a thread, because databases wait.

    `whatever` takes a body that is too large, too slow or broken off for none at all, instead of refusing it.
    """

    async def endpoint(request: Request) -> Response:
        body = await (_read_or_drop(request) if whatever else read_body(request, MOST_BYTES, _PATIENCE))
        return await run_in_threadpool(handler, request, _form(request, body))

    return endpoint


async def read_body(request: Request, most: int, patience: float) -> bytes:
    """Return a body; raise HTTPException 413 for one of more bytes, 408 for one that takes longer, 400 for a part."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise HTTPException(413)
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise HTTPException(413)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None
    return bytes(body)


async def _read_or_drop(request: Request) -> bytes:
    """Return a form's body; of a larger one nothing, once it has been read to its end or further than anybody needs."""
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(_PATIENCE):
            async for piece in request.stream():
                size += len(piece)
                if size <= MOST_BYTES:
                    body += piece
                if size > _MOST_DROPPED:
                    break
    except (TimeoutError, ClientDisconnect):
        return b""
    return bytes(body) if size <= MOST_BYTES else b""


def from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site sent the form.

    Our pages have the referrer policy `no-referrer`, with which browsers call their origin `null`.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    # A proxy may have taken the port off the name that it hands on.
    own = (request.headers.get("host"), urlsplit(service_of(request).url("")).netloc)
    # Not taken apart as an address: what somebody has made up need not be one.
    return origin not in {None, "null"} and (origin or "").partition("://")[2] not in own


def stamp(keys: SigningKeys, now: datetime, before: str = "") -> str:
    """Return what a form carries so that it is known when it was shown; one that is shown again keeps its time.

    Whoever presses the button of the second page at once would see the same page again, as if nothing had happened.
    """
    found = read_token(Subject.FORM, before, keys.all) if before else None
    if found is not None and timedelta() <= timedelta(seconds=now.timestamp() - found[1]) <= _SLOWEST:
        return before
    return token(Subject.FORM, 0, int(now.timestamp()), keys.newest)


def is_fresh(text: str, keys: SigningKeys, now: datetime) -> bool:
    """Whether a form was shown by us, long enough ago for a person to fill it in, and not too long."""
    found = read_token(Subject.FORM, text, keys.all)
    if found is None:
        return False
    return _QUICKEST <= timedelta(seconds=now.timestamp() - found[1]) <= _SLOWEST


def _form(request: Request, body: bytes) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return Form()
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        return Form()
    return Form(fields)


def _line(value: str) -> str:
    # In Persian and Hindi the two that part and join letters are no less part of a name than these.
    kept = "".join(letter if letter.isprintable() or letter in _JOINERS else " " for letter in value)
    return " ".join(word.strip(_JOINERS) for word in kept.split())
