"""Readers: how many are on each list, a file that is imported, and one person who is looked up."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import audience, store
from newsletter.config import Workspace
from newsletter.errors import NewsletterError, NotFound
from newsletter.web.composer import pages, person
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import Form, desk_of
from newsletter.web.composer.uploads import MOST_BYTES

PAGE = "/readers"


def overview(request: Request) -> Response:
    """Show the lists with their numbers."""
    return _page(request)


def look_up(request: Request, desk: Desk, form: Form) -> Response:
    """Lead to what is held about a person: the address stands in no address of a page, and in no notice."""
    typed = form.line("address")
    space = desk.workspace()
    try:
        if not store.has_database(space):
            raise NotFound("nobody is here yet", fix="import a file first")
        with store.open_database(space) as database:
            held = audience.show(database, typed)
    except NewsletterError as error:
        return _page(request, typed, error)
    return RedirectResponse(person.page_of(desk.lookups.keep(held["address"])), 303)


def _page(request: Request, typed: str = "", problem: NewsletterError | None = None) -> Response:
    space = desk_of(request).workspace()
    lists: tuple[audience.ListCount, ...] = ()
    unreadable = None
    try:
        lists = _lists(space)
    except NewsletterError as error:
        unreadable = error
    return pages.show(
        request,
        "readers",
        status=422 if problem else 200,
        here=PAGE,
        lists=lists,
        unreadable=unreadable,
        everybody=sum(one.confirmed + one.pending + one.unsubscribed for one in lists),
        choices=space.settings.lists,
        section="[lists.monthly]" if space.file.name == "newsletter.toml" else "[tool.newsletter.lists.monthly]",
        file=space.file.name,
        most=f"{MOST_BYTES / 1e6:.0f} MB",
        typed=typed,
        problem=problem,
    )


def _lists(space: Workspace) -> tuple[audience.ListCount, ...]:
    """Return the lists as `newsletter lists` counts them; looking makes no database."""
    if not store.has_database(space):
        return tuple(audience.ListCount(name, one.title) for name, one in space.settings.lists.items())
    with store.open_database(space) as database:
        return audience.count_lists(database, space.settings)
