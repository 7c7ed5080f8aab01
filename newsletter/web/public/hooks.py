"""`/hooks/PROVIDER`: where providers tell what became of messages. Answered with success only once that is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.config import Workspace
from newsletter.errors import StorageError
from newsletter.store import Database
from newsletter.tracking import Answer, Busy, Endpoint, Received, Recorder, endpoints
from newsletter.tracking.amazon import Certificates, Fetch, Unreachable, confirmation, fetch
from newsletter.tracking.rehearsing import hook_path
from newsletter.tracking.webhooks import Call, CertificateNeeded, Keys, Unreadable, Unverified
from newsletter.tracking.webhooks.signing import sha256
from newsletter.web.public.forms import read_body
from newsletter.web.public.service import utc_now

LARGEST = 4_000_000
"""Bytes of a body: SendGrid and Mailtrap send less than one million."""
_PATIENCE = 15.0
_NO_BODY = {
    400: "the body did not come whole",
    408: "the body did not come",
    413: f"the body is larger than {LARGEST} bytes",
}
_log = logging.getLogger("newsletter.hooks")


def routes(
    workspace: Workspace,
    database: Database,
    *,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] = utc_now,
    fetch: Fetch = fetch,
) -> list[Route]:
    """Return the routes to be mounted under `/hooks`.

    Raises ConfigurationError where a webhook's secret is missing or cannot be one.
    """
    hooks = _Hooks(
        endpoints(workspace, environment),
        Recorder(database, workspace.settings.tracking, now=now),
        (workspace.settings.public_url or "").rstrip("/"),
        now,
        fetch,
    )
    # Mandrill and others look with HEAD whether anybody is there, before they post. None follows a redirect from one
    # spelling of an address to the other.
    paths = [path + slash for path in ("/{provider}", "/{provider}/{secret}") for slash in ("", "/")]
    return [
        Route(path, take, methods=[method])
        for path in paths
        for take, method in ((hooks.take, "POST"), (_there, "HEAD"))
    ]


async def _there(_: Request) -> Response:
    return Response()


class _Hooks:
    def __init__(
        self,
        known: Mapping[str, Endpoint],
        recorder: Recorder,
        public_url: str,
        now: Callable[[], datetime],
        fetch: Fetch,
    ) -> None:
        self._endpoints = known
        self._recorder = recorder
        self._public_url = public_url
        self._now = now
        self._fetch = fetch
        self._certificates = Certificates(fetch)

    async def take(self, request: Request) -> Response:
        name = request.path_params["provider"]
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            return _answer(404, "no webhook is set up here")
        try:
            body = await read_body(request, LARGEST, _PATIENCE)
        except HTTPException as error:
            return _answer(error.status_code, _NO_BODY[error.status_code])
        call = Call(self._url(request, name), _headers(request), body, request.path_params.get("secret", ""))
        try:
            received = await self._verify(endpoint, call)
            return await self._keep(endpoint, received)
        except Unverified as error:
            # The team must be able to find out why; the caller learns nothing.
            _log.warning("refused a call for the provider %s: %s", name, error)
            return _answer(401, "not verified")
        except Unreadable as error:
            _log.warning("a verified call for the provider %s cannot be read: %s", name, error)
            return _answer(400, str(error))
        except (Busy, StorageError, Unreachable) as error:
            _log.error("a call for the provider %s has to come again: %s", name, error or "too many at once")
            return _answer(503, "try again", {"Retry-After": "5"})

    def _url(self, request: Request, name: str) -> str:
        secret = request.path_params.get("secret")
        path = hook_path(name) + (f"/{secret}" if secret else "") + ("/" if request.url.path.endswith("/") else "")
        if not self._public_url:
            return str(request.url)
        return self._public_url + path + (f"?{request.url.query}" if request.url.query else "")

    async def _verify(self, endpoint: Endpoint, call: Call) -> Received:
        now = self._now()
        key = ""
        for _ in range(2):
            keys = self._keys(endpoint)
            try:
                key = endpoint.webhook.verify(call, keys, now)
                break
            except CertificateNeeded as needed:
                await self._certificates.get(needed.url)
        if not key:
            raise Unverified("its certificate was not kept")
        content = endpoint.webhook.read(call.body)
        return Received(endpoint.name, endpoint.webhook, key, sha256(call.body), content, now)

    def _keys(self, endpoint: Endpoint) -> Keys:
        if not endpoint.keys.topics:
            return endpoint.keys
        return replace(endpoint.keys, certificates=self._certificates.known)

    async def _keep(self, endpoint: Endpoint, received: Received) -> Response:
        address = confirmation(received.content) if endpoint.keys.topics else None
        if address:
            await self._fetch(address)
            _log.info("confirmed a subscription for the provider %s", endpoint.name)
        answer = await self._recorder.record(received)
        if answer is Answer.REPLAYED:
            _log.warning("refused a call for the provider %s: %s", endpoint.name, answer.value)
            return _answer(401, "not verified")
        return JSONResponse({"status": answer.value})


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _answer(status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": error}, status, headers)
