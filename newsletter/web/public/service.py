"""What every page of the public service needs: the workspace, its database, its provider, and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from starlette.requests import Request

from newsletter.config import Workspace
from newsletter.sending import Provider
from newsletter.store import Database, SigningKeys, Subject, signing_keys, token

CONFIRM_WITHIN = timedelta(days=7)
"""How long a signup may be confirmed."""
CHANGE_WITHIN = timedelta(days=1)
"""How long a link to preferences works."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Service:
    """One public service; requests share it."""

    workspace: Workspace
    database: Database
    provider: Provider
    clock: Callable[[], datetime]
    wake: Callable[[], None] = lambda: None
    """Tells whoever writes letters that there is one to write."""

    @cached_property
    def base(self) -> str:
        """The path below which `public_url` shows the service: empty, or such as `/news`."""
        return urlsplit(self.workspace.settings.public_url or "").path.rstrip("/")

    def keys(self) -> SigningKeys:
        """Return the signing keys, newly rotated ones among them."""
        return signing_keys(self.database, now=self.clock())

    def url(self, path: str) -> str:
        """Return the address under which readers reach a path."""
        return (self.workspace.settings.public_url or "").rstrip("/") + path

    def link(self, path: str, subject: Subject, first: int, second: int) -> str:
        """Return the address of a path that ends with a token."""
        return self.url(f"{path}/{token(subject, first, second, self.keys().newest)}")


def service_of(request: Request) -> Service:
    """Return the service that answers a request."""
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101
    return service


def is_proof(token: str) -> bool:
    """Whether a link is one of a proof, which belongs to nobody."""
    return token.startswith("proof-")
