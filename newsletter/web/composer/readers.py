"""Readers: how many are on each list, a file that is imported or exported, and people one by one."""

from __future__ import annotations

import datetime as dt
import io
import tempfile

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from newsletter import audience, store
from newsletter.config import Workspace
from newsletter.errors import NewsletterError, NotFound
from newsletter.web.composer import adding, bounces, pages, person
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import Form, desk_of
from newsletter.web.composer.uploads import MOST_BYTES

PAGE = "/readers"
_IN_MEMORY = 1_000_000
_SHOWN = {"back", "address", "list", "agreed_on", "agreed_how"}
"""The fields that stand open in the form of somebody new."""


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


def add(request: Request, desk: Desk, form: Form) -> Response:
    """Put somebody on a list and lead to their page; what cannot be used is told on the page, and stays typed."""
    try:
        held = adding.put_on(desk, form.line("address"), form)
    except NewsletterError as error:
        return _page(request, newcomer=form, wrong=error)
    return RedirectResponse(person.page_of(desk.lookups.keep(held)), 303)


def export(request: Request) -> Response:
    """Give everybody on a list as a file for a spreadsheet."""
    space = desk_of(request).workspace()
    name = space.settings.known_list(request.path_params["list"])
    # Without a name on the disk: it has everybody's address.
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed when it has been sent
    with store.open_database(space) as database:
        out = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        audience.export_list(database, name, out, settings=space.settings)
        out.detach()
    file.seek(0)
    day = dt.datetime.now(space.settings.zone).date()
    return StreamingResponse(
        iter(lambda: file.read(_IN_MEMORY), b""),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}-{day}.csv"', "Cache-Control": "no-store"},
        background=BackgroundTask(file.close),
    )


def _page(
    request: Request,
    typed: str = "",
    problem: NewsletterError | None = None,
    newcomer: Form | None = None,
    wrong: NewsletterError | None = None,
) -> Response:
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
        status=422 if problem or wrong else 200,
        here=PAGE,
        lists=lists,
        unreadable=unreadable,
        everybody=sum(one.confirmed + one.pending + one.unsubscribed for one in lists),
        choices={name: one.title for name, one in space.settings.lists.items()},
        section="[lists.monthly]" if space.file.name == "newsletter.toml" else "[tool.newsletter.lists.monthly]",
        bounces_read=bounces.last_read(space),
        waiting=desk_of(request).uploads.waiting(),
        file=space.file.name,
        most=f"{MOST_BYTES / 1e6:.0f} MB",
        typed=typed,
        problem=problem,
        newcomer=newcomer or Form({}),
        wrong=wrong,
        more=any(newcomer.line(name) for name in newcomer.fields if name not in _SHOWN) if newcomer else False,
        attributes=space.settings.attributes,
    )


def _lists(space: Workspace) -> tuple[audience.ListCount, ...]:
    """Return the lists as `newsletter lists` counts them; looking makes no database."""
    if not store.has_database(space):
        return tuple(audience.ListCount(name, one.title) for name, one in space.settings.lists.items())
    with store.open_database(space) as database:
        return audience.count_lists(database, space.settings)
