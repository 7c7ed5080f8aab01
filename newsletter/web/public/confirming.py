"""Confirming: opening the link shows a question, and only its button answers it."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from newsletter import audience
from newsletter.audience import Signup
from newsletter.store import Subject, read_token
from newsletter.web.public import answers, forms
from newsletter.web.public.catalogue import PATH, archived_lists
from newsletter.web.public.forms import Form
from newsletter.web.public.pages import Page, Way, listed
from newsletter.web.public.service import CHANGE_WITHIN, Service, service_of


def question(request: Request) -> Response:
    """Ask whether the reader wants what somebody asked for with their address."""
    service = service_of(request)
    number = _number(request, service, service.clock())
    signup = audience.find_open(service.database, number) if number is not None else None
    if signup is None:
        return answers.expired(request)
    page = Page(request, signup.language)
    lists = listed(page.words, service, signup.choice.lists)
    return page.show("confirm", page.say("confirm.heading"), lists=lists)


def confirm(request: Request, form: Form) -> Response:
    """Subscribe; the second time changes nothing."""
    service, now = service_of(request), service_of(request).clock()
    if forms.from_elsewhere(request):
        return answers.foreign(request, form)
    number = _number(request, service, now)
    proof = f"pressed the button behind the link of signup {number}"
    signup = audience.confirm(service.database, number, proof=proof, now=now) if number is not None else None
    if signup is None:
        return answers.expired(request)
    page = Page(request, signup.language, form.one("language"))
    text = page.say("confirmed.text", lists=listed(page.words, service, signup.choice.lists))
    if signup.known:
        # Whoever holds an old letter must not come to the preferences by it.
        return page.message(page.say("confirmed.heading"), text)
    return page.message(
        page.say("confirmed.heading"),
        text,
        page.say("confirmed.more"),
        way=_to_preferences(page, signup, now),
        more=page.way("to_archive", PATH) if archived_lists(service) else None,
    )


def _to_preferences(page: Page, signup: Signup, now: datetime) -> Way:
    service = page.service
    until = int((now + CHANGE_WITHIN).timestamp())
    link = service.link("/preferences", Subject.PREFERENCES, until, signup.subscriber_id)
    return page.way("to_preferences", link.removeprefix(service.url("")), main=True)


def _number(request: Request, service: Service, now: datetime) -> int | None:
    found = read_token(Subject.CONFIRMATION, request.path_params["token"], service.keys().all)
    if found is None or datetime.fromtimestamp(found[0], now.tzinfo) <= now:
        return None
    return found[1]
