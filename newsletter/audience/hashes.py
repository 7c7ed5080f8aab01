"""Keyed hashes of addresses that are no longer held, so that no import brings them back."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select, update

from newsletter.store import Database, schema, signing_keys, stored
from newsletter.store.bulk import insert

Hasher = Callable[[str], str]
"""From an address key to its hash."""

UNSUBSCRIBED = "unsubscribed"
"""Beside the words of `Suppression`, why somebody is no longer held: they left long ago."""


def ensure_key(database: Database, *, now: datetime) -> None:
    """See to it that there is a key, before a transaction that needs one."""
    signing_keys(database, now=now)


def hasher(connection: Connection) -> Hasher:
    """Return what hashes address keys.

    With the oldest key, which no rotation changes: a hash must be found again for ever.
    """
    secret: bytes = connection.scalars(select(schema.keys.c.secret).order_by(schema.keys.c.id).limit(1)).one()
    own = hmac.digest(secret, b"erasure", "sha256")

    def hashed(address_key: str) -> str:
        return hmac.digest(own, address_key.encode(), "sha256").hex()

    return hashed


def anybody_erased(connection: Connection) -> bool:
    """Whether there is any hash at all."""
    return bool(connection.scalar(select(exists().select_from(schema.erasures))))


def reason_of(connection: Connection, address_key: str) -> str | None:
    """Return why an address is no longer held, or nothing where that is not known of it."""
    if not anybody_erased(connection):
        return None
    hashed = hasher(connection)(address_key)
    return connection.scalar(select(schema.erasures.c.reason).where(schema.erasures.c.address_hash == hashed))


def remember(connection: Connection, hashes: Iterable[tuple[str, str]], now: datetime) -> None:
    """Keep hashes, each with the reason; the first reason of an address stays."""
    rows = [{"address_hash": hashed, "reason": reason, "created_at": stored(now)} for hashed, reason in hashes]
    if rows:
        connection.execute(insert(connection, schema.erasures).on_conflict_do_nothing(), rows)


def lift(connection: Connection, address_key: str) -> None:
    """Forget that an address was erased, because its owner has come back."""
    if anybody_erased(connection):
        hashed = hasher(connection)(address_key)
        connection.execute(delete(schema.erasures).where(schema.erasures.c.address_hash == hashed))


def pardon(connection: Connection, address_key: str) -> None:
    """Take back what speaks against writing to an address that is no longer held; no import may bring it back still."""
    hashed = hasher(connection)(address_key)
    connection.execute(
        update(schema.erasures).where(schema.erasures.c.address_hash == hashed).values(reason=UNSUBSCRIBED)
    )
