"""Preferences: a link to them comes by mail alone, so that nobody reaches them with what was forwarded."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import audience
from newsletter.audience import Changes, Choice, Preferences, SignupKind
from newsletter.model.consent import Frequency
from newsletter.model.moment import Moment
from newsletter.model.tongues import nearest
from newsletter.model.topics import canonical_topics
from newsletter.rendering.letters import language_name
from newsletter.store import Subject, read_token
from newsletter.web.public import answers, forms, leaving, subscribing
from newsletter.web.public.forms import Form
from newsletter.web.public.pages import Page, masked
from newsletter.web.public.service import service_of
from newsletter.web.public.subscribing import Option, Problem

_PAUSES = (1, 2, 3, 6)
_MONTH = timedelta(days=30)
_KEEP = "keep"


def form(request: Request) -> Response:
    """Show the form that brings a link."""
    return _form(request, Page(request), Form())


def ask(request: Request, form: Form) -> Response:
    """Send a link to an address, or to whoever got a message; the answer is the same if there is nobody."""
    page = Page(request, chosen=form.one("language"))
    if form.one("message"):
        return _ask_for(request, page, form)
    address, wrong = subscribing.read(page, form.one("email"))
    if form.one("website"):
        return answers.asked(page, address)
    problem = subscribing.once_more(request, page, form)
    if problem:
        return _form(request, page, form, problem=problem)
    if address is None:
        return _form(request, page, form, wrong=wrong, problem=Problem(page.say("wrong"), fields=(("email", wrong),)))
    return subscribing.keep(request, page, SignupKind.PREFERENCES, address, Choice(), "")


def show(request: Request) -> Response:
    """Show what a subscriber has chosen."""
    opened = _open(request)
    if opened is None:
        return answers.expired(request, "preferences")
    _, held, until = opened
    page = Page(request, held.language)
    return _page(page, held, until=until, saved="saved" in request.query_params)


def change(request: Request, form: Form) -> Response:
    """Do what the page says."""
    if forms.from_elsewhere(request):
        return answers.foreign(request, form)
    service, now = service_of(request), service_of(request).clock()
    opened = _open(request)
    if opened is None:
        return answers.expired(request, "preferences")
    reader, held, _ = opened
    page = Page(request, held.language, form.one("language"))
    if form.one("leave"):
        leaving.take_off(service, reader, None, "preference page")
        return page.message(
            page.say("left.heading"),
            page.say("left.all"),
            page.say("left.back"),
            way=page.way("subscribe_again", "/"),
        )
    if not form.one("form"):
        # A body that is no form of ours would take the person off everything.
        return answers.plain(request, "unusable", 400)
    audience.change_preferences(service.database, reader, _changes(page, form, held, now), now=now)
    # Below the service's own path, which a proxy may have taken off what it asks for.
    there = f"{service.base}/preferences/{request.path_params['token']}"
    return RedirectResponse(f"{there}?saved=yes&language={page.language}", status_code=303)


def _changes(page: Page, form: Form, held: Preferences, now: datetime) -> Changes:
    offered = tuple(option.value for option in _offered(page, held))
    shown = _topics(page, held)
    frequency, pause = form.one("frequency"), form.one("pause")
    paused = held.paused_until if pause == _KEEP else None
    if pause.isdecimal() and int(pause) in _PAUSES:
        # The page names a day, on whose morning an issue may leave.
        zone = page.settings.zone
        paused = datetime.combine((now + int(pause) * _MONTH).astimezone(zone).date(), time(), zone)
    return Changes(
        offered=offered,
        lists=frozenset(form.many("list")) & frozenset(offered),
        topics=canonical_topics(set(form.many("topic")) & {option.value for option in shown}),
        language=_language(page, form, held),
        frequency=Frequency(frequency) if frequency in list(Frequency) else held.frequency,
        paused_until=paused,
        wordings=dict.fromkeys(offered, page.say("preferences.consent")),
        had=frozenset(form.many("had")),
        proof="chose it on the preference page, which a link in a letter opens",
    )


def _page(page: Page, held: Preferences, *, until: datetime, saved: bool) -> Response:
    service = page.service
    settings, now = service.workspace.settings, service.clock()
    paused = held.paused_until if held.paused_until and held.paused_until > now else None
    moment = page.words.date(paused.astimezone(settings.zone).date()) if paused else ""
    before, _, after = page.say("preferences.for", address="\0").partition("\0")
    pauses = [("0", page.say("preferences.pause_none"))]
    if paused:
        pauses.append((_KEEP, page.say("preferences.pause_keep", date=moment)))
    pauses += [(str(months), page.say("pause_months", months)) for months in _PAUSES]
    chosen: dict[str, Any] = {
        "lists": held.lists,
        "topics": held.topics,
        "language": _shown_language(page, held),
        "frequency": held.frequency,
        "pause": _KEEP if paused else "0",
    }
    return page.show(
        "preferences",
        page.say("preferences.heading"),
        saved=saved,
        address=masked(held.address),
        about_before=before,
        about_after=after,
        offered=_offered(page, held),
        topics=_topics(page, held),
        reading=_languages(page) if len(settings.readers.languages) > 1 else (),
        frequencies=[(each.value, page.say(f"frequencies.{each}")) for each in Frequency],
        pauses=pauses,
        paused=page.say("preferences.paused", date=moment) if paused else "",
        consent=page.say("preferences.consent"),
        chosen=chosen,
        stamp=forms.stamp(service.keys(), now),
        until=page.words.moment(Moment(until.astimezone(settings.zone))),
        here_preferences=True,
    )


def _offered(page: Page, held: Preferences) -> tuple[Option, ...]:
    """Return the lists that anybody may join, and the others that the person is on."""
    lists = page.settings.lists.items()
    return tuple(
        Option(name, item.title, item.description) for name, item in lists if item.public or name in held.lists
    )


def _topics(page: Page, held: Preferences) -> tuple[Option, ...]:
    """Return the topics to choose among, as they are stored, with those chosen earlier that are no longer offered."""
    offered = [Option(canonical_topics([option.value])[0], option.title) for option in subscribing.topics(page)]
    known = {option.value for option in offered}
    return (*offered, *(Option(topic, topic) for topic in held.topics if topic not in known))


def _languages(page: Page) -> list[tuple[str, str]]:
    languages = page.service.workspace.settings.readers.languages
    return [("", page.say("preferences.language_any")), *((tag, language_name(tag)) for tag in languages)]


def _shown_language(page: Page, held: Preferences) -> str:
    return nearest(held.language, page.service.workspace.settings.readers.languages) or ""


def _language(page: Page, form: Form, held: Preferences) -> str:
    """Return the language that was chosen; what is left as the page shows it stays, a variety that it lacks, too."""
    offered = {tag for tag, _ in _languages(page)}
    chosen = form.one("reading") if "reading" in form.fields else None
    return chosen if chosen in offered and chosen != _shown_language(page, held) else held.language


def _ask_for(request: Request, page: Page, form: Form) -> Response:
    found = leaving.message(page.service, form.one("message"))
    if found is None:
        return answers.missing(request)
    reader = found.subscriber_id

    def ask(connection: Connection, now: datetime) -> None:
        audience.ask_for(connection, reader, language=page.language, now=now)

    return subscribing.within_limits(request, page, f"subscriber {reader}", ask)


def _form(request: Request, page: Page, form: Form, *, wrong: str = "", problem: Problem | None = None) -> Response:
    service = page.service
    return page.show(
        "ask",
        page.say("ask.heading"),
        status=422 if wrong else 200,
        form={"email": form.one("email")},
        errors={"email": wrong},
        problem=problem,
        stamp=forms.stamp(service.keys(), service.clock(), form.one("form")),
        here_preferences=True,
    )


def _open(request: Request) -> tuple[int, Preferences, datetime] | None:
    """Return the subscriber whose preferences a link opens, with what they have chosen, and until when."""
    service = service_of(request)
    found = read_token(Subject.PREFERENCES, request.path_params["token"], service.keys().all)
    if found is None:
        return None
    now = service.clock()
    until = datetime.fromtimestamp(found[0], now.tzinfo)
    held = audience.preferences(service.database, found[1]) if now < until else None
    return (found[1], held, until) if held else None
