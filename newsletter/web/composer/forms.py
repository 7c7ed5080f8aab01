"""What the studio's own pages send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.content.line_ends import on_one_line
from newsletter.errors import ContentError, NewsletterError, StorageError
from newsletter.model.moment import read_day
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.errands import Errand

_MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form."""

    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return a field with plain line ends, as it was typed; empty where it is not there."""
        return self.fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n")

    def line(self, name: str) -> str:
        """Return a field on one line, without blanks around it."""
        return on_one_line(self.text(name))

    def day(self, name: str) -> dt.date | None:
        """Return the day in a field, nothing where it is empty; raise ContentError for what is none."""
        written = self.line(name)
        try:
            return read_day(written) if written else None
        except ValueError as error:
            raise ContentError(f"the date {error}", fix="write it like 2026-11-24") from None

    def below(self, prefix: str) -> dict[str, str]:
        """Return the fields whose names begin with `prefix`, without it."""
        return {name[len(prefix) :]: self.text(name) for name in self.fields if name.startswith(prefix)}


def desk_of(request: Request) -> Desk:
    """Return the desk that a request is about."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101
    return desk


def taking_form(handler: Callable[[Request, Desk, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that changes something; what stands in the way is told on the page that it came from."""

    async def endpoint(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BYTES:
                raise HTTPException(413)
        try:
            fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)
        except ValueError:
            raise HTTPException(413) from None
        return await run_in_threadpool(_taken, handler, request, Form(dict(fields)))

    return endpoint


def _taken(handler: Callable[[Request, Desk, Form], Response], request: Request, form: Form) -> Response:
    desk = desk_of(request)
    try:
        return handler(request, desk, form)
    except NewsletterError as error:
        desk.notice, desk.trouble = "", error
    except OSError as error:
        desk.notice, desk.trouble = "", by_the_system(error)
    return back(form)


def by_the_system(error: OSError) -> NewsletterError:
    """Return what to tell when the system does not let a file be read or written."""
    name = Path(str(error.filename)).name if error.filename else "a file"
    return StorageError(
        f"{name} cannot be read or written",
        why=f"the system says: {error.strerror or error}",
        fix="check that the disk is not full and that you may change this file and its folder",
    )


def back(form: Form) -> Response:
    """Return to the page that a form was on."""
    path = form.text("back") or "/"
    # Nothing but a path of ours: `//host` would lead elsewhere. What somebody has made up need not be an address.
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return RedirectResponse(path if safe else "/", 303)


def trouble_of(errand: Errand[Any] | None) -> NewsletterError | None:
    """Return what stood in the way of an errand that is over, where a person can do something about it."""
    try:
        if errand:
            errand.answer()
    except NewsletterError as error:
        return error
    except OSError as error:
        return by_the_system(error)
    return None
