"""What web sites have published: looked at, and taken as drafts one by one."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import pipeline
from newsletter.config import Workspace
from newsletter.content import registry, sources
from newsletter.errors import NotFound, Refused
from newsletter.model.content import Content
from newsletter.model.entry import Status
from newsletter.model.offer import Offer
from newsletter.model.wording import sentence
from newsletter.web.composer import pages, places
from newsletter.web.composer.desk import Desk, Seen
from newsletter.web.composer.forms import Form, desk_of

PAGE = "/fetch"


def show(request: Request) -> Response:
    """Show what sources offer, as somebody looked at it last."""
    desk = desk_of(request)
    space, content = desk.read()
    begun = pipeline.newest(space, content)
    seen = desk.seen
    rows = sources.offered(seen.looked, seen.since) if seen else []
    since = seen.since if seen else begun[1] if begun else None
    known = sources.leading(content, space)
    done = {entry.id for entry in content.entries if entry.status != Status.DRAFT}
    return pages.show(
        request,
        "fetch",
        sources=space.settings.sources,
        section=sources.section(space),
        types=tuple(registry.load(space).by_name),
        newest=begun[0] if begun else "",
        since=since.isoformat() if since else "",
        seen=seen,
        rows=[(name, offer, known.get(offer.key, ""), known.get(offer.key) in done) for name, offer in rows],
        troubles=[one.trouble for one in (seen.looked if seen else ()) if one.trouble],
    )


def look(request: Request, desk: Desk, form: Form) -> Response:
    """Ask the web sites what there is."""
    since = form.day("since")
    desk.seen = Seen(sources.look(desk.workspace()), since)
    return RedirectResponse(PAGE, 303)


def take(request: Request, desk: Desk, form: Form) -> Response:
    """Make a draft of something that a source offers."""
    seen = sources.offered(desk.seen.looked, desk.seen.since) if desk.seen else []
    offer = next((offer for _, offer in seen if offer.url == form.text("url")), None)
    if offer is None:
        raise NotFound("this is not among what was seen last", fix="look what is new once more")
    _draft(desk, offer)
    return RedirectResponse(PAGE, 303)


def page(request: Request, desk: Desk, form: Form) -> Response:
    """Make a draft of a single page."""
    space = desk.workspace()
    offer = sources.page(space, form.line("address"))
    if kind := form.line("type"):
        offer = replace(offer, type=kind)
    return RedirectResponse(places.of_entry(_draft(desk, offer), form.line("issue")), 303)


def _draft(desk: Desk, offer: Offer) -> str:
    """Write a draft; return its id."""
    space, content = desk.read()
    _refuse_twice(space, content, offer)
    # An unknown type is told before anything is fetched, and nobody waits for a picture.
    sources.drafts(space, [offer], {}, content)
    pictures, missing = sources.pictures(space, [offer])
    with desk.lock:
        space, content = desk.read()
        # Another tab may have been faster.
        _refuse_twice(space, content, offer)
        (draft,) = sources.drafts(space, [offer], pictures, content)
        desk.history.write(draft.path, draft.text.encode(), f"“{offer.title}” is new", seen=None)
    left = f" {sentence('its picture is missing: ' + missing[0].message)}" if missing else ""
    desk.notice = f"“{offer.title}” is a draft. Read it, then set its status to ready.{left}"
    return draft.path.stem


def _refuse_twice(space: Workspace, content: Content, offer: Offer) -> None:
    known = sources.leading(content, space).get(offer.key)
    if known:
        names = {item.id: item.name for item in content.unreadable} | {
            entry.id: entry.title for entry in content.entries
        }
        raise Refused(f"“{names[known]}” leads to that page already", fix="change that entry")
