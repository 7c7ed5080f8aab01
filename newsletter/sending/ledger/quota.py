"""What a provider takes in 24 hours: when there is room for more people, and a smaller batch for what is left of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from newsletter.model.mailing import DeliveryState
from newsletter.sending.ledger.membership import divide, of_batch
from newsletter.store import Database, aware, stored
from newsletter.store.schema import batches, deliveries, mailings, pacing

_DAY = timedelta(days=1)
_WORTH_A_CALL = 10
"""Into how many parts a batch may be cut at most: the last few of a day would cost more calls than they gain."""


def least(size: int, limit: int) -> int:
    """Return for how many people of a batch there must be room within `limit`, so that a call is worth it."""
    # A batch may have been cut when the settings said another limit, or none.
    return max(1, min(size, limit) // _WORTH_A_CALL)


def room_at(database: Database, provider: str, limit: int, size: int, now: datetime) -> datetime:
    """Return when a provider has room for `size` more people within `limit` in any 24 hours; `now` where it has."""
    with database.reading() as connection:
        calls = _calls(connection, provider, now)
    used = sum(people for _, people in calls)
    moment = now
    for called_at, people in calls:
        if used + size <= limit:
            break
        used -= people
        moment = called_at + _DAY
    return moment


def room(connection: Connection, provider: str, limit: int, now: datetime) -> int:
    """Return for how many more people a provider has room now; who claims at the same time is counted too."""
    connection.execute(select(pacing.c.provider).where(pacing.c.provider == provider).with_for_update())
    return limit - sum(people for _, people in _calls(connection, provider, now))


def cut(connection: Connection, row: Row[Any], room: int, limit: int) -> bool:
    """Divide a waiting batch so that its first part fits into the room; return whether that is worth a call."""
    if room < least(row.size, limit):
        return False
    members = connection.scalars(
        select(deliveries.c.subscriber_id)
        .where(of_batch(row), deliveries.c.state == DeliveryState.PENDING.value)
        .order_by(deliveries.c.subscriber_id)
    ).all()
    if len(members) > room:
        divide(connection, row, members, at=room)
    else:
        # Some are gone, and the others fit as they are.
        connection.execute(update(batches).where(batches.c.id == row.id).values(size=len(members)))
    return True


def _calls(connection: Connection, provider: str, now: datetime) -> list[tuple[datetime, int]]:
    called = (
        select(batches.c.claimed_at, batches.c.size)
        .join(mailings, mailings.c.id == batches.c.mailing_id)
        .where(
            mailings.c.provider == provider,
            batches.c.claimed_at > stored(now - _DAY),
            batches.c.state.in_(("claimed", "unknown", "held", "done")),
        )
        .order_by(batches.c.claimed_at)
    )
    return [(aware(row.claimed_at), row.size) for row in connection.execute(called)]
