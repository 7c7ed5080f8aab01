"""The last step: what is about to go to whom, a number to confirm, and what can be done with it on its way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import approval, pipeline, sending, store
from newsletter.config import Workspace
from newsletter.errors import NewsletterError, NotFound, Refused
from newsletter.model import wording
from newsletter.model.approval import State
from newsletter.model.mailing import Mailing, MailingState
from newsletter.model.moment import read_moment
from newsletter.pipeline import Prospect
from newsletter.store import Database
from newsletter.web.composer import instead
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back
from newsletter.web.composer.places import part

_FEW = 50
"""Whom one would send to first, to look whether it arrives."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands before sending, and the page on which that is changed."""

    words: str
    page: str
    link: str
    """What leads to the page."""


@dataclass(frozen=True, slots=True)
class Wish:
    """When an issue shall leave, and to how many first."""

    at: str | None
    """A day and a time; empty for at once, and nothing for when the issue is planned for."""
    first: str

    def moment(self, look: Look) -> dt.datetime | None:
        """Return when nothing leaves before; none for at once."""
        zone, now = look.workspace.settings.zone, dt.datetime.now(dt.UTC)
        if self.at is None and look.selection and look.selection.issue.send_at:
            return look.selection.send_at.astimezone(dt.UTC) if look.selection.send_at > now else None
        if not self.at:
            return None
        try:
            asked = read_moment(self.at, zone).at
        except ValueError as error:
            raise Refused(str(error), fix="choose a day and a time") from None
        if asked <= now:
            raise Refused(
                f"{wording.moment(asked, zone)} is over",
                why="a time in the past would mean at once, which you may not have meant",
                fix="choose a time to come, or send it now",
            )
        return asked.astimezone(dt.UTC)

    @property
    def canary(self) -> int:
        """How many get it first; 0 for everybody at once."""
        if not self.first:
            return 0
        if not (self.first.isascii() and self.first.isdigit() and int(self.first[:9]) > 0):
            raise Refused(f"“{self.first}” is no number of people", fix=f"write one, such as {_FEW}, or nothing")
        return int(self.first[:9])


def context(look: Look, wish: Wish) -> dict[str, Any]:
    """Return what the panel shows before anybody says yes."""
    zone = look.workspace.settings.zone
    shown: dict[str, Any] = {
        "obstacles": _obstacles(look),
        "was_sent": False,
        "prospect": None,
        "on_its_way": None,
        "wish": wish,
        "at": "",
        "exactly": "",
        "free_from": "",
        "free_on": "",
        "few": _FEW,
        "zone": zone.key,
        "duration": wording.duration,
    }
    try:
        shown["on_its_way"] = _on_its_way(look)
        if shown["obstacles"] and not shown["on_its_way"] and store.has_database(look.workspace):
            with store.open_database(look.workspace) as database:
                shown["was_sent"] = _was_sent(database, look)
        if not shown["obstacles"] and not shown["on_its_way"]:
            with store.open_database(look.workspace) as database:
                prospect = _prospect(look, database, wish)
            begins_at = prospect.plan.begins_at
            shown |= {"prospect": prospect, "at": _written(begins_at, zone)}
            # The minute alone is another moment where seconds were planned, or where clocks are set back.
            shown["exactly"] = begins_at.isoformat() if begins_at else ""
            if prospect.free_from:
                # A minute that has begun before the embargo ends is still too early.
                free = (prospect.free_from + dt.timedelta(seconds=59)).astimezone(zone)
                shown |= {"free_from": _written(free, zone), "free_on": wording.clock(free)}
    except NewsletterError as error:
        words = f"{instead.sentence(error.message)} {instead.sentence(error.fix)}"
        shown["obstacles"] = [Obstacle(words, _panel(look, "send"), "Look again")]
    return shown


