"""Erasing people: what is held about them goes, rows of the ledger stay as counts, and a keyed hash stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from newsletter.audience.address import read_address
from newsletter.audience.consent import nobody, number_of
from newsletter.audience.hashes import ensure_key, hasher, reason_of, remember
from newsletter.model.consent import Suppression
from newsletter.model.mailing import DeliveryState
from newsletter.model.wording import count
from newsletter.store import Database, SigningKey, delivery_id, schema
from newsletter.store.among import among
from newsletter.store.remnants import overwrite
from newsletter.store.turns import keep_answers_out, take_rows


@dataclass(frozen=True, slots=True)
class Erased:
    """What was held about a person and is no more."""

    consents: int
    deliveries: tuple[tuple[str, str], ...]
    """Issue and delivery id of each message, by which files that were written are found."""
    before: bool
    """Whether nothing but the hash was left of them already."""
    remnants: str
    """Why old content may still stand in the database's files, or nothing."""

    def told(self, files: int) -> str:
        """Return the result in words that name nobody; `files` is how many with a message went as well."""
        if self.before:
            return "nothing but a hash was held; nothing changed"
        return (
            f"erased: {count(self.consents, 'consent', 'consents')}, "
            f"{count(len(self.deliveries), 'delivery', 'deliveries')} (their counts stay), "
            f"{count(files, 'file with a message', 'files with messages')}"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the result for scripts; it names nobody."""
        return {
            "consents": self.consents,
            "deliveries": len(self.deliveries),
            "erased_before": self.before,
            "remnants": self.remnants or None,
        }


def erase(database: Database, address: str, *, now: datetime) -> Erased:
    """Remove a person everywhere, and keep a keyed hash of their address so that no import brings them back.

    A message that has not been sent yet is not sent. Raises NotFound for an address about which nothing is held.
    """
    found = read_address(address)
    ensure_key(database, now=now)
    with database.writing() as connection:
        _keep_mailings_out(connection)
        subscriber = number_of(connection, found.key)
        keep_others_out(connection, [] if subscriber is None else [subscriber], [found.key])
        # Whoever was waited for may have put them there.
        subscriber = number_of(connection, found.key)
        reason = connection.scalar(
            select(schema.suppressions.c.reason).where(schema.suppressions.c.address_key == found.key)
        )
        written = _deliveries(connection, found.key, subscriber)
        before = reason_of(connection, found.key) is not None
        # What a form asked for a moment ago, which nobody has looked at, is of no subscriber yet.
        asked = connection.scalar(
            select(func.count()).select_from(schema.signups).where(schema.signups.c.address_key == found.key)
        )
        nothing = subscriber is None and reason is None and not written and not asked
        if nothing and not before:
            raise nobody(found)
        consents = connection.scalar(
            select(func.count()).select_from(schema.consents).where(schema.consents.c.subscriber_id == subscriber)
        )
        spellings = _spellings(connection, found.key)
        forget(connection, [] if subscriber is None else [subscriber], [found.key])
        remember(connection, [(hasher(connection)(found.key), reason or Suppression.ERASURE)], now)
    return Erased(consents or 0, written, nothing, overwrite(database, {found.key, *spellings}))


def keep_others_out(connection: Connection, subscribers: Sequence[int], address_keys: Sequence[str]) -> None:
    """Wait until nobody records events about some people or takes their answers, and let nobody begin.

    SQLite does so by itself. Statements of their own, so that what is looked at next is what others have left; and in
    the order in which others take these rows, so that nobody waits in a circle.
    """
    take_rows(connection, schema.deliveries, about(schema.deliveries, subscribers, address_keys))
    keep_answers_out(connection)
    take_rows(connection, schema.subscribers, about(schema.subscribers, subscribers, address_keys))


def forget(connection: Connection, subscribers: Sequence[int], address_keys: Sequence[str]) -> None:
    """Delete or empty every row about some people, in every table whose `info` says that it holds any."""
    _forget_what_was_said(connection, subscribers, address_keys)
    for table in reversed(schema.metadata.sorted_tables):
        becomes = table.info.get(schema.ERASURE)
        if becomes is None:
            continue
        if becomes == schema.DELETE:
            connection.execute(delete(table).where(about(table, subscribers, address_keys)))
        else:
            _empty_in_each_mailing(connection, table, {"subscriber_id": subscribers, "address_key": address_keys})


def _empty_in_each_mailing(connection: Connection, table: Table, people: Mapping[str, Sequence[Any]]) -> None:
    """Empty rows of the ledger, one person after the other: asked for many, SQLite looks through whole mailings."""
    values = emptied(table)
    for name, theirs in people.items():
        if values and name in table.columns and theirs:
            found = _in_some_mailing(table) & (table.columns[name] == bindparam("whose"))
            connection.execute(update(table).where(found).values(values), [{"whose": each} for each in theirs])


def emptied(table: Table) -> dict[str, Any]:
    """Return the values with which rows stay and say nothing about anybody."""
    values: dict[str, Any] = {
        column.name: None if column.nullable else "" for column in table.columns if column.info.get("personal")
    }
    if "address_key" in values:
        # Unique within a mailing, as the addresses were.
        values["address_key"] = literal("erased ") + cast(table.c.subscriber_id, Text)
    if table is schema.deliveries:
        waits = table.c.state == DeliveryState.PENDING.value
        values["state"] = case((waits, DeliveryState.SUPPRESSED.value), else_=table.c.state)
        values["detail"] = case((waits, Suppression.ERASURE.value), else_="")
    return values


def about(table: Table, subscribers: Sequence[int], address_keys: Sequence[str]) -> ColumnElement[bool]:
    """Return what holds for the rows of a table about some people."""
    numbers = table.c.id if table is schema.subscribers else table.c.get("subscriber_id")
    keys = table.c.get("address_key")
    found: list[ColumnElement[bool]] = []
    if numbers is not None:
        found.append(numbers.in_(subscribers))
    if keys is not None:
        found.append(keys.in_(address_keys))
    if _by_mailing(table):
        # Said of each way, or neither's index is used.
        found = [_in_some_mailing(table) & way for way in found]
    return or_(*found)


def _by_mailing(table: Table) -> bool:
    """Whether a table's indices begin with the mailing."""
    return "mailing_id" in table.columns


def _in_some_mailing(table: Table) -> ColumnElement[bool]:
    return among(table.c.mailing_id, select(schema.mailings.c.id))


def _forget_what_was_said(connection: Connection, subscribers: Sequence[int], address_keys: Sequence[str]) -> None:
    """Empty why calls for some people were put off, and mask them in why mailings paused: servers repeat addresses."""
    batches, deliveries, mailings = schema.batches, schema.deliveries, schema.mailings
    theirs = (
        exists()
        .where(deliveries.c.mailing_id == batches.c.mailing_id)
        .where(deliveries.c.subscriber_id.between(batches.c.first_id, batches.c.last_id))
        .where(about(deliveries, subscribers, address_keys))
    )
    connection.execute(update(batches).where(batches.c.detail != "", theirs).values(detail=""))
    for number, reason in connection.execute(
        select(mailings.c.id, mailings.c.reason).where(mailings.c.reason.contains("@", autoescape=True))
    ).all():
        masked = reason
        for key in address_keys:
            masked = re.sub(re.escape(key), "…", masked, flags=re.IGNORECASE)
        if masked != reason:
            connection.execute(update(mailings).where(mailings.c.id == number).values(reason=masked))


def _keep_mailings_out(connection: Connection) -> None:
    """Wait until no mailing is being frozen, and let none begin: it would bring back whom it has seen before."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE mailings IN ROW EXCLUSIVE MODE"))


def _spellings(connection: Connection, address_key: str) -> set[str]:
    """Return how an address stands in the tables."""
    found: set[str | None] = set()
    for table in (schema.subscribers, schema.deliveries, schema.signups):
        theirs = about(table, [], [address_key])
        found |= set(connection.scalars(select(table.c.address).where(theirs)))
    return {each for each in found if each}


def _deliveries(connection: Connection, address_key: str, subscriber: int | None) -> tuple[tuple[str, str], ...]:
    # Rows that were kept for long have lost the address, and their files in the outbox have not.
    theirs = about(schema.deliveries, [] if subscriber is None else [subscriber], [address_key])
    rows = connection.execute(
        select(
            schema.mailings.c.issue,
            schema.deliveries.c.mailing_id,
            schema.deliveries.c.subscriber_id,
            schema.keys.c.id,
            schema.keys.c.secret,
        )
        .join_from(schema.deliveries, schema.mailings)
        .join(schema.keys, schema.keys.c.id == schema.mailings.c.key_id)
        .where(theirs)
        .order_by(schema.mailings.c.id)
    )
    return tuple(
        (issue, delivery_id(mailing, subscriber, SigningKey(key, secret)))
        for issue, mailing, subscriber, key, secret in rows
    )
