"""Everything that is held about an address, for the person who asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from newsletter.audience.address import Address, read_address
from newsletter.audience.consent import nobody
from newsletter.audience.erasing import about
from newsletter.audience.hashes import reason_of
from newsletter.store import Database, aware, schema


def show(database: Database, address: str) -> dict[str, Any]:
    """Return everything that is held about an address, ready for JSON; raise NotFound where that is nothing."""
    found = read_address(address)
    with database.reading() as connection:
        person = (
            connection.execute(select(schema.subscribers).where(schema.subscribers.c.address_key == found.key))
            .mappings()
            .first()
        )
        suppression = _suppression(connection, found)
        deliveries = _deliveries(connection, found)
        erasure = reason_of(connection, found.key)
        more = _more(connection, person["id"] if person else None, found.key)
        if person is None and suppression is None and erasure is None and not deliveries and not more:
            raise nobody(found)
        return {
            **_person(found, person),
            "lists": _consents(connection, person["id"]) if person else [],
            "suppression": suppression,
            "deliveries": deliveries,
            "erased": erasure,
            **more,
        }


def _person(found: Address, row: RowMapping | None) -> dict[str, Any]:
    if row is None:
        unknown = dict.fromkeys(("topics", "attributes", "frequency", "paused_until", "created_at"))
        nothing = {"preferences_changed_at": None, "preferences_source": "", "unsuppressed_at": None}
        return {"address": found.written, "name": "", "language": "", **unknown, **nothing}
    return {
        "address": row["address"],
        "name": row["name"],
        "language": row["language"],
        "topics": list(row["topics"]) or None,
        "attributes": row["attributes"],
        "frequency": row["frequency"],
        "paused_until": _written(row["paused_until"]) if row["paused_until"] else None,
        "created_at": _written(row["created_at"]),
        "preferences_changed_at": _written(row["preferred_at"]) if row["preferred_at"] else None,
        "preferences_source": row["preferred_by"],
        "unsuppressed_at": _written(row["unsuppressed_at"]) if row["unsuppressed_at"] else None,
    }


def _more(connection: Connection, subscriber: int | None, address_key: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows about a person in tables that are not told above, under the table's name."""
    told = {schema.subscribers, schema.consents, schema.suppressions, schema.deliveries}
    found = {}
    for table in schema.metadata.sorted_tables:
        if schema.ERASURE in table.info and table not in told:
            theirs = about(table, [] if subscriber is None else [subscriber], [address_key])
            rows = connection.execute(select(table).where(theirs)).mappings().all()
            if rows:
                found[table.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _written(value)
    return value.hex() if isinstance(value, bytes) else value


def _suppression(connection: Connection, found: Address) -> dict[str, str] | None:
    row = connection.execute(select(schema.suppressions).where(schema.suppressions.c.address_key == found.key)).first()
    return {"reason": row.reason, "source": row.source, "created_at": _written(row.created_at)} if row else None


def _consents(connection: Connection, subscriber: int) -> list[dict[str, str | None]]:
    rows = connection.execute(
        select(schema.lists.c.name, schema.consents)
        .join_from(schema.consents, schema.lists)
        .where(schema.consents.c.subscriber_id == subscriber)
        .order_by(schema.lists.c.name)
    )
    return [
        {
            "list": row.name,
            "consent": row.state,
            "source": row.source,
            "changed_at": _written(row.changed_at),
            "wording": row.wording,
            "confirmed_at": _written(row.confirmed_at) if row.confirmed_at else None,
            "proof": row.proof,
        }
        for row in rows
    ]


def _deliveries(connection: Connection, found: Address) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(
            schema.mailings.c.id,
            schema.mailings.c.issue,
            func.coalesce(schema.mailings.c.begins_at, schema.mailings.c.started_at).label("leaves_at"),
            schema.deliveries.c.address,
            schema.deliveries.c.name,
            schema.deliveries.c.state,
            schema.deliveries.c.provider_id,
            schema.deliveries.c.detail,
        )
        .select_from(schema.deliveries.join(schema.mailings))
        .where(schema.deliveries.c.address_key == found.key)
        .order_by(schema.mailings.c.id)
    )
    return [
        {
            "issue": row.issue,
            "mailing_id": row.id,
            "mailing_leaves_at": _written(row.leaves_at),
            "address": row.address,
            "name": row.name,
            "state": row.state,
            "provider_id": row.provider_id,
            "detail": row.detail,
        }
        for row in rows
    ]


def _written(moment: datetime) -> str:
    return aware(moment).isoformat(timespec="seconds")
