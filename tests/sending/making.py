"""Editions, envelopes, subscribers and workspaces for the tests of sending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from newsletter import sending
from newsletter.model.edition import Edition, InlineImage
from newsletter.model.mailing import Mailing
from newsletter.model.slot import Context, Slot, Slotted
from newsletter.sending import Envelope
from newsletter.store import Database, schema, stored
from tests import factories
from tests.databases import open_ready

NOW = dt.datetime(2024, 7, 28, 7, 0, tzinfo=dt.UTC)
ENVELOPE = Envelope(
    sender="ICMPD Newsletter <news@example.org>",
    reply_to="press@example.org",
    public_url="https://news.example.org",
    list_name="monthly",
    list_title="Monthly newsletter",
)


def slotted(context: Context, *parts: str | Slot) -> Slotted:
    """Return texts and slots, which must take turns, beginning and ending with a text."""
    return Slotted(
        tuple(part.encode() for part in parts[0::2] if isinstance(part, str)),
        tuple(part for part in parts[1::2] if isinstance(part, Slot)),
        context,
    )


def edition(**fields: Any) -> Edition:
    """Return a small edition with every slot."""
    name, leave, view = Slot("first_name", "reader"), Slot("unsubscribe_url"), Slot("view_url")
    values: dict[str, Any] = {
        "issue": "2024-07",
        "language": "en",
        "direction": "ltr",
        "subject": slotted(Context.HEADER, "Border communities"),
        "preheader": slotted(Context.PLAIN, "Our month in one mail"),
        "html": slotted(
            Context.HTML,
            "<!doctype html><p>Dear ",
            name,
            ',</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n<a href="',
            view,
            '">View</a> <a href="',
            leave,
            '">Unsubscribe</a>\n',
        ),
        "text": slotted(
            Context.PLAIN, "Dear ", name, ",\n\nZwölf Projekte.\n\nUnsubscribe: ", leave, "\nView: ", view, "\n"
        ),
        "mjml": "<mjml/>",
    }
    return Edition(**(values | fields))


def image(name: str = "3f2a.png") -> InlineImage:
    """Return a picture of a few bytes."""
    return InlineImage(name, "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


def start(opened: Database, provider: Any, **fields: Any) -> Mailing:
    """Start the July issue for everybody on the monthly list."""
    values: dict[str, Any] = {
        "issue": "2024-07",
        "lists": ["monthly"],
        "editions": [edition()],
        "envelope": ENVELOPE,
        "expect": None,
        "now": NOW,
    }
    return sending.start(opened, provider=provider, **(values | fields))


def database(folder: Path, **settings: Any) -> Database:
    """Open a new database in `folder`."""
    return open_ready(factories.workspace(folder, **settings))


def subscribe(
    opened: Database,
    addresses: Iterable[str],
    *,
    to: str = "monthly",
    state: str = "confirmed",
    name: str = "",
    language: str = "",
) -> None:
    """Put addresses on a list; those known already get a second consent."""
    with opened.writing() as connection:
        lists = schema.lists
        number = connection.execute(lists.select().where(lists.c.name == to)).scalar()
        if number is None:
            number = connection.execute(
                insert(lists).returning(lists.c.id), {"name": to, "created_at": stored(NOW)}
            ).scalar_one()
        table, wanted = schema.subscribers, {address.lower(): address for address in addresses}
        known = select(table.c.address_key, table.c.id).where(table.c.address_key.in_(wanted))
        new = wanted.keys() - {row.address_key for row in connection.execute(known)}
        if new:
            values = {"name": name, "language": language, "created_at": stored(NOW)}
            rows = [{"address": address, "address_key": key} for key, address in wanted.items() if key in new]
            connection.execute(insert(table), [row | values for row in rows])
        numbers = {row.address_key: row.id for row in connection.execute(known)}
        consent = {"list_id": number, "state": state, "changed_at": stored(NOW)}
        if wanted:
            connection.execute(insert(schema.consents), [consent | {"subscriber_id": numbers[key]} for key in wanted])


def suppress(opened: Database, address: str, reason: str = "bounce") -> None:
    """Forbid an address."""
    with opened.writing() as connection:
        connection.execute(
            insert(schema.suppressions), {"address_key": address, "reason": reason, "created_at": stored(NOW)}
        )


def addresses(count: int) -> list[str]:
    """Return that many different addresses."""
    return [f"reader{number:04}@example.org" for number in range(count)]
