"""The public service as an ASGI application: what readers reach, and nothing that the team does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from newsletter.config import Workspace
from newsletter.errors import StorageError
from newsletter.sending import Provider
from newsletter.store import Database
from newsletter.web.public import (
    answers,
    archive,
    confirming,
    describing,
    feeding,
    leaving,
    preferring,
    subscribing,
    viewing,
)
from newsletter.web.public.catalogue import PATH, Archive
from newsletter.web.public.forms import Form, taking_form
from newsletter.web.public.guarding import Guard
from newsletter.web.public.letters import Letters
from newsletter.web.public.pages import FRAMED, Design
from newsletter.web.public.proxies import networks
from newsletter.web.public.service import Service, utc_now
from newsletter.web.public.shelf import Shelf
from newsletter.web.public.viewing import Files


def application(
    workspace: Workspace,
    database: Database,
    provider: Provider,
    *,
    hooks: Sequence[BaseRoute] = (),
    local: bool = True,
    clock: Callable[[], datetime] = utc_now,
) -> ASGIApp:
    """Return the service of a workspace; `hooks` are the routes below `/hooks` by which providers report.

    Letters are written while its lifespan lasts. `local` also answers under the names of this machine.
    """
    letters: list[Letters] = []

    def wake() -> None:
        for each in letters:
            each.wake()

    service = Service(workspace, database, provider, clock, wake)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        letters.append(Letters(service))
        letters[0].start()
        yield
        letters.pop().stop()

    routes = [*_routes(), *([Mount("/hooks", routes=list(hooks))] if hooks else [])]
    below = (
        [Route(service.base, subscribing.form), Mount(service.base, Router(routes, redirect_slashes=False))]
        if service.base
        else []
    )
    inner = Starlette(
        routes=[*below, *routes],
        lifespan=lifespan,
        exception_handlers={HTTPException: _refused, StorageError: _failed, Exception: _broken},
    )
    inner.router.redirect_slashes = False
    design = Design(workspace)
    inner.state.service, inner.state.design = service, design
    inner.state.archive, inner.state.shelf = Archive(service), Shelf(clock())
    inner.state.files = Files(service, {picture.name: picture for picture in design.pictures})
    guard = Guard(inner, public_url=workspace.settings.public_url or "", local=local)
    trusted = [str(network) for network in networks(workspace.settings.readers.trusted_proxies)]
    return ProxyHeadersMiddleware(guard, trusted_hosts=trusted)  # type: ignore[arg-type,return-value]


def _routes() -> list[BaseRoute]:
    """Return what is served, each address also with a slash at its end.

    Nobody is sent from one spelling to the other: not one click, which must not be redirected, and nobody else, because
    the address that a reader sees is known to the proxy alone.
    """
    routes: list[BaseRoute] = [Route("/", subscribing.form)]
    for end in ("", "/"):
        routes += [
            _form(f"/subscribe{end}", subscribing.form, subscribing.subscribe),
            _form(f"{FRAMED}{end}", subscribing.form, subscribing.subscribe),
            _form(f"/confirm/{{token}}{end}", confirming.question, confirming.confirm),
            _form(f"/preferences{end}", preferring.form, preferring.ask),
            _form(f"/preferences/{{token}}{end}", preferring.show, preferring.change),
            _form(f"/u/{{token}}{end}", leaving.question, leaving.leave, whatever=True),
            Route(f"/v/{{token}}{end}", viewing.view),
            Route(f"{PATH}{end}", archive.index),
            Route(f"{PATH}/{{issue}}{end}", archive.issue),
            Route(f"{PATH}/{{issue}}/{{language}}{end}", archive.issue),
            Route(f"{feeding.FEED}{end}", feeding.feed),
            Route(f"/images/{{name}}{end}", viewing.image),
            Route(f"/assets/{{name}}{end}", viewing.style),
            Route(f"/lists.json{end}", describing.lists),
            Route(f"/health{end}", describing.health),
            Route(f"/openapi.json{end}", describing.description),
        ]
    return routes


def _form(
    path: str,
    show: Callable[[Request], Response],
    take: Callable[[Request, Form], Response],
    *,
    whatever: bool = False,
) -> Route:
    """Return the route of a page that GET shows and POST answers; one, so that `Allow` names both."""
    taking = taking_form(take, whatever=whatever)

    async def endpoint(request: Request) -> Response:
        return await (taking(request) if request.method == "POST" else run_in_threadpool(show, request))

    return Route(path, endpoint, methods=["GET", "POST"])


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == 404:
        return answers.missing(request)
    if status in {400, 408, 413}:
        return answers.plain(request, "unusable", status)
    return PlainTextResponse(f"{status}\n", status, headers)


def _broken(request: Request, _: Exception) -> Response:
    # Starlette raises the error once more after the answer: it is logged as it is without a page.
    return answers.plain(request, "failed", 500)


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, StorageError)  # noqa: S101
    # Our own words; those of the database may repeat addresses.
    request.state.problem = error.message
    if request.url.path.rstrip("/").endswith("/health"):
        return JSONResponse({"schema": 1, "status": "failed"}, 503)
    response = answers.plain(request, "failed", 503)
    response.headers["Retry-After"] = "60"
    return response
