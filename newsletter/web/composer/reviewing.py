"""Before it leaves: what is still open, whose word it has, a proof for the team, and how many people would get it."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from newsletter import approval, audience, pipeline, sending, store
from newsletter.errors import ConfigurationError, ContentError, NewsletterError, Refused
from newsletter.model.approval import Standing, State
from newsletter.model.mailing import Mailing, MailingState
from newsletter.model.wording import clock
from newsletter.pipeline import Build
from newsletter.web.composer import links
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would get an issue, or why nobody can say."""

    people: int = 0
    suppressed: int = 0
    lists: tuple[str, ...] = ()
    problem: str = ""
    nobody: bool = False
    """Whether nobody is on any list yet."""


def context(look: Look, mailing: Mailing | None) -> dict[str, Any]:
    """Return what the panel shows; `mailing` is the issue's newest one, where one was started."""
    standing, unreadable, me = None, "", ""
    with suppress(NewsletterError):
        me = str(approval.whoami(look.workspace.root) or "")
    if look.build:
        try:
            standing = pipeline.standing(look.workspace, look.build)
        except NewsletterError as error:
            unreadable = error.message
    settings = look.workspace.settings
    return {
        "links": links.followed(look),
        "begun": None if mailing is None or _is_taken_back(look, mailing) else mailing,
        "standing": standing,
        "unreadable": unreadable,
        "approved": standing is not None and standing.state is State.APPROVED,
        "approved_at": _moment(look, standing) if standing and standing.approval else "",
        "wanted": settings.approval.required,
        "me": me,
        "audience": _audience(look) if look.build else Audience(problem="the issue cannot be built yet"),
        "sender": settings.sender,
        "proof_to": ", ".join(settings.proof_to),
        "providers": _providers(look),
        "leaves": _leaves(look),
        "zone": settings.zone.key,
    }


def approve(request: Request, desk: Desk, form: Form) -> Response:
    """Record that somebody answers for the issue as it is on the page that they pressed the button on."""
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        built = _built(look)
        if form.text("digest") != built.digest:
            raise Refused(
                "nothing is approved",
                why="the issue has changed since the page was shown, so you have not seen what would be approved",
                fix="look at it again, then approve",
            )
        by = approval.person(form.line("by"))
        if not str(by):
            raise ConfigurationError(
                "an approval needs a name",
                why="it says who answers for the issue",
                fix="write your name into the field",
            )
        pipeline.approve(look.workspace, built, by, dt.datetime.now(look.workspace.settings.zone))
    desk.notice = f"{by} has approved it."
    if approval.has_history(look.workspace.root):
        desk.notice += " Commit approval.yaml and issue.lock, so that it shows who answers for it."
    return back(form)


def withdraw(request: Request, desk: Desk, form: Form) -> Response:
    """Take the approval back."""
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        for path in approval.paths(look.workspace, look.name):
            path.unlink()
    desk.notice = "It is no longer approved."
    return back(form)


def proof(request: Request, desk: Desk, form: Form) -> Response:
    """Send the issue, marked as a proof, to some of the team."""
    look = desk.look(request.path_params["issue"])
    built = _built(look)
    to = [address for address in re.split(r"[\s,;]+", form.line("to")) if address]
    if not to:
        raise ConfigurationError("nobody gets the proof", fix="write an address into the field")
    asked = form.text("language")
    edition = next((one for one in built.editions if one.language == asked), built.editions[0])
    named = _providers(look)
    chosen = form.text("provider")
    if chosen not in named and len(named) > 1:
        raise ConfigurationError(
            "no proof was sent",
            why=f"the lists are sent through different providers: {', '.join(sorted(named))}",
            fix="choose one of them below the addresses",
        )
    provider = sending.provider(look.workspace, chosen if chosen in named else next(iter(named)))
    pipeline.keep_hosted(built, look.workspace.state)
    sending.proof(provider, edition, built.envelope, to, now=dt.datetime.now(dt.UTC))
    people, mute = ", ".join(to), pipeline.undelivered(look.workspace.settings, provider)
    if named[provider.name] == "outbox":
        folder = f"{look.workspace.relative(look.workspace.state)}/outbox"
        desk.notice = f"The proof for {people} lies in {folder} as a file; nobody gets an email."
    elif mute:
        desk.notice = f"The proof for {people} is made, but {mute.replace('`', '')}."
    else:
        desk.notice = f"The proof went to {people} through {provider.name}."
    return back(form)


def _built(look: Look) -> Build:
    if look.build is None:
        raise look.failure or ContentError(f"issue {look.name} cannot be built")
    return look.build


def _moment(look: Look, standing: Standing) -> str:
    assert standing.approval is not None  # noqa: S101
    return clock(standing.approval.at.astimezone(look.workspace.settings.zone))


def _leaves(look: Look) -> str:
    """Return when the issue is planned for; empty where it leaves at once."""
    selection = look.selection
    # Without a time of its own an issue has one for counting days; nobody has planned that.
    if selection is None or selection.issue.send_at is None or selection.send_at <= dt.datetime.now(dt.UTC):
        return ""
    return clock(selection.send_at)


def _providers(look: Look) -> dict[str, str]:
    """Return the kinds of the providers that would send the issue, by their names.

    Those that only rehearse come last, so that nobody waits for a proof that began with one; then as the lists stand.
    """
    settings, lists = look.workspace.settings, _lists(look)
    named = pipeline.provider_names(settings, lists)
    kinds = {name: settings.providers[name].kind if name in settings.providers else name for name in named}
    own = [settings.lists[name].provider or settings.provider for name in lists if name in settings.lists]
    order = sorted(named, key=lambda name: (kinds[name] == "null", kinds[name] == "outbox", [*own, name].index(name)))
    return {name: kinds[name] for name in order}


def _lists(look: Look) -> tuple[str, ...]:
    return look.selection.issue.lists if look.selection else ()


def _is_taken_back(look: Look, mailing: Mailing) -> bool:
    """Whether a mailing was stopped before anything had left, so that the issue is as if it never had been sent."""
    if mailing.state is not MailingState.STOPPED:
        return False
    with store.open_database(look.workspace) as database:
        return not any(sending.standing(database, one.id).was_sent for one in sending.mailings_of(database, look.name))


def _audience(look: Look) -> Audience:
    """Ask the ledger the question that `send` will ask."""
    assert look.build is not None  # noqa: S101
    space, issue = look.workspace, look.build.selection.issue
    titles = tuple(map(space.settings.list_title, issue.lists))
    if not issue.lists:
        return Audience(problem="it goes to no list yet; choose one under Words")
    if not store.has_database(space):
        return Audience(lists=titles, problem="there are no subscribers yet", nobody=True)
    try:
        with store.open_database(space) as database:
            meant = audience.recipients(
                issue.segment, lists=issue.lists, settings=space.settings, now=dt.datetime.now(dt.UTC), issue=look.name
            )
            plan = sending.Plan(where=meant)
            totals = sending.foresee(database, look.name, issue.lists, look.build.editions, plan).totals
    except NewsletterError as error:
        return Audience(lists=titles, problem=error.message)
    return Audience(totals.pending, totals.suppressed, titles)
