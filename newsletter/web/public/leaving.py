"""Leaving: a page with a button for people, and RFC 8058's one click for mail programs, at the same address.

A POST leaves whatever its body is, without cookies and without sending anybody elsewhere, as often as it comes. GET
changes nothing. Neither says anything about the person, because whoever was forwarded the mail can open it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from newsletter import audience, tracking
from newsletter.audience import SignupKind
from newsletter.errors import StorageError
from newsletter.store import Subject, read_delivery_id, read_token, schema
from newsletter.web.public import answers
from newsletter.web.public.forms import Form
from newsletter.web.public.pages import Page, listed
from newsletter.web.public.service import Service, is_proof, service_of

_LOG = logging.getLogger("newsletter.readers")
_LEFT_BY_PAGE, _LEFT_BY_ONE_CLICK = "unsubscribe page", "one click"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of ours, known by the token in its links."""

    subscriber_id: int
    language: str
    lists: tuple[str, ...] | None
    """Those that it was sent to; nothing where it was a letter about all of them, or where that is not known."""
    signup_id: int | None = None
    """Of a letter that asks whether somebody wants to subscribe at all."""
    mailing_id: int | None = None
    """Of an issue that is known here."""


def question(request: Request) -> Response:
    """Show the button."""
    service, token = service_of(request), request.path_params["token"]
    if is_proof(token):
        return answers.plain(request, "proof", 200)
    found = message(service, token)
    if found is None:
        return answers.missing(request)
    page = Page(request, found.language)
    if found.signup_id is not None:
        return page.show("decline", page.say("decline.heading"))
    names = listed(page.words, service, found.lists) if found.lists else page.newsletter
    more = bool(found.lists) and len(service.workspace.settings.lists) > len(found.lists or ())
    return page.show("leave", page.say("leave.heading", lists=names), token=token, more=more)


def leave(request: Request, form: Form) -> Response:
    """Leave."""
    service, token = service_of(request), request.path_params["token"]
    if is_proof(token):
        return answers.plain(request, "proof", 200)
    found = message(service, token)
    if found is None:
        return answers.missing(request)
    page = Page(request, found.language, form.one("language"))
    if found.signup_id is not None:
        audience.decline(service.database, found.signup_id, now=service.clock())
        return _said(request, page, page.say("declined.heading"), page.say("declined.text"))
    lists = None if form.one("everything") else found.lists
    source = _LEFT_BY_PAGE if form.one("language") else _LEFT_BY_ONE_CLICK
    if take_off(service, found.subscriber_id, lists, source) and found.mailing_id is not None:
        _count(service, found.mailing_id)
    text = page.say("left.text", lists=listed(page.words, service, lists)) if lists else page.say("left.all")
    return _said(request, page, page.say("left.heading"), text, page.say("left.back"))


def _count(service: Service, mailing_id: int) -> None:
    try:
        tracking.count_leaving(service.database, mailing_id, now=service.clock())
    except (StorageError, ProgrammingError) as error:
        # They have left, and must not be told otherwise. The second where a role has no right to add events.
        _LOG.error("leaving", extra={"data": {"outcome": "not counted", "problem": type(error).__name__}})


def take_off(service: Service, subscriber_id: int, lists: Sequence[str] | None, source: str) -> tuple[str, ...]:
    """Take a subscriber off some lists, or off all; return those that they were still on."""
    return audience.unsubscribe_by_id(service.database, subscriber_id, lists, source=source, now=service.clock())


def message(service: Service, token: str) -> Message | None:
    """Return which message a token stands for: a delivery of an issue, or a letter."""
    keys = service.keys().all
    delivery = read_delivery_id(token, keys)
    if delivery is not None:
        return _delivery(service, *delivery)
    letter = read_token(Subject.SIGNUP, token, keys)
    signup = audience.find_signup(service.database, letter[1]) if letter else None
    if signup is None:
        return None
    asks = signup.kind is SignupKind.SUBSCRIBE and bool(letter and letter[0])
    if asks and signup.known:
        # The question has been answered; whoever presses the button now wants to leave what they joined by it.
        return Message(signup.subscriber_id, signup.language, signup.choice.lists)
    return Message(signup.subscriber_id, signup.language, None, signup.id if asks else None)


def _delivery(service: Service, mailing_id: int, subscriber_id: int) -> Message:
    mailings, deliveries, editions = schema.mailings, schema.deliveries, schema.editions
    with service.database.reading() as connection:
        lists = connection.scalar(select(mailings.c.lists).where(mailings.c.id == mailing_id))
        language = connection.scalar(
            select(editions.c.language)
            .join(
                deliveries,
                (deliveries.c.mailing_id == editions.c.mailing_id) & (deliveries.c.edition == editions.c.number),
            )
            .where(deliveries.c.mailing_id == mailing_id, deliveries.c.subscriber_id == subscriber_id)
        )
    if lists is None:
        # A mailing that left after the copy from which the database was put back is known by its readers' links alone.
        return Message(subscriber_id, language or "", None)
    return Message(subscriber_id, language or "", tuple(lists), mailing_id=mailing_id)


def _said(request: Request, page: Page, heading: str, *texts: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"schema": 1, "left": True})
    way = page.way("subscribe_again", "/") if len(texts) > 1 else None
    return page.message(heading, *texts, way=way)
