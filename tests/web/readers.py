"""A reader and a service for tests: what a browser, a mail program and a mailbox do."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import email.policy
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from newsletter import sending
from newsletter.config import Workspace
from newsletter.store import Database
from newsletter.web.public import application
from newsletter.web.public.letters import Letters
from newsletter.web.public.service import Service
from tests.audience.people import put

NOW = dt.datetime(2024, 7, 28, 9, 0, tzinfo=dt.UTC)
HOST = "https://news.example.org"
LISTS: dict[str, dict[str, Any]] = {
    "monthly": {"title": "Monthly newsletter", "description": "News and studies", "public": True},
    "events": {"title": "Events", "public": True},
    "partners": {"title": "Partners only"},
}
ARCHIVED: dict[str, dict[str, Any]] = {
    name: {**item, **({"archive": True} if name != "partners" else {})} for name, item in LISTS.items()
}
"""The same lists, of which those that are public have an archive."""


@dataclass
class Clock:
    """A time that stands still until a test moves it."""

    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return self.now

    def forward(self, **step: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**step)


@dataclass
class World:
    """A service, somebody who visits it, and the mailbox that its letters reach."""

    workspace: Workspace
    database: Database
    clock: Clock = field(default_factory=Clock)
    hooks: Any = ()

    def __post_init__(self) -> None:
        provider = sending.provider(self.workspace)
        self.app = application(self.workspace, self.database, provider, clock=self.clock, local=False)
        self.service = Service(self.workspace, self.database, provider, self.clock)
        self._letters = Letters(self.service)
        self.visitor = self.browser()
        self._read: set[Path] = set()

    def browser(self, client: tuple[str, int] = ("198.51.100.7", 50000), host: str = HOST) -> httpx.Client:
        """Return somebody who visits from a network; letters are written when a test asks for them."""
        return httpx.Client(transport=InProcess(self.app, client), base_url=host)

    def mail(self) -> list[EmailMessage]:
        """Write the letters that are due and return those that are new."""
        self._letters.write_all()
        new = sorted(
            set(self.workspace.state.glob("outbox/**/*.eml")) - self._read, key=lambda path: path.stat().st_mtime_ns
        )
        self._read |= set(new)
        return [parsed(path.read_bytes()) for path in new]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows of the database."""
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def words(self) -> dict[str, str]:
        """Return each consent as `address list` → state."""
        query = (
            "SELECT s.address, l.name, c.state FROM consents c JOIN subscribers s ON s.id = c.subscriber_id"
            " JOIN lists l ON l.id = c.list_id"
        )
        return {f"{address} {name}": state for address, name, state in self.rows(query)}

    def fill_in(self, path: str = "/subscribe", visitor: httpx.Client | None = None, **fields: Any) -> httpx.Response:
        """Open a form, take the time that a person needs, and send it."""
        browser = visitor or self.visitor
        page = browser.get(path)
        self.clock.forward(seconds=5)
        return browser.post(path, data=hidden(page.text) | fields)

    def put_on(self, address: str, *lists: str, name: str = "", language: str = "") -> None:
        """Put somebody on lists, as an import does."""
        for each in lists or ("monthly",):
            row = f"email,name,language\n{address},{name},{language}\n"
            put(self.database, self.workspace, row, each, now=self.clock())

    def subscribe(self, address: str = "anna@example.org", *lists: str, **fields: Any) -> httpx.Response:
        """Ask to be subscribed."""
        return self.fill_in(email=address, list=list(lists or ("monthly",)), **fields)

    def confirmed(self, address: str = "anna@example.org", *lists: str, **fields: Any) -> httpx.Response:
        """Subscribe and press the button behind the link."""
        self.subscribe(address, *lists, **fields)
        (letter,) = self.mail()
        return self.visitor.post(path_of(link(letter)))

    def preferences(self, address: str = "anna@example.org") -> str:
        """Ask for the link to one's preferences and return its path."""
        self.fill_in("/preferences", email=address)
        (letter,) = self.mail()
        return path_of(link(letter))


class InProcess(httpx.BaseTransport):
    """Hands requests to an application without a server between."""

    def __init__(self, app: Any, client: tuple[str, int]) -> None:
        self._inner = httpx.ASGITransport(app, client=client)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the whole answer."""

        async def asked() -> httpx.Response:
            answer = await self._inner.handle_async_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        return asyncio.run(asked())


def parsed(message: bytes) -> EmailMessage:
    """Return a message."""
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def plain(message: EmailMessage) -> str:
    """Return the text part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link(message: EmailMessage) -> str:
    """Return where the button of a letter leads."""
    (found,) = set(re.findall(r"https?://\S+/(?:confirm|preferences)/[\w-]+", plain(message)))
    return str(found)


def links(message: EmailMessage) -> list[str]:
    """Return every address in a message, as a link scanner finds them."""
    html = message.get_body(("html",))
    assert html is not None
    found = re.findall(r"https?://[^\s\"'<>]+", plain(message) + html.get_content() + str(message["List-Unsubscribe"]))
    return sorted(set(found))


def path_of(address: str) -> str:
    """Return an address without its host."""
    return "/" + address.split("/", 3)[3]


def hidden(html: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