def send(request: Request, desk: Desk, form: Form) -> Response:
    """Send the issue as it is on the page that somebody typed the number on, by a process of its own."""
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        if look.build is None or form.text("digest") != look.build.digest:
            raise Refused(
                "nothing is sent",
                why="the issue has changed since the page was shown, so you have not seen what would go out",
                fix="look at it again, then send it",
            )
        for obstacle in _obstacles(look):
            raise Refused("nothing is sent", why=obstacle.words, fix=obstacle.link)
        wish = Wish(form.line("at"), form.line("first"))
        with store.open_database(look.workspace) as database:
            prospect = _prospect(look, database, wish)
            _refuse_other(prospect.people, form.line("count"))
            if form.text("seen") != prospect.seen:
                raise Refused(
                    "nothing is sent",
                    why="what stands above the number is another sentence now than when the page was shown",
                    fix="read it again, then type the number",
                )
            mailing = pipeline.begin(database, prospect, prospect.people, dt.datetime.now(dt.UTC), prospect.hold)
            sending.announce(database, mailing)
        desk.senders.deliver(look.workspace, look.name)
    desk.notice = _begun(look.workspace, mailing)
    return RedirectResponse(_panel(look, "report"), 303)


def steer(request: Request, desk: Desk, form: Form) -> Response:
    """Hold a mailing, go on with it, send it to the others, end it, or look into what is unknown."""
    name, verb = request.path_params["issue"], form.text("do")
    space = desk.workspace()
    if not store.has_database(space):
        raise NotFound(f"issue {name} has not been sent")
    with store.open_database(space) as database:
        match verb:
            case "pause":
                mailing = _meant(database, name, form)
                sending.pause(database, mailing.id, f"paused by {approval.user()}")
                desk.notice = "It is paused. Calls that are under way come to their end."
            case "stop":
                mailing = _meant(database, name, form)
                now = dt.datetime.now(dt.UTC)
                _, totals = sending.stop(database, mailing.id, f"stopped by {approval.user()}", now)
                left = totals.left
                desk.notice = (
                    f"It is stopped; it had left for {wording.people(left)}."
                    if left
                    else "It is stopped; nothing has left."
                )
            case "resume" | "others":
                mailing = _meant(database, name, form)
                # What stands in the way is told here, and not to a process that nobody listens to.
                sending.provider(space, mailing.provider)
                if sending.awaits_word(database, mailing.id) != (verb == "others"):
                    raise Refused(
                        "nothing was done",
                        why="the mailing has come to another point than the page showed",
                        fix="look at it again",
                    )
                mailing = sending.resume(database, name)
                sending.announce(database, mailing)
                desk.senders.deliver(space, name)
                waits = mailing.state is MailingState.SCHEDULED
                desk.notice = "This computer waits for it now." if waits else "It goes on."
            case "reconcile":
                found = _in_doubt(database, name)
                sending.provider(space, found.mailing.provider)
                desk.senders.reconcile(space, name)
                desk.notice = "The provider is being asked."
            case "again":
                desk.notice = _again(desk, space, database, name, form.line("count"))
            case _:
                raise NotFound(f"'{verb}' is nothing that can be done with a mailing")
    return back(form)


def _in_doubt(database: Database, issue: str) -> sending.Progress:
    found = sending.in_doubt(database, issue)
    if found is None:
        raise Refused("of nobody it is unknown any more", fix="look at the numbers again")
    return found


def _again(desk: Desk, space: Workspace, database: Database, issue: str, typed: str) -> str:
    """Send once more to those of whom nobody can tell, by the word of somebody who has typed how many they are."""
    found = _in_doubt(database, issue)
    newest = sending.unfinished(database, issue)
    if sending.attended(database, found.mailing) or (newest.id != found.mailing.id and not newest.finished):
        raise Refused(
            "nobody is written to again", why="the issue is being sent just now", fix="wait until it is at its end"
        )
    _refuse_other(found.totals.unknown, typed)
    sending.provider(space, found.mailing.provider)
    sending.reopen(database, found.mailing.id, resend=True)
    if found.mailing.state is MailingState.STOPPED:
        return "They count as not reached now: send it to them on the page Send."
    sending.announce(database, sending.resume(database, issue))
    desk.senders.deliver(space, issue)
    return "It is sent to them once more."


