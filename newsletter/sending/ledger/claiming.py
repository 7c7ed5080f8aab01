"""Claims: which deliveries a call is for, durable before its first byte leaves.

A batch goes `pending → claimed → done`, or back to `pending` where it is proven that nothing was sent. One that is
found claimed although its sender is gone, or whose call got no usable answer, is `unknown`: it is repeated with the
same key and the same bytes while the provider's window lasts, or searched for where the provider can be asked, and
`held` where no evidence is left. One that a provider refuses because of one recipient is `divided` into halves.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.sql.elements import ColumnElement

from newsletter.errors import AudienceError
from newsletter.model.consent import Consent
from newsletter.model.mailing import DeliveryState, MailingState, OnUnknown
from newsletter.sending import lanes
from newsletter.sending.headers import wire_address
from newsletter.sending.ledger import quota
from newsletter.sending.ledger.claims import Claim, Halt, Search, Sender
from newsletter.sending.ledger.evidence import evidence_due, is_set_back, may_repeat, remembered
from newsletter.sending.ledger.membership import divide, keep_count, of_batch
from newsletter.sending.ledger.reading import Frozen, ready
from newsletter.sending.providers.contract import Batch, Capabilities, WireRequest
from newsletter.store import Database, SigningKey, aware, delivery_id, stored
from newsletter.store.schema import batches, consents, deliveries, mailings, subscribers, suppressions
from newsletter.store.schema import lists as subscriber_lists
from newsletter.store.settling import SETTLED, accept_by_events, settle_by_events

_SEARCHES = 40
"""In a row; a person may ask for as many again."""
_SEARCH_TIME = timedelta(minutes=5)
_ELSEWHERE = "the provider's account is another now, and that one cannot tell what the former one took"
LEFT = "left the lists after the mailing started"
PAUSES = "has paused after the mailing started"


def set_found_aside(database: Database, sender: Sender, now: datetime) -> int:
    """Call unknown what is claimed although nobody is sending: its sender was stopped in the middle; count the batches.

    On a shared database the lanes tell which senders are alive; the caller is none of them where it has just begun.
    """
    mailing_id = sender.frozen.mailing.id
    with database.writing() as connection:
        alive = lanes.taken(connection, mailing_id) - {sender.lane}
        found = connection.execute(
            select(batches)
            .where(batches.c.mailing_id == mailing_id, batches.c.state == "claimed")
            .with_for_update(skip_locked=True)
        ).all()
        left = [row for row in found if row.lane not in alive]
        for row in left:
            due = evidence_due(sender.able, aware(row.claimed_at), now)
            connection.execute(
                update(batches)
                .where(batches.c.id == row.id)
                .values(
                    state="unknown",
                    not_before=stored(due) if due else None,
                    lane=None,
                    detail="the sender was stopped in the middle of the call",
                )
            )
            _move(connection, row, DeliveryState.CLAIMED, DeliveryState.UNKNOWN)
        # Whoever asked the provider about these is gone too.
        asking = batches.c.lane.is_not(None) & batches.c.lane.not_in(alive)
        connection.execute(
            update(batches)
            .where(batches.c.mailing_id == mailing_id, batches.c.state == "unknown", asking)
            .values(lane=None, not_before=None)
        )
    return len(left)


def date_searches(database: Database, mailing_id: int, able: Capabilities, now: datetime) -> None:
    """Let searches that wait begin when the settings of today say, whatever they were when the call was made."""
    if able.settle is None:
        return
    with database.writing() as connection:
        waiting = connection.execute(
            select(batches)
            .where(
                batches.c.mailing_id == mailing_id,
                batches.c.state == "unknown",
                batches.c.lane.is_(None),
                # One that was made by a clock that has been set back since keeps its wait.
                batches.c.claimed_at <= stored(now),
            )
            .with_for_update(skip_locked=True)
        ).all()
        for row in waiting:
            due = evidence_due(able, aware(row.claimed_at), now)
            connection.execute(
                update(batches).where(batches.c.id == row.id).values(not_before=stored(due) if due else None)
            )


def claim(database: Database, sender: Sender, now: datetime) -> Claim | Search | Halt | None:
    """Claim the next batch that is due; return nothing where none is, and a Halt where none may be.

    Who left the lists, paused or was suppressed since the start is left out.
    """
    mailing, limit = sender.frozen.mailing, sender.able.recipients_per_day
    while True:
        with database.writing() as connection:
            wave = _wave(connection, sender)
            if wave is None:
                return Halt()
            row = _next(connection, sender, wave, now)
            if row is None:
                return None
            if row.state == "unknown":
                made = _again(connection, sender, row, now)
            elif limit is None or (room := quota.room(connection, mailing.provider, limit, now)) >= row.size:
                made = _first(connection, sender, row, now)
            elif quota.cut(connection, row, room, limit):
                continue
            else:
                return None
        # Otherwise the batch was settled without a call, or divided.
        if made is not None:
            return made


def _wave(connection: Connection, sender: Sender) -> int | None:
    """Return up to which wave batches may be claimed; nothing while the mailing is not being sent."""
    # Shared, so that whoever pauses or stops it waits for claims that are being made and knows of them.
    row = connection.execute(
        select(mailings.c.state, mailings.c.wave)
        .where(mailings.c.id == sender.frozen.mailing.id)
        .with_for_update(read=True)
    ).one()
    return row.wave if row.state == MailingState.SENDING or sender.only_unknown else None


def _next(connection: Connection, sender: Sender, wave: int, now: datetime) -> Row[Any] | None:
    # Unknown batches first, because their window closes; then halves, so that what is refused shows early.
    for state in ("unknown",) if sender.only_unknown else ("unknown", "pending"):
        row = connection.execute(
            select(batches)
            .where(
                batches.c.mailing_id == sender.frozen.mailing.id,
                batches.c.state == state,
                batches.c.wave <= wave,
                ready(now),
            )
            .order_by(batches.c.size, batches.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is not None:
            return row
    return None


def _first(connection: Connection, sender: Sender, row: Row[Any], now: datetime) -> Claim | None:
    frozen, able = sender.frozen, sender.able
    if row.attempts:
        accept_by_events(connection, of_batch(row))
    members = _still_willing(connection, sender, row, now)
    if not members:
        connection.execute(
            update(batches).where(batches.c.id == row.id).values(state="done", size=0, finished_at=stored(now))
        )
        return None
    attempts = row.attempts + 1
    batch = _batch(frozen, members, _key(frozen.key, frozen.mailing.id, row.id, attempts))
    edition = sender.prepared[row.edition]
    # More than a call may have cannot be encoded: settings may have changed since the batch was cut.
    fits = len(members) <= min(able.max_recipients, edition.at_once)
    request = edition.encode(batch) if fits or len(members) == 1 else None
    if request is None or (len(members) > 1 and len(request.body) > able.max_body_bytes):
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
            lane=sender.lane,
            account=sender.account,
        )
    )
    ids = tuple(member.subscriber_id for member in members)
    # What waited for its next try has not been seen by anybody: whoever lets a mailing go on takes all waits away.
    put_back = row.detail if row.not_before is None else ""
    others = not row.attempts or _anybody_untried(connection, row)
    return Claim(row.id, batch, request, ids, now, False, attempts, sender.lane, put_back, row.put_off, others)


def _anybody_untried(connection: Connection, row: Row[Any]) -> bool:
    untried = select(batches.c.id).where(
        batches.c.mailing_id == row.mailing_id,
        batches.c.state == "pending",
        batches.c.wave <= row.wave,
        batches.c.attempts == 0,
    )
    return connection.execute(untried.limit(1)).first() is not None


def _again(connection: Connection, sender: Sender, row: Row[Any], now: datetime) -> Claim | Search | None:
    """Settle an unknown batch: by the same call once more, by a search, or by what the mailing says of such cases."""
    unknown = _members(row, DeliveryState.UNKNOWN)
    # Events may have told of some while they were claimed.
    doubted = [member.subscriber_id for member in connection.execute(unknown)]
    settle_by_events(connection, row.mailing_id, doubted, now=now)
    if connection.execute(unknown).first() is None:
        # What became of them was heard in another way.
        connection.execute(update(batches).where(batches.c.id == row.id).values(state="done", finished_at=stored(now)))
        return None
    # What an event has settled was part of the call, and is part of its repetition.
    members = connection.execute(_members(row, DeliveryState.UNKNOWN, or_settled=True)).all()
    batch = _batch(sender.frozen, members, row.idempotency_key)
    first_call = aware(row.claimed_at)
    reason = row.detail
    if row.account not in {"", sender.account}:
        give_up(connection, row, sender.frozen.mailing.on_unknown, _ELSEWHERE)
        return None
    if sender.able.replay_window is not None:
        reason = "the provider no longer knows the first call"
        if may_repeat(sender.able, first_call, now):
            if request := _same_call(sender, row, batch):
                return _repeat(connection, sender, row, batch, request, members)
            reason = "the same call cannot be made again"
    if sender.able.settle is not None and is_set_back(first_call, now):
        reason = "the clock was set back, so nobody can tell how long ago the call was made"
    elif sender.able.settle is not None and row.attempts % _SEARCHES:
        # Until then nobody else asks; should this process die, somebody does.
        connection.execute(
            update(batches)
            .where(batches.c.id == row.id)
            .values(attempts=row.attempts + 1, not_before=stored(now + _SEARCH_TIME), lane=sender.lane)
        )
        return Search(row.id, batch, first_call, row.attempts + 1, remembered(sender.able, first_call, now))
    give_up(connection, row, sender.frozen.mailing.on_unknown, reason)
    return None


def _same_call(sender: Sender, row: Row[Any], batch: Batch) -> WireRequest | None:
    """Return the call once more; nothing where it would be another: a new version of the program, somebody erased."""
    try:
        request = sender.prepared[row.edition].encode(batch)
    except AudienceError:
        return None
    return request if hashlib.sha256(request.body).hexdigest() == row.body_sha256 else None


def _repeat(
    connection: Connection,
    sender: Sender,
    row: Row[Any],
    batch: Batch,
    request: WireRequest,
    members: Sequence[Row[Any]],
) -> Claim:
    connection.execute(
        update(batches)
        .where(batches.c.id == row.id)
        .values(state="claimed", attempts=row.attempts + 1, not_before=None, lane=sender.lane)
    )
    _move(connection, row, DeliveryState.UNKNOWN, DeliveryState.CLAIMED)
    ids = tuple(member.subscriber_id for member in members)
    return Claim(row.id, batch, request, ids, aware(row.claimed_at), True, row.attempts + 1, sender.lane)


def give_up(connection: Connection, row: Row[Any], policy: OnUnknown, detail: str) -> None:
    """Hold an unknown batch, of which no evidence is left, or send it again where the mailing says so."""
    if policy is OnUnknown.RESEND:
        again(connection, row, f"sent again, although the first call may have been taken: {detail}")
        return
    connection.execute(
        update(batches).where(batches.c.id == row.id).values(state="held", not_before=None, detail=detail)
    )


def again(connection: Connection, row: Row[Any], detail: str) -> None:
    """Let what is unknown of a batch be sent as if it never had been."""
    _move(connection, row, DeliveryState.UNKNOWN, DeliveryState.PENDING)
    # The first call may have been taken.
    keep_count(connection, row, row.size)
    connection.execute(
        update(batches).where(batches.c.id == row.id).values(state="pending", not_before=None, detail=detail)
    )


def _still_willing(connection: Connection, sender: Sender, row: Row[Any], now: datetime) -> list[Row[Any]]:
    """Return the members that may be written to now, and say of the others why not."""
    willing = (
        select(consents.c.subscriber_id)
        .join(subscriber_lists, subscriber_lists.c.id == consents.c.list_id)
        .where(
            consents.c.subscriber_id == deliveries.c.subscriber_id,
            # PostgreSQL looks through all consents once a call, unless it is told which can matter.
            consents.c.subscriber_id.between(row.first_id, row.last_id),
            consents.c.state == Consent.CONFIRMED.value,
            subscriber_lists.c.name.in_(sender.frozen.mailing.lists),
        )
        .exists()
    )
    # A mailing may have been scheduled for weeks.
    pauses = (
        select(subscribers.c.id)
        .where(
            subscribers.c.id == deliveries.c.subscriber_id,
            # As above.
            subscribers.c.id.between(row.first_id, row.last_id),
            subscribers.c.paused_until > stored(now),
        )
        .exists()
    )
    asked = (willing.label("willing"), pauses.label("pauses"), suppressions.c.reason)
    members = connection.execute(
        _members(row, DeliveryState.PENDING, *asked).join_from(
            deliveries, suppressions, suppressions.c.address_key == deliveries.c.address_key, isouter=True
        )
    ).all()
    kept = []
    for member in members:
        if member.reason is not None:
            _settle(connection, row, member.subscriber_id, DeliveryState.SUPPRESSED, member.reason)
        elif not member.willing:
            _settle(connection, row, member.subscriber_id, DeliveryState.SUPPRESSED, LEFT)
        elif member.pauses:
            _settle(connection, row, member.subscriber_id, DeliveryState.SUPPRESSED, PAUSES)
        else:
            try:
                wire_address(member.address, smtputf8=sender.able.smtputf8)
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
