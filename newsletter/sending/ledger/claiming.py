"""Claims: which deliveries a call is for, durable before its first byte leaves.

A batch goes `pending → claimed → done`, or back to `pending` where it is proven that nothing was sent. One that is
found claimed when sending begins, or whose call got no usable answer, is `unknown`: it is repeated with the same key
and the same bytes while the provider's window lasts, and after that `held`. One that a provider refuses because of one
recipient is `divided` into halves.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from newsletter.errors import AudienceError
from newsletter.model.consent import Consent
from newsletter.model.mailing import DeliveryState
from newsletter.sending.headers import wire_address
from newsletter.sending.ledger.reading import Frozen
from newsletter.sending.providers.contract import Batch, Capabilities, Prepared, WireRequest
from newsletter.store import Database, SigningKey, aware, delivery_id, stored
from newsletter.store.schema import batches, consents, deliveries, lists, suppressions
from newsletter.store.settling import SETTLED, settle

_SLACK = timedelta(minutes=10)
LEFT = "left the lists after the mailing started"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right, and the duty, to make one call and to record what came of it."""

    batch_id: int
    batch: Batch
    request: WireRequest
    subscribers: tuple[int, ...]
    """In the order of the batch's recipients."""
    claimed_at: datetime
    repeats: bool
    """Whether an earlier call with this key may have been accepted."""
    attempts: int


def set_found_aside(database: Database, mailing_id: int) -> None:
    """Call unknown what is claimed although nobody is sending: its sender was stopped in the middle."""
    with database.writing() as connection:
        found = connection.execute(
            select(batches).where(batches.c.mailing_id == mailing_id, batches.c.state == "claimed")
        ).all()
        for row in found:
            connection.execute(update(batches).where(batches.c.id == row.id).values(state="unknown", not_before=None))
            _move(connection, row, DeliveryState.CLAIMED, DeliveryState.UNKNOWN)


def claim(
    database: Database, frozen: Frozen, prepared: Sequence[Prepared], able: Capabilities, now: datetime
) -> Claim | None:
    """Claim the next batch that is due, or return nothing where none is.

    Who left the lists or was suppressed since the start is left out.
    """
    while True:
        with database.writing() as connection:
            row = _next(connection, frozen.mailing.id, now)
            if row is None:
                return None
            again = row.state == "unknown"
            made = (
                _repeat(connection, frozen, prepared, able, row, now)
                if again
                else _first(connection, frozen, prepared, able, row, now)
            )
        if made is not None:
            return made


