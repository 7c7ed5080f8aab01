"""The lists, how many people are on them, and who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from newsletter.audience.segments import check_issues, condition
from newsletter.config import Settings
from newsletter.model.attribute import Value
from newsletter.model.consent import Consent
from newsletter.model.segment import Segment
from newsletter.store import Database, aware, schema, stored
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

    segment: int | None = None
    """How many of those who would get an issue a segment means; nothing where none was given."""

    def as_json(self) -> dict[str, str | int]:
        """Return an object of `lists --json`."""
        meant = {} if self.segment is None else {"segment": self.segment}
        return {
            "name": self.name,
            "title": self.title,
            "confirmed": self.confirmed,
            "pending": self.pending,
            "unsubscribed": self.unsubscribed,
            "suppressed": self.suppressed,
            **meant,
        }


@dataclass(frozen=True, slots=True)
class Member:
    """A subscriber with their word on one list."""

    id: int
    address: str
    name: str
    language: str
    topics: tuple[str, ...]
    """None for everything."""
    attributes: dict[str, Value]
    consent: Consent
    changed_at: datetime
    suppressed: str
    """Why they must not be written to, or nothing."""

    def as_json(self) -> dict[str, Any]:
        """Return an object of `lists show --people --json`."""
        return {
            "id": self.id,
            "address": self.address,
            "name": self.name,
            "language": self.language,
            "topics": list(self.topics) or None,
            "attributes": self.attributes,
            "consent": str(self.consent),
            "changed_at": self.changed_at.isoformat(timespec="seconds"),
            "suppressed": self.suppressed or None,
        }


def count_lists(database: Database, settings: Settings) -> tuple[ListCount, ...]:
    """Return the lists of the settings in their order, then those that only the database still knows."""
    with database.reading() as connection:
        known = list(connection.scalars(select(schema.lists.c.name).order_by(schema.lists.c.name)))
        names = [*settings.lists, *(name for name in known if name not in settings.lists)]
        return tuple(_counts(connection, settings, names))


def count_list(
    database: Database, list_name: str, *, settings: Settings, now: datetime, segment: Segment | None = None
) -> ListCount:
    """Count one list, and how many a segment means of those who are confirmed and may be written to.

    Raises NotFound for a list that the settings do not know, and AudienceError for a segment that does not fit them.
    """
    name = settings.known_list(list_name)
    with database.reading() as connection:
        (counted,) = _counts(connection, settings, [name])
        if segment is None:
            return counted
        check_issues(connection, segment)
        means = condition(segment, lists=[name], settings=settings, now=now)
        number = connection.scalar(
            select(func.count())
            .select_from(schema.consents.join(schema.lists))
            .join(schema.subscribers, schema.subscribers.c.id == schema.consents.c.subscriber_id)
            .outerjoin(schema.suppressions, schema.suppressions.c.address_key == schema.subscribers.c.address_key)
            .where(
                schema.lists.c.name == name,
                schema.consents.c.state == Consent.CONFIRMED.value,
                schema.suppressions.c.address_key.is_(None),
                means,
            )
        )
        return replace(counted, segment=number)


def page(
    database: Database,
    list_name: str,
    *,
    settings: Settings,
    now: datetime,
    segment: Segment | None = None,
    after: int = 0,
    limit: int = 50,
) -> tuple[Member, ...]:
    """Return the next people on a list in the order in which they came; `after` is the number of the last one seen."""
    name = settings.known_list(list_name)
    consents, subscribers = schema.consents, schema.subscribers
    with database.reading() as connection:
        check_issues(connection, segment)
        list_id = find_list(connection, name)
        rows = connection.execute(
            select(subscribers, consents.c.state, consents.c.changed_at, schema.suppressions.c.reason)
            .join_from(consents, subscribers, subscribers.c.id == consents.c.subscriber_id)
            .outerjoin(schema.suppressions, schema.suppressions.c.address_key == subscribers.c.address_key)
            .where(
                consents.c.list_id == list_id,
                consents.c.subscriber_id > after,
                # Said twice, because PostgreSQL begins at the first subscriber otherwise.
                subscribers.c.id > after,
                condition(segment, lists=[name], settings=settings, now=now),
            )
            .order_by(consents.c.subscriber_id)
            .limit(limit)
        )
        return tuple(
            Member(
                row.id,
                row.address,
                row.name,
                row.language,
                row.topics,
                row.attributes or {},
                Consent(row.state),
                aware(row.changed_at),
                row.reason or "",
            )
            for row in rows
        )


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
            settings.list_title(name),
            confirmed=counted.get((name, Consent.CONFIRMED), 0),
            pending=counted.get((name, Consent.PENDING), 0),
            unsubscribed=counted.get((name, Consent.UNSUBSCRIBED), 0),
            suppressed=counted.get((name, SUPPRESSED), 0),
        )
        for name in names
    ]
