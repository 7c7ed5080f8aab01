"""One person: what is held about them in words, and what they may ask for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import audience, pipeline, store, tracking
from newsletter.audience.signup import FORM
from newsletter.config import Settings
from newsletter.errors import AudienceError, ContentError, NewsletterError, NotFound, RenderingError
from newsletter.model import tongues
from newsletter.model.attribute import Value
from newsletter.model.consent import Consent, Suppression
from newsletter.model.content import Content
from newsletter.model.wording import clock, count, listed
from newsletter.web.composer import adding, pages, preferring
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import Form, desk_of
from newsletter.web.composer.lookups import Lookup

_KINDS = {Consent.CONFIRMED: "good", Consent.PENDING: "warn"}
_ISSUES = 3
"""Of how many issues a page offers the message."""
_MORE = {
    "signups": ("request by a form", "requests by a form"),
    "events": ("event that was told of a message", "events that were told of messages"),
    "arrivals": ("note of how far a message came", "notes of how far messages came"),
}
_TOLD = {"address", "lists", "suppression", "deliveries", "erased"}


def page_of(found: Lookup) -> str:
    """Return the address of a person's page, which tells nobody who it is."""
    return f"/readers/person/{found.token}"


def show(request: Request) -> Response:
    """Show what is held about a person who was looked up."""
    desk = desk_of(request)
    return _page(request, desk, desk.lookups.find(request.path_params["person"]))


def message(request: Request) -> Response:
    """Return the message of an issue that a person would get, to be opened in a mail program."""
    desk, name = desk_of(request), request.path_params["issue"]
    found = desk.lookups.find(request.path_params["person"])
    if not found.address:
        raise NotFound("nothing is held any more of whom was looked up here", fix="look somebody else up")
    space, content = desk.read()
    with store.open_database(space) as database:
        held = audience.show(database, found.address)
    topics = held["topics"] or ()
    try:
        built = pipeline.build(space, name, topics=((), topics) if topics else ((),), read_content=content)
        letter = built.message_to(held)
    except (ContentError, RenderingError) as error:
        return pages.no_message(request, error, (page_of(found), "Back to the reader"))
    plain = name.encode("ascii", "replace").decode()
    headers = {"Content-Disposition": f'attachment; filename="{plain}.eml"', "Cache-Control": "no-store"}
    return Response(letter, media_type="message/rfc822", headers=headers)


def leave(request: Request, desk: Desk, form: Form) -> Response:
    """Take a person off a list, or off all that they are on."""
    found = desk.lookups.find(request.path_params["person"])
    back = RedirectResponse(page_of(found), 303)
    space = desk.workspace()
    chosen = form.text("list")
    try:
        with store.open_database(space) as database:
            left = audience.unsubscribe(
                database, found.address, [chosen] if chosen else None, source=adding.SOURCE, now=dt.datetime.now(dt.UTC)
            )
    except (NotFound, AudienceError):
        # Erased meanwhile: the page says so, and no notice names an address.
        return back
    titles = list(map(space.settings.list_title, left))
    desk.notice = f"They have left {listed(titles)}." if titles else "They had left already; nothing changed."
    return back


def add(request: Request, desk: Desk, form: Form) -> Response:
    """Put a person on another list, on one that they had left, or on one where they are pending by a file."""
    found = desk.lookups.find(request.path_params["person"])
    if found.address:
        try:
            adding.put_on(desk, found.address, form)
        except AudienceError as error:
            return _page(request, desk, found, newcomer=form, wrong=error)
    return RedirectResponse(page_of(found), 303)


def prefer(request: Request, desk: Desk, form: Form) -> Response:
    """Change what a person prefers, as they could themselves."""
    found = desk.lookups.find(request.path_params["person"])
    if found.address:
        try:
            preferring.change(desk, found.address, form)
        except NotFound:
            # Erased meanwhile: the page says so, and no notice names an address.
            return RedirectResponse(page_of(found), 303)
        except AudienceError as error:
            return _page(request, desk, found, wishes=form, unfit=error)
    return RedirectResponse(page_of(found), 303)


