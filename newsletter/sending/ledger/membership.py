"""Which deliveries are a batch's, and two batches in the place of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, update
from sqlalchemy.sql.elements import ColumnElement

from newsletter.store import stored
from newsletter.store.schema import batches, deliveries


def of_batch(row: Row[Any]) -> ColumnElement[bool]:
    """Return the condition by which deliveries belong to a batch."""
    return and_(
        deliveries.c.mailing_id == row.mailing_id,
        deliveries.c.subscriber_id.between(row.first_id, row.last_id),
        deliveries.c.edition == row.edition,
    )


def keep_count(connection: Connection, row: Row[Any], people: int, answered: datetime | None = None) -> None:
    """Keep that a call was made for so many people, for the quota, where its batch is about to be called again."""
    if people > 0:
        finished_at = stored(answered) if answered else row.claimed_at
        kept = ("mailing_id", "edition", "first_id", "last_id", "wave", "claimed_at", "lane")
        values = {name: row._mapping[name] for name in kept}
        connection.execute(insert(batches).values(**values, size=people, state="done", finished_at=finished_at))


def divide(connection: Connection, row: Row[Any], members: Sequence[int], *, at: int = 0) -> None:
    """Put two batches in the place of one, of which the first is for `at` of its `members`, or for half of them.

    `members` are the subscribers that are still pending, in order. That they were tried before holds for each of them:
    whoever an earlier call may have reached is looked for again before the next.
    """
    middle = at or len(members) // 2
    # A call that was refused because of one of them was no try of the others.
    refused = row.state == "claimed"
    connection.execute(update(batches).where(batches.c.id == row.id).values(state="divided", not_before=None))
    connection.execute(
        insert(batches),
        [
            {
                "mailing_id": row.mailing_id,
                "edition": row.edition,
                "first_id": part[0],
                "last_id": part[-1],
                "size": len(part),
                "state": "pending",
                "wave": row.wave,
                "attempts": row.attempts - refused,
                "put_off": row.put_off,
                "not_before": None if refused else row.not_before,
                "detail": "" if refused else row.detail,
            }
            for part in (members[:middle], members[middle:])
        ],
    )
