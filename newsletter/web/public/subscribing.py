"""Subscribing: the form, and what it asks for. The answer is the same whoever the address belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from newsletter import audience
from newsletter.audience import Address, Choice, SignupKind
from newsletter.errors import AudienceError
from newsletter.web.public import answers, forms, limits
from newsletter.web.public.forms import Form
from newsletter.web.public.pages import Page, listed
from newsletter.web.public.service import Service, service_of

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose."""

    value: str
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Filled:
    email: str = ""
    name: str = ""
    lists: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Errors:
    email: str = ""
    lists: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a form shows above itself when it comes again."""

    title: str
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """What is wrong, each with the id of the field that it leads to."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The form as it is shown, first or again."""

    filled: _Filled = field(default_factory=_Filled)
    errors: _Errors = field(default_factory=_Errors)
    problem: Problem | None = None
    status: int = 200
    stamp: str = ""
    """Of the form that comes again."""


def offered(service: Service, language: str = "") -> tuple[Option, ...]:
    """Return the lists that anybody may join, as readers of a language know them."""
    lists = service.workspace.settings.in_language(language).lists
    return tuple(Option(name, item.title, item.description) for name, item in lists.items() if item.public)


def topics(page: Page) -> tuple[Option, ...]:
    """Return the topics to choose among, in the page's language where there is a word for one."""
    known = page.service.workspace.settings.readers.topics
    return tuple(
        Option(topic, page.say(f"topics.{topic}") if page.words.has(f"topics.{topic}") else topic) for topic in known
    )


def form(request: Request) -> Response:
    """Show the form."""
    wanted = tuple(request.query_params.getlist("list"))
    return _form(request, Page(request), _Shown(_Filled(lists=wanted)))


def subscribe(request: Request, form: Form) -> Response:
    """Take a form, and say that a message may be on its way."""
    service, page = service_of(request), Page(request, chosen=form.one("language"))
    known = {option.value for option in offered(service)}
    filled = _Filled(
        form.one("email"),
        form.one("name", _LONGEST_NAME),
        tuple(dict.fromkeys(name for name in form.many("list") if name in known)),
        tuple(topic for topic in service.workspace.settings.readers.topics if topic in form.many("topic")),
    )
    if not known:
        return _form(request, page, _Shown())
    if form.one("website"):
        # Only a machine fills in what nobody sees; it learns nothing from the answer.
        return answers.asked(page, read(page, filled.email)[0])
    again = once_more(request, page, form)
    if again:
        return _form(request, page, _Shown(filled, problem=again, stamp=form.one("form")))
    address, errors = _errors(page, filled)
    if address is None or errors.lists:
        # What is told away from its field names the field.
        choose = f"{page.say('lists_title')} {errors.lists}" if errors.lists else ""
        told = tuple((where, text) for where, text in (("email", errors.email), ("list-1", choose)) if text)
        problem = Problem(page.say("wrong"), fields=told)
        return _form(request, page, _Shown(filled, errors, problem, status=422, stamp=form.one("form")))
    choice = Choice(filled.lists, filled.name, filled.topics)
    return keep(request, page, SignupKind.SUBSCRIBE, address, choice, consent(page, filled.lists))


def consent(page: Page, chosen: tuple[str, ...]) -> str:
    """Return the sentence that the form shows above its button."""
    if len(offered(page.service)) > 1:
        return page.say("subscribe.consent_many")
    return page.say("subscribe.consent", lists=listed(page.words, page.service, chosen))


def keep(request: Request, page: Page, kind: SignupKind, address: Address, choice: Choice, wording: str) -> Response:
    """Keep what a form asks for about an address, within the limits, and answer."""

    def ask(connection: Connection, now: datetime) -> None:
        audience.ask(connection, kind, address, choice, language=page.language, wording=wording, now=now)

    return within_limits(request, page, limits.mailbox_of(address.key), ask, address)


def within_limits(
    request: Request,
    page: Page,
    who: str,
    ask: Callable[[Connection, datetime], None],
    address: Address | None = None,
) -> Response:
    """Let `ask` keep what somebody asks for, and answer; a network that asks too often is told when to try again.

    Whoever asks more often for one address gets the same answer, and nothing else happens.
    """
    service = page.service
    now, key = service.clock(), service.keys().all[-1]
    network = limits.network_of(request.client.host if request.client else None)
    with service.database.writing() as connection:
        seconds = limits.wait(connection, limits.NETWORK, network, key, now)
        if seconds:
            return answers.limited(page, seconds)
        if not limits.wait(connection, limits.ADDRESS, who, key, now):
            ask(connection, now)
    service.wake()
    return answers.asked(page, address)


def read(page: Page, text: str) -> tuple[Address | None, str]:
    """Return an address, or what to tell about one that is none, or none to which our letters come."""
    try:
        address = audience.read_address(text)
    except AudienceError:
        return None, page.say("wrong_address")
    if address.is_international and not page.service.provider.capabilities.smtputf8:
        return None, page.say("wrong_letters")
    return address, ""


def once_more(request: Request, page: Page, form: Form) -> Problem | None:
    """Ask for another press of the button where a form is not ours, too old, or filled in faster than people can."""
    service = page.service
    ours = forms.is_fresh(form.one("form"), service.keys(), service.clock()) and not forms.from_elsewhere(request)
    return None if ours else Problem(page.say("once_more"), page.say("once_more_text"))


def _errors(page: Page, filled: _Filled) -> tuple[Address | None, _Errors]:
    address, wrong = read(page, filled.email)
    return address, _Errors(wrong, "" if filled.lists else page.say("wrong_lists"))


def _form(request: Request, page: Page, shown: _Shown) -> Response:
    service = page.service
    options = offered(service, page.language)
    return page.show(
        "subscribe",
        page.say("subscribe.heading"),
        status=shown.status,
        offered=options,
        topics=topics(page),
        form=shown.filled,
        errors=shown.errors,
        problem=shown.problem,
        consent=consent(page, tuple(option.value for option in options)),
        stamp=forms.stamp(service.keys(), service.clock(), shown.stamp),
    )