def suppress(request: Request, desk: Desk, form: Form) -> Response:
    """Never write to a person again."""
    found = desk.lookups.find(request.path_params["person"])
    if found.address:
        now, source = dt.datetime.now(dt.UTC), form.line("source") or adding.SOURCE
        with store.open_database(desk.workspace()) as database:
            new = audience.suppress(database, found.address, reason=Suppression.BY_HAND, source=source, now=now)
        desk.notice = "Nobody writes to them any more." if new else "Nobody wrote to them before; nothing changed."
    return RedirectResponse(page_of(found), 303)


def unsuppress(request: Request, desk: Desk, form: Form) -> Response:
    """Allow a person to be written to again."""
    found = desk.lookups.find(request.path_params["person"])
    if found.address:
        with store.open_database(desk.workspace()) as database:
            try:
                audience.unsuppress(database, found.address, now=dt.datetime.now(dt.UTC))
                desk.notice = "They may be written to again, on the lists that they have not left."
            except NotFound:
                desk.notice = "They could be written to before; nothing changed."
            try:
                if audience.show(database, found.address)["erased"]:
                    desk.notice = "They may sign up again."
            except NotFound:
                desk.notice = "They may be written to again. Nothing else is held about them."
                return RedirectResponse("/readers", 303)
    return RedirectResponse(page_of(found), 303)


def erase(request: Request, desk: Desk, form: Form) -> Response:
    """Remove everything about a person whose address was typed once more."""
    found = desk.lookups.find(request.path_params["person"])
    back = RedirectResponse(page_of(found), 303)
    if not found.address:
        return back
    typed = form.line("address")
    if not _same(typed, found.address):
        return _page(request, desk, found, typed=typed, problem="This is not the address above, so nobody is erased.")
    space = desk.workspace()
    try:
        with store.open_database(space) as database:
            erased, files = pipeline.erase(space, database, found.address, now=dt.datetime.now(dt.UTC))
    except NotFound:
        return back
    desk.lookups.forget(found, erased.told(files), erased.remnants)
    return back


def _same(typed: str, address: str) -> bool:
    try:
        return audience.read_address(typed).key == audience.read_address(address).key
    except AudienceError:
        return False


def _page(
    request: Request,
    desk: Desk,
    found: Lookup,
    *,
    typed: str = "",
    problem: str = "",
    newcomer: Form | None = None,
    wrong: AudienceError | None = None,
    wishes: Form | None = None,
    unfit: AudienceError | None = None,
) -> Response:
    space = desk.workspace()
    context: dict[str, Any] = {"here": page_of(found), "found": found}
    if not found.address:
        return pages.show(request, "readers-erased", **context)
    with store.open_database(space) as database:
        held = audience.show(database, found.address)
    settings = space.settings
    content, unread = _content(desk)
    lists = [_list(settings, one) for one in held["lists"]]
    context |= {
        "facts": _facts(settings, held),
        "lists": lists,
        "on": sum(1 for one in lists if one["on"]),
        "unread": unread,
        "issues": [*content.issues][: -_ISSUES - 1 : -1] if content and held["created_at"] else (),
        "others": {
            name: one.title
            for name, one in settings.lists.items()
            if name not in {word["list"] for word in held["lists"] if _is_settled(word)}
        },
        "suppression": _suppression(settings, held["suppression"]),
        "deliveries": _deliveries(settings, held),
        "hashed": held["erased"],
        "barred": held["erased"] not in {None, Suppression.ERASURE, Consent.UNSUBSCRIBED},
        "more": _more(held),
        "all_of_it": json.dumps(held, ensure_ascii=False, indent=2),
        "typed": typed,
        "problem": problem,
        "newcomer": newcomer or Form({}),
        "wrong": wrong,
        "unfit": unfit,
        "preferences": preferring.context(settings, content.entries if content else (), held, wishes)
        if held["created_at"]
        else None,
    }
    return pages.show(request, "readers-person", status=422 if problem or wrong or unfit else 200, **context)


