"""Erasing people: what is held about them goes, rows of the ledger stay as counts, and a keyed hash stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, case, cast, delete, func, literal, or_, select, update

from newsletter.audience.address import read_address
from newsletter.audience.consent import nobody
from newsletter.audience.hashes import ensure_key, hasher, reason_of, remember
from newsletter.model.consent import Suppression
from newsletter.model.mailing import DeliveryState
from newsletter.store import Database, SigningKey, delivery_id, schema
from newsletter.store.remnants import overwrite


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
        subscriber = connection.scalar(
            select(schema.subscribers.c.id).where(schema.subscribers.c.address_key == found.key)
        )
        reason = connection.scalar(
            select(schema.suppressions.c.reason).where(schema.suppressions.c.address_key == found.key)
        )
        written = _deliveries(connection, found.key)
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
        forget(connection, [] if subscriber is None else [subscriber], [found.key])
        remember(connection, [(hasher(connection)(found.key), reason or Suppression.ERASURE)], now)
    return Erased(consents or 0, written, nothing, overwrite(database, {found.key, found.written}))


def forget(connection: Connection, subscribers: Sequence[int], address_keys: Sequence[str]) -> None:
    """Delete or empty every row about some people, in every table whose `info` says that it holds any."""
    for table in reversed(schema.metadata.sorted_tables):
        becomes = table.info.get(schema.ERASURE)
        if becomes is None:
            continue
        theirs = about(table, subscribers, address_keys)
        if becomes == schema.DELETE:
            connection.execute(delete(table).where(theirs))
        elif values := emptied(table):
            connection.execute(update(table).where(theirs).values(values))


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
    found = []
    if numbers is not None:
        found.append(numbers.in_(subscribers))
    if keys is not None:
        found.append(keys.in_(address_keys))
    theirs = or_(*found)
    if "mailing_id" in table.primary_key.columns:
        # The indices of the ledger begin with the mailing.
        theirs &= table.c.mailing_id.in_(select(schema.mailings.c.id))
    return theirs


def _deliveries(connection: Connection, address_key: str) -> tuple[tuple[str, str], ...]:
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
        .where(schema.deliveries.c.address_key == address_key)
        .order_by(schema.mailings.c.id)
    )
    return tuple(
        (issue, delivery_id(mailing, subscriber, SigningKey(key, secret)))
        for issue, mailing, subscriber, key, secret in rows
    )
