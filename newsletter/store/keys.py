"""The keys that sign readers' links, kept in the database so that a link works as long as its mailing is known."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from newsletter.store import schema
from newsletter.store.database import Database
from newsletter.store.moments import stored
from newsletter.store.tokens import SigningKey


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Every key, the newest first: the newest signs, all verify."""

    all: tuple[SigningKey, ...]

    @property
    def newest(self) -> SigningKey:
        """The key that signs."""
        return self.all[0]


def signing_keys(database: Database, *, now: datetime) -> SigningKeys:
    """Return the keys; the first one is made when there is none."""
    with database.reading() as connection:
        keys = all_keys(connection)
    if keys:
        return SigningKeys(keys)
    with database.writing() as connection:
        # Another process may have made the first key since.
        return SigningKeys(all_keys(connection) or _add(connection, now))


def rotate_keys(database: Database, *, now: datetime) -> SigningKeys:
    """Sign with a new key from now on; links signed before stay good."""
    with database.writing() as connection:
        return SigningKeys(_add(connection, now))


def all_keys(connection: Connection) -> tuple[SigningKey, ...]:
    """Return every key, the newest first; none before the first link was signed."""
    rows = connection.execute(select(schema.keys.c.id, schema.keys.c.secret).order_by(schema.keys.c.id.desc()))
    return tuple(SigningKey(number, secret) for number, secret in rows)


def _add(connection: Connection, now: datetime) -> tuple[SigningKey, ...]:
    connection.execute(insert(schema.keys).values(secret=secrets.token_bytes(32), created_at=stored(now)))
    return all_keys(connection)