def _meant(database: Database, issue: str, form: Form) -> Mailing:
    """Return the mailing that a button is about; raise Refused where another has begun since its page was shown."""
    mailing, asked = sending.unfinished(database, issue), form.text("mailing")
    if asked and asked != str(mailing.id):
        raise Refused(
            "nothing was done",
            why="another mailing of the issue has begun since the page was shown",
            fix="look at it again",
        )
    return mailing


def _obstacles(look: Look) -> list[Obstacle]:
    """Return what has to be done first."""
    if look.build is None:
        return [Obstacle("the issue cannot be built yet", _panel(look, "checks"), "See why")]
    found = []
    if look.errors:
        errors = wording.counted(look.errors, "error")
        found.append(Obstacle(f"the checks find {errors}", _panel(look, "checks"), "Mend what they find"))
    if look.workspace.settings.approval.required:
        state = pipeline.standing(look.workspace, look.build).state
        if state is not State.APPROVED:
            words = {
                State.CHANGED: "it has changed since it was approved",
                State.BY_AUTHOR: "its approval does not count, because another person than who wrote it must give it",
            }
            told = words.get(state, "nobody has approved it yet")
            found.append(Obstacle(told, _panel(look, "review"), "Approve it"))
    if not look.build.selection.issue.lists:
        found.append(Obstacle("it goes to no list yet", _panel(look, "words"), "Choose one"))
    elif not store.has_database(look.workspace):
        found.append(Obstacle("there are no subscribers yet", "/readers", "Import them"))
    return found


def _panel(look: Look, panel: str) -> str:
    return f"/issues/{part(look.name)}?panel={panel}"


def _on_its_way(look: Look) -> Mailing | None:
    """Return the issue's mailing that is not at its end."""
    if not store.has_database(look.workspace):
        return None
    with store.open_database(look.workspace) as database:
        return next((one for one in sending.mailings_of(database, look.name) if not one.finished), None)


def _prospect(look: Look, database: Database, wish: Wish) -> Prospect:
    """Ask the ledger what `send` would ask it; once an issue was sent, it goes to those who have not got it."""
    assert look.build is not None  # noqa: S101
    space, now = look.workspace, dt.datetime.now(dt.UTC)
    provider = sending.provider(space, pipeline.provider_name(space.settings, look.build.selection.issue.lists))
    plan = sending.Plan(wish.moment(look), wish.canary, rest=_was_sent(database, look))
    prospect = pipeline.foresee(space, database, look.build, provider, plan, now)
    if prospect.built.digest != look.build.digest:
        # The editions for readers' topics are made of the files once more.
        raise Refused("the issue is being changed at this moment", fix="look at it again")
    return prospect


def _was_sent(database: Database, look: Look) -> bool:
    return any(sending.standing(database, one.id).was_sent for one in sending.mailings_of(database, look.name))


def _refuse_other(people: int, typed: str) -> None:
    """Raise Refused unless somebody has typed how many people would get it."""
    if people == 0:
        raise Refused("nobody would get it, so nothing is sent", fix="look at who is left out and why")
    # Thousands are parted by a comma, a full stop or a blank, of which there are several kinds.
    if "".join(typed.replace(",", " ").replace(".", " ").split()) != str(people):
        raise Refused(
            "nothing is sent",
            why=f"{wording.people(people)} would get it, and what was typed is “{typed}”"
            if typed
            else "nobody has typed how many people would get it",
            fix="read the sentence again; if it is right, type its number",
        )


def _begun(space: Workspace, mailing: Mailing) -> str:
    zone = space.settings.zone
    if mailing.begins_at is None or mailing.state is not MailingState.SCHEDULED:
        return "It is being sent."
    at = mailing.begins_at.astimezone(zone)
    if mailing.begins_at - dt.datetime.now(dt.UTC) < dt.timedelta(minutes=2):
        return f"Nothing leaves before {at:%H:%M:%S}; until then you can take it back."
    return f"It leaves on {wording.moment(at, zone)}."


def _written(at: dt.datetime | None, zone: dt.tzinfo) -> str:
    """Return a moment as fields of forms have it."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" if at else ""
