"""Pages that more than one way ends at."""

from __future__ import annotations

import math

from starlette.requests import Request
from starlette.responses import Response

from newsletter.audience import Address
from newsletter.web.public.catalogue import PATH, archived_lists
from newsletter.web.public.forms import Form
from newsletter.web.public.pages import Page


def asked(page: Page, address: Address | None = None) -> Response:
    """Say that a message may be on its way, whether or not one is; to the address that was typed, as it was read."""
    texts = page.say("asked.text"), page.say("asked.nothing")
    return page.message(page.say("asked.heading"), *texts, address=address.written if address else "")


def limited(page: Page, seconds: float) -> Response:
    """Say when to try again."""
    minutes = page.say("minutes", math.ceil(seconds / 60))
    response = page.message(page.say("limited.heading"), page.say("limited.text", minutes=minutes), status=429)
    response.headers["Retry-After"] = str(math.ceil(seconds))
    return response


def expired(request: Request, way: str = "subscribe") -> Response:
    """Say that a link no longer works, and where to get another one."""
    page = Page(request)
    name, path = {"subscribe": ("to_subscribe", "/"), "preferences": ("ask.button", "/preferences")}[way]
    return page.message(
        page.say("expired.heading"), page.say("expired.text"), way=page.way(name, path, main=True), status=410
    )


def foreign(request: Request, form: Form) -> Response:
    """Refuse a form that another site sent in the reader's name."""
    page = Page(request, chosen=form.one("language"))
    return page.message(page.say("foreign.heading"), page.say("foreign.text"), status=403)


def missing(request: Request) -> Response:
    """Say that an address leads nowhere, and where whoever followed a broken link can do what they came for."""
    page = Page(request)
    return page.message(
        page.say("missing.heading"),
        page.say("missing.text"),
        way=page.way("to_preferences", "/preferences"),
        more=page.way("to_archive", PATH) if archived_lists(page.service) else None,
        status=404,
    )


def plain(request: Request, name: str, status: int) -> Response:
    """Return a page that has a heading and a text."""
    page = Page(request)
    return page.message(page.say(f"{name}.heading"), page.say(f"{name}.text"), status=status)