def _next(connection: Connection, mailing_id: int, now: datetime) -> Row[Any] | None:
    # Unknown batches first, because their window closes; then halves, so that what is refused shows early.
    for state in ("unknown", "pending"):
        row = connection.execute(
            select(batches)
            .where(
                batches.c.mailing_id == mailing_id,
                batches.c.state == state,
                or_(batches.c.not_before.is_(None), batches.c.not_before <= stored(now)),
            )
            .order_by(batches.c.size, batches.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is not None:
            return row
    return None


def _first(
    connection: Connection,
    frozen: Frozen,
    prepared: Sequence[Prepared],
    able: Capabilities,
    row: Row[Any],
    now: datetime,
) -> Claim | None:
    members = _still_willing(connection, frozen, row)
    if not members:
        connection.execute(
            update(batches).where(batches.c.id == row.id).values(state="done", size=0, finished_at=stored(now))
        )
        return None
    attempts = row.attempts + 1
    batch = _batch(frozen, members, _key(frozen.key, frozen.mailing.id, row.id, attempts))
    request = prepared[row.edition].encode(batch)
    if len(members) > 1 and (
        len(members) > min(able.max_recipients, prepared[row.edition].at_once)
        or len(request.body) > able.max_body_bytes
    ):
        divide(connection, row, [member.subscriber_id for member in members])
        return None
    _move(connection, row, DeliveryState.PENDING, DeliveryState.CLAIMED)
    connection.execute(
        update(batches)
        .where(batches.c.id == row.id)
        .values(
            state="claimed",
            size=len(members),
            attempts=attempts,
            idempotency_key=batch.key,
            body_sha256=hashlib.sha256(request.body).hexdigest(),
            claimed_at=stored(now),
            not_before=None,
        )
    )
    ids = tuple(member.subscriber_id for member in members)
    return Claim(row.id, batch, request, ids, now, repeats=False, attempts=attempts)


def _repeat(
    connection: Connection,
    frozen: Frozen,
    prepared: Sequence[Prepared],
    able: Capabilities,
    row: Row[Any],
    now: datetime,
) -> Claim | None:
    # What an event has settled since was part of the call, and is part of its repetition.
    members = connection.execute(_members(row, DeliveryState.UNKNOWN, or_settled=True)).all()
    batch = _batch(frozen, members, row.idempotency_key)
    request = prepared[row.edition].encode(batch)
    first_call = aware(row.claimed_at)
    if not may_repeat(able, first_call, now):
        _hold(connection, row, "the provider no longer knows the first call", now)
        return None
    if hashlib.sha256(request.body).hexdigest() != row.body_sha256:
        # Another version of the program, or somebody was erased: the provider would take it for another call.
        _hold(connection, row, "the same call cannot be made again", now)
        return None
    connection.execute(
        update(batches)
        .where(batches.c.id == row.id)
        .values(state="claimed", attempts=row.attempts + 1, not_before=None)
    )
    _move(connection, row, DeliveryState.UNKNOWN, DeliveryState.CLAIMED)
    ids = tuple(member.subscriber_id for member in members)
    return Claim(row.id, batch, request, ids, first_call, repeats=True, attempts=row.attempts + 1)


def may_repeat(able: Capabilities, first_call: datetime, now: datetime) -> bool:
    """Whether a call may be made again without anybody getting a second message.

    A clock that stands well before the first call was set back: nobody can tell how long ago that was.
    """
    window = able.replay_window
    return window is not None and -_SLACK <= now - first_call < window


def _hold(connection: Connection, row: Row[Any], detail: str, now: datetime) -> None:
    connection.execute(
        update(batches).where(batches.c.id == row.id).values(state="held", not_before=None, detail=detail)
    )
    # Events may have told of some while they were claimed.
    settle(connection, row.mailing_id, now=now)


def _still_willing(connection: Connection, frozen: Frozen, row: Row[Any]) -> list[Row[Any]]:
    """Return the members that may be written to now, and say of the others why not."""
    willing = (
        select(consents.c.subscriber_id)
        .join(lists, lists.c.id == consents.c.list_id)
        .where(
            consents.c.subscriber_id == deliveries.c.subscriber_id,
            consents.c.state == Consent.CONFIRMED.value,
            lists.c.name.in_(frozen.mailing.lists),
        )
        .exists()
    )
    members = connection.execute(
        _members(row, DeliveryState.PENDING, willing.label("willing"), suppressions.c.reason).join_from(
            deliveries, suppressions, suppressions.c.address_key == deliveries.c.address_key, isouter=True
        )
    ).all()
    kept = []
    for member in members:
        if member.reason is not None:
            _settle(connection, row, member.subscriber_id, DeliveryState.SUPPRESSED, member.reason)
        elif not member.willing:
            _settle(connection, row, member.subscriber_id, DeliveryState.SUPPRESSED, LEFT)
        else:
            try:
                wire_address(member.address)
            except AudienceError as error:
                _settle(connection, row, member.subscriber_id, DeliveryState.REJECTED, f"{error.message}: {error.why}")
            else:
                kept.append(member)
    return kept


def _members(row: Row[Any], state: DeliveryState, *more: ColumnElement[Any], or_settled: bool = False) -> Any:
    wanted = deliveries.c.state == state.value
    if or_settled:
        wanted |= (deliveries.c.state == DeliveryState.ACCEPTED.value) & (deliveries.c.detail == SETTLED)
    return (
        select(deliveries.c.subscriber_id, deliveries.c.address, deliveries.c.name, *more)
        .where(of_batch(row), wanted)
        .order_by(deliveries.c.subscriber_id)
    )


def of_batch(row: Row[Any]) -> ColumnElement[bool]:
    """Return the condition by which deliveries belong to a batch."""
    return and_(
        deliveries.c.mailing_id == row.mailing_id,
        deliveries.c.subscriber_id.between(row.first_id, row.last_id),
        deliveries.c.edition == row.edition,
    )


def divide(connection: Connection, row: Row[Any], members: Sequence[int]) -> None:
    """Put two batches in the place of one; `members` are the subscribers that are still pending, in order."""
    middle = len(members) // 2
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
            }
            for part in (members[:middle], members[middle:])
        ],
    )


def _batch(frozen: Frozen, members: Sequence[Row[Any]], key: str) -> Batch:
    mailing_id, envelope = frozen.mailing.id, frozen.envelope
    return Batch(
        key,
        tuple(
            envelope.recipient(delivery_id(mailing_id, member.subscriber_id, frozen.key), member.address, member.name)
            for member in members
        ),
    )


def _key(key: SigningKey, mailing_id: int, batch_id: int, attempt: int) -> str:
    """Return the idempotency key: the same for the same attempt, and never one of another database's."""
    text = f"batch {mailing_id} {batch_id} {attempt}".encode()
    return "newsletter-" + hmac.digest(key.secret, text, "sha256").hex()[:32]


def _move(connection: Connection, row: Row[Any], before: DeliveryState, after: DeliveryState) -> None:
    connection.execute(
        update(deliveries).where(of_batch(row), deliveries.c.state == before.value).values(state=after.value)
    )


def _settle(connection: Connection, row: Row[Any], subscriber_id: int, state: DeliveryState, detail: str) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.mailing_id == row.mailing_id, deliveries.c.subscriber_id == subscriber_id)
        .values(state=state.value, detail=detail)
    )
