"""The studio's routes: GET shows, POST changes; what goes to readers wants their number typed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from newsletter.config import Workspace
from newsletter.errors import NewsletterError, NotFound
from newsletter.preview.guarding import SAFE, Guard
from newsletter.web.composer import (
    bounces,
    choosing,
    composing,
    correcting,
    entries,
    fetching,
    helping,
    importing,
    issues,
    links,
    muting,
    pages,
    person,
    pictures,
    readers,
    reviewing,
    sectioning,
    sending,
    settings,
    texts,
)
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.following import Follower, changes
from newsletter.web.composer.forms import Form, by_the_system, desk_of, taking_form

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
Show = Callable[[Request], Response]
Take = Callable[[Request, Desk, Form], Response]


def application(workspace: Workspace, key: str, follower: Follower | None = None) -> ASGIApp:
    """Return the studio for one workspace; only a browser that has been given `key` may use it."""
    desk, follower = Desk(workspace), follower or Follower()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await run_in_threadpool(desk.uploads.clear)
        following = asyncio.create_task(follower.follow(desk.revision))
        yield
        await run_in_threadpool(desk.uploads.clear)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    inner = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        exception_handlers={
            NewsletterError: _failed,
            OSError: _blocked,
            HTTPException: _refused,
            ClientDisconnect: _left_alone,
            Exception: _faulty,
        },
    )
    inner.state.desk, inner.state.follower = desk, follower
    return Guard(inner, key=key, command="compose", headers={**SAFE, "Content-Security-Policy": _POLICY})


def _routes() -> list[Route]:
    issue = "/issues/{issue}"
    return [
        _route("/", issues.overview),
        _route("/issues", None, issues.start),
        _route(issue, composing.compose),
        _route(f"{issue}/email", composing.email),
        _route(f"{issue}/message.eml", composing.message),
        _route(f"{issue}/decide", None, choosing.decide),
        _route(f"{issue}/move", None, choosing.move),
        _route(f"{issue}/words", None, composing.reword),
        _route(f"{issue}/section", None, sectioning.change),
        _route(f"{issue}/sections", None, sectioning.add),
        _route(f"{issue}/mend", None, composing.mend),
        _route(f"{issue}/mute", None, muting.mute),
        _route(f"{issue}/links", None, links.follow),
        _route(f"{issue}/file", texts.issue, texts.save_issue),
        _route(f"{issue}/approve", None, reviewing.approve),
        _route(f"{issue}/withdraw", None, reviewing.withdraw),
        _route(f"{issue}/proof", None, reviewing.proof),
        _route(f"{issue}/send", None, sending.send),
        _route(f"{issue}/mailing", None, sending.steer),
        _route(f"{issue}/correct", None, correcting.correct),
        _route("/entries", entries.overview, entries.start),
        # An id in a file with several entries may hold a slash.
        _route("/entries/{entry:path}/file", texts.entry, texts.save_entry),
        _route("/entries/{entry:path}/delete", None, entries.delete),
        _route("/entries/{entry:path}/words", None, entries.translate),
        _route("/entries/{entry:path}", entries.show, entries.fill),
        _route(fetching.PAGE, fetching.show, fetching.look),
        _route(f"{fetching.PAGE}/page", None, fetching.page),
        _route(f"{fetching.PAGE}/take", None, fetching.take),
        _route(readers.PAGE, readers.overview, readers.look_up),
        _route(f"{readers.PAGE}/add", None, readers.add),
        _route(bounces.PAGE, bounces.show, bounces.read),
        _route(f"{readers.PAGE}/lists/{{list}}.csv", readers.export),
        Route(f"{readers.PAGE}/import", importing.take, methods=["POST"]),
        _route(f"{readers.PAGE}/import/{{upload}}", importing.show, importing.decide),
        _route(f"{readers.PAGE}/import/{{upload}}/drop", None, importing.drop),
        _route(f"{readers.PAGE}/person/{{person}}", person.show),
        _route(f"{readers.PAGE}/person/{{person}}/{{issue}}.eml", person.message),
        _route(f"{readers.PAGE}/person/{{person}}/leave", None, person.leave),
        _route(f"{readers.PAGE}/person/{{person}}/add", None, person.add),
        _route(f"{readers.PAGE}/person/{{person}}/prefer", None, person.prefer),
        _route(f"{readers.PAGE}/person/{{person}}/suppress", None, person.suppress),
        _route(f"{readers.PAGE}/person/{{person}}/unsuppress", None, person.unsuppress),
        _route(f"{readers.PAGE}/person/{{person}}/erase", None, person.erase),
        _route(settings.PAGE, settings.show, settings.look_up),
        _route(helping.PAGE, helping.overview),
        _route(f"{helping.PAGE}/{{page}}", helping.show),
        Route("/pictures", pictures.take, methods=["POST"]),
        _route("/undo", None, composing.undo),
        Route("/changes", changes),
        Route("/assets/{name}", pages.asset),
    ]


def _route(path: str, show: Show | None, take: Take | None = None) -> Route:
    """Return the route of a page that GET shows, and of what POST changes."""
    taking = taking_form(take) if take else None

    async def endpoint(request: Request) -> Response:
        request.state.revision = await run_in_threadpool(desk_of(request).revision)
        if request.method == "POST" and taking:
            return await taking(request)
        assert show is not None  # noqa: S101
        return await run_in_threadpool(show, request)

    return Route(path, endpoint, methods=[*(["GET"] if show else []), *(["POST"] if take else [])])


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, NewsletterError)  # noqa: S101
    return pages.failed(request, error, 404 if isinstance(error, NotFound) else 500)


def _blocked(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)  # noqa: S101
    return pages.failed(request, by_the_system(error))


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    # Where a form goes to is no page: somebody has pressed Enter in the address of an answer.
    if error.status_code in {404, 405}:
        return pages.failed(request, NotFound("there is no such page", fix="go to the list of issues"), 404)
    if error.status_code == 413:
        return Response("This is too much for one page: nothing was saved. Shorten the text.\n", 413)
    return Response(f"{error.status_code}\n", error.status_code, dict(error.headers or {}), "text/plain")


def _left_alone(_request: Request, _error: Exception) -> Response:
    """Answer a browser that was closed while it sent something: nobody reads it, and it is no fault."""
    return Response(status_code=400)


def _faulty(request: Request, error: Exception) -> Response:
    what = f"{type(error).__name__}: {error}"
    told = NewsletterError(what, why="nothing was changed by it", fix="this is a fault of newsletter: please report it")
    return pages.failed(request, told, 500)
