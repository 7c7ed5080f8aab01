"""The lists, and how many people are on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from newsletter.config import Settings
from newsletter.model.consent import Consent
from newsletter.store import Database, schema, stored
from newsletter.store.bulk import insert


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
    by_state: dict[tuple[str, str], int] = {
        (name, state): number
        for name, state, number in connection.execute(
            select(schema.lists.c.name, schema.consents.c.state, func.count())
            .select_from(schema.consents.join(schema.lists))
            .where(schema.lists.c.name.in_(names))
            .group_by(schema.lists.c.name, schema.consents.c.state)
        )
    }
    suppressed: dict[str, int] = {name: number for number, name in connection.execute(_suppressed())}
    return [
        ListCount(
            name,
            settings.lists[name].title if name in settings.lists else name,
            confirmed=by_state.get((name, Consent.CONFIRMED), 0),
            pending=by_state.get((name, Consent.PENDING), 0),
            unsubscribed=by_state.get((name, Consent.UNSUBSCRIBED), 0),
            suppressed=suppressed.get(name, 0),
        )
        for name in names
    ]


def _suppressed() -> Select[int, str]:
    joined = (
        schema.suppressions.join(
            schema.subscribers, schema.subscribers.c.address_key == schema.suppressions.c.address_key
        )
        .join(schema.consents, schema.consents.c.subscriber_id == schema.subscribers.c.id)
        .join(schema.lists, schema.lists.c.id == schema.consents.c.list_id)
    )
    return (
        select(func.count(), schema.lists.c.name)
        .select_from(joined)
        .where(schema.consents.c.state == Consent.CONFIRMED)
        .group_by(schema.lists.c.name)
    )
