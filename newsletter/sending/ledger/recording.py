"""Results: what came of a call, for a whole batch in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Text, bindparam, case, insert, literal, select, update

from newsletter.errors import StorageError
from newsletter.model.mailing import DeliveryState, MailingState, OnUnknown, Totals
from newsletter.sending import lanes
from newsletter.sending.ledger import reading
from newsletter.sending.ledger.claiming import give_up
from newsletter.sending.ledger.claims import Claim, Search, Sender
from newsletter.sending.ledger.evidence import evidence_due, may_repeat
from newsletter.sending.ledger.membership import divide, keep_count, of_batch
from newsletter.sending.providers.contract import (
    Accepted,
    Because,
    Capabilities,
    NotTaken,
    Outcome,
    Rejected,
    Unsure,
    Verdict,
)
from newsletter.store import Database, SigningKey, delivery_id, stored
from newsletter.store.schema import batches, deliveries, keys, mailings
from newsletter.store.settling import settle_by_events

_FORGOTTEN = "the call was made so long ago that the provider need not show it any more"
INTERRUPTED = "interrupted; nothing is lost"
_CARRIED = ("mailing_id", "edition", "attempts", "idempotency_key", "body_sha256", "claimed_at", "wave", "account")

# Not `IN`, which SQLAlchemy does not take where one statement runs for many rows.
_IN_PLAY = (deliveries.c.state == DeliveryState.CLAIMED.value) | (deliveries.c.state == DeliveryState.UNKNOWN.value)
_OPEN = _IN_PLAY | (deliveries.c.state == DeliveryState.PENDING.value)


def record(
    database: Database, claim: Claim, verdict: Verdict, sender: Sender, *, now: datetime, retry_in: float
) -> None:
    """Write down an answer; what may be tried again is due in `retry_in` seconds.

    Where the claim is no longer this sender's, because it was silent for so long that it was taken for dead, only what
    the provider certainly took or certainly never will is written down.
    """
    outcomes = _honest(claim, verdict, sender.able)
    with database.writing() as connection:
        row = connection.execute(select(batches).where(batches.c.id == claim.batch_id).with_for_update()).one()
        if not _ours(row, claim):
            # Another call for them may be under way, or in doubt, and what it brings is newer than a refusal.
            if row.state != "claimed" and row.attempts == claim.attempts:
                _update(connection, row, claim, [outcome for outcome in outcomes if isinstance(outcome, Rejected)])
            # Whoever waits to be sent to once more has it.
            taken = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
            _update(connection, row, claim, taken, which=_OPEN)
            return
        _update(connection, row, claim, outcomes)
        due = now + timedelta(seconds=retry_in)
        kinds = {type(outcome) for outcome in outcomes}
        if len({_fate(outcome) for outcome in outcomes if isinstance(outcome, Unsure | NotTaken)}) > 1:
            _part(connection, row, claim, replace(verdict, outcomes=outcomes), sender, now, due)
        elif Unsure in kinds:
            _leave_unknown(connection, row, claim, verdict, sender, now, due)
        elif NotTaken in kinds:
            if verdict.divide:
                divide(connection, row, claim.subscribers)
                return
            left = sum(isinstance(outcome, NotTaken) for outcome in outcomes)
            keep_count(connection, row, _taken(outcomes), now)
            put_off = row.put_off + (Because.MAILBOX in map(_fate, outcomes))
            detail = _reason(outcomes, claim)
            _set(connection, row, state="pending", size=left, not_before=stored(due), detail=detail, put_off=put_off)
        else:
            _set(connection, row, state="done", finished_at=stored(now), detail="")


def settle(database: Database, search: Search, found: Mapping[str, str], now: datetime) -> None:
    """Write down what a complete search has shown: who was found was accepted, the others may be sent to again.

    Where the search proves nothing about the others any more, they stay unknown.
    """
    with database.writing() as connection:
        row = connection.execute(select(batches).where(batches.c.id == search.batch_id).with_for_update()).one()
        if row.state not in {"unknown", "held"} or row.idempotency_key != search.batch.key:
            # It was sent again while the search took its time, which says nothing about that call.
            return
        unknown = of_batch(row) & (deliveries.c.state == DeliveryState.UNKNOWN.value)
        subscribers = connection.scalars(
            # Events lock the same rows in the same order.
            select(deliveries.c.subscriber_id).where(unknown).order_by(deliveries.c.subscriber_id).with_for_update()
        ).all()
        known = connection.execute(
            select(keys.c.id, keys.c.secret, mailings.c.on_unknown)
            .join(mailings, mailings.c.key_id == keys.c.id)
            .where(mailings.c.id == row.mailing_id)
        ).one()
        key = SigningKey(known.id, known.secret)
        tokens = {delivery_id(row.mailing_id, subscriber, key): subscriber for subscriber in subscribers}
        for token in tokens.keys() & found.keys():
            connection.execute(
                update(deliveries)
                .where(unknown, deliveries.c.subscriber_id == tokens[token])
                .values(
                    state=DeliveryState.ACCEPTED.value,
                    **_unless_erased(literal(found[token] or None, Text), literal("", Text)),
                )
            )
        missing = len(tokens.keys() - found.keys())
        if not missing:
            _set(connection, row, state="done", finished_at=stored(now), detail="")
        elif not search.proves:
            give_up(connection, row, OnUnknown(known.on_unknown), _FORGOTTEN)
        else:
            connection.execute(
                update(deliveries)
                .where(unknown)
                .values(state=DeliveryState.PENDING.value, detail="the provider does not know of the first call")
            )
            keep_count(connection, row, row.size - missing)
            detail = "a search did not find them"
            _set(connection, row, state="pending", not_before=None, lane=None, size=missing, detail=detail)


def ask_again(
    database: Database, search: Search, reason: str, *, now: datetime, retry_in: float, counts: bool = True
) -> None:
    """Put off a search that told nothing; one that does not count is not among those after which it is given up."""
    due = stored(now + timedelta(seconds=retry_in))
    attempts = search.attempts if counts else search.attempts - 1
    with database.writing() as connection:
        connection.execute(
            update(batches)
            .where(
                batches.c.id == search.batch_id,
                batches.c.state == "unknown",
                batches.c.idempotency_key == search.batch.key,
            )
            .values(not_before=due, lane=None, detail=reason, attempts=attempts)
        )


def count_anew(database: Database, mailing_id: int) -> None:
    """Take it that nobody who waits was put off by their own mailbox: it was the server that took nothing."""
    with database.writing() as connection:
        connection.execute(
            update(batches).where(batches.c.mailing_id == mailing_id, batches.c.state == "pending").values(put_off=0)
        )


def finish(
    database: Database,
    mailing_id: int,
    *,
    now: datetime,
    reason: str,
    lane: int = 0,
    failing_since: datetime | None = None,
) -> tuple[MailingState, Totals]:
    """Say how a mailing stands when this sender ends; `reason` is why it stopped early, and empty if it did not.

    While others are sending it stays as it is, unless there is a reason that concerns them too: that no call of this
    sender came through since `failing_since` does not where theirs do. Raises StorageError where its totals do not add
    up.
    """
    with database.writing() as connection:
        row = connection.execute(select(mailings).where(mailings.c.id == mailing_id).with_for_update()).one()
        # In this order: others write down their answers meanwhile, and totals counted before those would tell less than
        # there is once no batch is open.
        waiting = reading.open_batches(connection, row.id)
        first = row.wave == 0 and reading.open_batches(connection, row.id, wave=0)
        totals = reading.totals(connection, mailing_id)
        if totals.candidates != row.candidates:
            raise StorageError(
                f"the mailing began with {row.candidates} deliveries and has {totals.candidates} now",
                why="the two must be equal, or somebody would be left out",
                fix="put back your latest copy of the database",
            )
        state = MailingState(row.state)
        if failing_since and _others_get_through(connection, row.id, lane, failing_since):
            reason = ""
        values = _end(connection, row, totals, reason, lane, waiting=bool(waiting), canary=row.wave == 0 and not first)
        if values:
            values["finished_at"] = stored(now) if values["state"] in {"sent", "partly sent"} else None
            connection.execute(update(mailings).where(mailings.c.id == mailing_id).values(values))
            state = MailingState(values["state"])
    return state, totals


def _end(
    connection: Connection, row: Row[Any], totals: Totals, reason: str, lane: int, *, waiting: bool, canary: bool
) -> dict[str, Any]:
    """Return what changes about a mailing when one of its senders ends; nothing where others go on with it."""
    if row.state == MailingState.STOPPED:
        return {}
    if not waiting:
        return {"state": (MailingState.PARTLY_SENT if totals.unknown else MailingState.SENT).value, "reason": ""}
    if row.state == MailingState.PAUSED:
        return {}
    if canary:
        first = f"first {totals.accepted} have" if totals.accepted > 1 else "first one has"
        seen = f"the {first} it; look at theirs" if totals.accepted else "none of the first has it; look why"
        reason = f"{seen} before the others get it"
    if reason and (canary or reason != INTERRUPTED or not lanes.taken(connection, row.id) - {lane}):
        return {"state": MailingState.PAUSED.value, "reason": reason}
    if row.state not in {MailingState.SENDING, MailingState.SCHEDULED}:
        # A search showed that some who were unknown never got it.
        return {"state": MailingState.PAUSED.value, "reason": "some were not taken after all; they still wait"}
    return {}


def _others_get_through(connection: Connection, mailing_id: int, lane: int, since: datetime) -> bool:
    done = select(batches.c.id).where(
        batches.c.mailing_id == mailing_id,
        batches.c.state == "done",
        batches.c.lane.in_(lanes.taken(connection, mailing_id) - {lane}),
        batches.c.finished_at >= stored(since),
    )
    return connection.execute(done.limit(1)).first() is not None


def _ours(row: Row[Any], claim: Claim) -> bool:
    return (row.state, row.lane, row.attempts) == ("claimed", claim.lane, claim.attempts)


def _leave_unknown(
    connection: Connection, row: Row[Any], claim: Claim, verdict: Verdict, sender: Sender, now: datetime, due: datetime
) -> None:
    # Events may have come faster than the answer.
    settle_by_events(connection, row.mailing_id, claim.subscribers, now=now)
    unknown = deliveries.c.state == DeliveryState.UNKNOWN.value
    if not connection.execute(select(deliveries.c.subscriber_id).where(of_batch(row), unknown).limit(1)).first():
        _set(connection, row, state="done", finished_at=stored(now), detail="")
        return
    able, reason = sender.able, _reason(verdict.outcomes, claim)
    repeatable = not verdict.final and may_repeat(able, claim.claimed_at, due)
    if repeatable or able.settle is not None:
        search = None if repeatable else evidence_due(replace(able, replay_window=None), claim.claimed_at, due)
        _set(connection, row, state="unknown", not_before=stored(search or due), lane=None, detail=reason)
    else:
        give_up(connection, row, sender.frozen.mailing.on_unknown, reason)


def _part(
    connection: Connection, row: Row[Any], claim: Claim, verdict: Verdict, sender: Sender, now: datetime, due: datetime
) -> None:
    """Put batches in the place of one of which some are unknown and others were not taken, for different reasons.

    Each is a run of subscribers, because two batches must never share one: what is unknown of one would be taken for
    the other's. How often a batch was put off, and why, then holds for each of its readers.
    """
    runs: list[tuple[Because | None, list[int], list[Outcome]]] = []
    for subscriber, outcome in zip(claim.subscribers, verdict.outcomes, strict=True):
        if not isinstance(outcome, Unsure | NotTaken):
            continue
        fate = _fate(outcome)
        if not runs or runs[-1][0] != fate:
            runs.append((fate, [], []))
        runs[-1][1].append(subscriber)
        runs[-1][2].append(outcome)
    taken = _taken(verdict.outcomes)
    finished = stored(now) if taken else None
    _set(connection, row, state="done" if taken else "divided", size=taken, not_before=None, finished_at=finished)
    copied = {name: row._mapping[name] for name in _CARRIED}
    for fate, members, outcomes in runs:
        state = "unknown" if fate is None else "pending"
        values = {"first_id": members[0], "last_id": members[-1], "size": len(members), "state": state}
        values |= {"not_before": stored(due), "detail": _reason(outcomes, claim)}
        values["put_off"] = row.put_off + (fate is Because.MAILBOX)
        part = connection.execute(insert(batches).values(**copied, **values).returning(batches)).one()
        if fate is None:
            _leave_unknown(connection, part, claim, verdict, sender, now, due)


def _fate(outcome: Outcome) -> Because | None:
    """Return what kept a message from being taken; nothing for any other outcome."""
    return outcome.because if isinstance(outcome, NotTaken) else None


def _taken(outcomes: Iterable[Outcome]) -> int:
    return sum(isinstance(outcome, Accepted) for outcome in outcomes)


def _set(connection: Connection, row: Row[Any], **values: Any) -> None:
    connection.execute(update(batches).where(batches.c.id == row.id).values(**values))


def _honest(claim: Claim, verdict: Verdict, able: Capabilities) -> tuple[Outcome, ...]:
    """Return the outcomes without promising too much.

    An answer about this call may say nothing about an earlier one with the same key. And where a call can be repeated
    and some are unsure, the others that were not taken wait with them: only the very same call can be repeated.
    """
    outcomes = verdict.outcomes
    doubt = claim.repeats and not verdict.conclusive
    if not doubt and able.replay_window is None:
        return outcomes
    if not doubt and not any(isinstance(outcome, Unsure) for outcome in outcomes):
        return outcomes
    return tuple(
        Unsure(outcome.delivery_id, outcome.reason) if isinstance(outcome, NotTaken) else outcome
        for outcome in outcomes
    )


def _update(
    connection: Connection,
    row: Row[Any],
    claim: Claim,
    outcomes: Iterable[Outcome],
    which: ColumnElement[bool] = _IN_PLAY,
) -> None:
    by_id = {outcome.delivery_id: _change(outcome) for outcome in outcomes}
    told = [
        (subscriber, by_id[recipient.delivery_id])
        for subscriber, recipient in zip(claim.subscribers, claim.batch.recipients, strict=True)
        if recipient.delivery_id in by_id
    ]
    if not told:
        return
    alike = set(by_id.values())
    if len(alike) == 1 and len(told) == len(claim.subscribers):
        state, provider_id, detail = alike.pop()
        connection.execute(
            update(deliveries)
            .where(of_batch(row), which)
            .values(state=state, **_unless_erased(literal(provider_id, Text), literal(detail, Text)))
        )
        return
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.mailing_id == row.mailing_id,
            deliveries.c.subscriber_id == bindparam("subscriber"),
            which,
        )
        .values(
            state=bindparam("new_state"),
            **_unless_erased(bindparam("new_id", type_=Text), bindparam("new_detail", type_=Text)),
        ),
        [
            {"subscriber": subscriber, "new_state": state, "new_id": provider_id, "new_detail": detail}
            for subscriber, (state, provider_id, detail) in told
        ],
    )


def _unless_erased(provider_id: ColumnElement[Any], detail: ColumnElement[Any]) -> dict[str, ColumnElement[Any]]:
    """Return what is kept of an answer: nothing of whom was erased while the call was under way."""
    still_there = deliveries.c.address != ""
    return {"provider_id": case((still_there, provider_id)), "detail": case((still_there, detail), else_="")}


def _change(outcome: Outcome) -> tuple[str, str | None, str]:
    """Return a delivery's new state, the provider's id and what was said."""
    match outcome:
        case Accepted(_, provider_id):
            return DeliveryState.ACCEPTED.value, provider_id or None, ""
        case Rejected(_, reason):
            return DeliveryState.REJECTED.value, None, reason
        case NotTaken(_, reason):
            return DeliveryState.PENDING.value, None, reason
        case Unsure(_, reason):
            return DeliveryState.UNKNOWN.value, None, reason


def _reason(outcomes: Sequence[Outcome], claim: Claim) -> str:
    """Return why a call was put off, without the readers whom a server names: a batch is of nobody in particular."""
    for kind in (Unsure, NotTaken):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                reason: str = outcome.reason
                for recipient in claim.batch.recipients if "@" in reason else ():
                    reason = re.sub(re.escape(recipient.address), "…", reason, flags=re.IGNORECASE)
                return reason
    return ""