def _is_settled(word: Mapping[str, str | None]) -> bool:
    """Whether nobody here can put a person on a list: they are, or their answer to the form's letter is awaited."""
    return word["consent"] == Consent.CONFIRMED or (word["consent"] == Consent.PENDING and word["source"] == FORM)


def _content(desk: Desk) -> tuple[Content | None, NewsletterError | None]:
    """Return what the files say, or why they say nothing: whoever asks to be erased must not wait for them."""
    try:
        return desk.read()[1], None
    except NewsletterError as error:
        return None, error


def _facts(settings: Settings, held: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of a person, in words; what is not known is left out."""
    attributes: Mapping[str, Any] = held["attributes"] or {}
    told = [
        ("Name", held["name"]),
        ("Language", tongues.name_of(held["language"]) if held["language"] else ""),
        ("Topics", listed(held["topics"]) if held["topics"] else "everything" if held["created_at"] else ""),
        ("How often", held["frequency"]),
        ("Pauses until", _when(settings, held["paused_until"])),
        *((_label(settings, name), _said(value)) for name, value in attributes.items()),
        ("Known since", _when(settings, held["created_at"])),
        ("Preferences", _preferred(settings, held)),
    ]
    return [(label, value) for label, value in told if value]


def _preferred(settings: Settings, held: Mapping[str, Any]) -> str:
    changed = _when(settings, held["preferences_changed_at"])
    return f"changed on {changed} ({held['preferences_source']})" if changed else ""


def _label(settings: Settings, attribute: str) -> str:
    title = settings.attributes[attribute].title if attribute in settings.attributes else None
    return title or attribute.replace("_", " ").capitalize()


def _said(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _list(settings: Settings, word: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person's word on one list."""
    told = [f"since {_when(settings, word['changed_at'])}", word["source"]]
    if word["confirmed_at"] and word["confirmed_at"] != word["changed_at"]:
        told.append(f"agreed on {_when(settings, word['confirmed_at'])}")
    return {
        "name": word["list"],
        "title": settings.list_title(word["list"]),
        "state": word["consent"],
        "kind": _KINDS.get(word["consent"], ""),
        "on": word["consent"] in _KINDS,
        "told": " · ".join(filter(None, told)),
        "proof": word["proof"],
        "wording": word["wording"],
    }


def _suppression(settings: Settings, held: Mapping[str, str] | None) -> str:
    if held is None:
        return ""
    return f"{held['reason']}, since {_when(settings, held['created_at'])}; {held['source']}"


def _deliveries(settings: Settings, held: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return each message with how far it came, the newest first: accepted alone would hide that it came back."""
    arrived = {one["mailing_id"]: one for one in held.get("arrivals", ())}
    found = []
    for one in reversed(held["deliveries"]):
        known = arrived.get(one["mailing_id"])
        state = tracking.ARRIVALS[known["state"]] if known else one["state"]
        if known and known["complained"]:
            state = f"{state}; they called it spam"
        found.append((one["issue"], state, one["detail"], _when(settings, one["mailing_leaves_at"])))
    return found


def _more(held: Mapping[str, Any]) -> list[str]:
    """Return what else is held, counted."""
    tables: dict[str, Sequence[Any]] = {
        name: rows for name, rows in held.items() if name not in _TOLD and isinstance(rows, list) and name != "topics"
    }
    return [count(len(rows), *_MORE.get(name, (f"row in {name}", f"rows in {name}"))) for name, rows in tables.items()]


def _when(settings: Settings, written: str | None) -> str:
    return clock(dt.datetime.fromisoformat(written).astimezone(settings.zone)) if written else ""
