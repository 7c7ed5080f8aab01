"""The lists, and how many people are on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from newsletter.config import Settings
from newsletter.model.consent import Consent
from newsletter.store import Database, schema, stored
from newsletter.store.bulk import insert

SUPPRESSED = "suppressed"
"""Beside the words of `Consent`, what `list_counts` counts."""


@dataclass(frozen=True, slots=True)
class ListCount:
    """A list, and how many subscribers have given which word on it."""

    name: str
    title: str
    confirmed: int = 0
    pending: int = 0
    unsubscribed: int = 0
    suppressed: int = 0
    """How many of the confirmed must not be written to."""

    def as_json(self) -> dict[str, str | int]:
        """Return an object of `lists --json`."""
        return {
            "name": self.name,
            "title": self.title,
            "confirmed": self.confirmed,
            "pending": self.pending,
            "unsubscribed": self.unsubscribed,
            "suppressed": self.suppressed,
        }


def count_lists(database: Database, settings: Settings) -> tuple[ListCount, ...]:
    """Return the lists of the settings in their order, then those that only the database still knows."""
    with database.reading() as connection:
        known = list(connection.scalars(select(schema.lists.c.name).order_by(schema.lists.c.name)))
        names = [*settings.lists, *(name for name in known if name not in settings.lists)]
        return tuple(_counts(connection, settings, names))


def find_list(connection: Connection, name: str) -> int | None:
    """Return the id of a list that somebody has been on."""
    return connection.execute(select(schema.lists.c.id).where(schema.lists.c.name == name)).scalar()


def ensure_list(connection: Connection, name: str, now: datetime) -> int:
    """Return the id of a list; its row is made on first use."""
    connection.execute(
        insert(connection, schema.lists).values(name=name, created_at=stored(now)).on_conflict_do_nothing()
    )
    number: int = connection.scalars(select(schema.lists.c.id).where(schema.lists.c.name == name)).one()
    return number


def _counts(connection: Connection, settings: Settings, names: Sequence[str]) -> list[ListCount]:
    counted = {
        (name, state): int(number)
        for name, state, number in connection.execute(
            select(schema.lists.c.name, schema.list_counts.c.state, func.sum(schema.list_counts.c.number))
            .join_from(schema.list_counts, schema.lists, schema.lists.c.id == schema.list_counts.c.list_id)
            .where(schema.lists.c.name.in_(names))
            .group_by(schema.lists.c.name, schema.list_counts.c.state)
        )
    }
    return [
        ListCount(
            name,
            settings.lists[name].title if name in settings.lists else name,
            confirmed=counted.get((name, Consent.CONFIRMED), 0),
            pending=counted.get((name, Consent.PENDING), 0),
            unsubscribed=counted.get((name, Consent.UNSUBSCRIBED), 0),
            suppressed=counted.get((name, SUPPRESSED), 0),
        )
        for name in names
    ]
