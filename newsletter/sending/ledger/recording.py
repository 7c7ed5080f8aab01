"""Results: what came of a call, for a whole batch in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from newsletter.errors import StorageError
from newsletter.model.mailing import DeliveryState, MailingState, Totals
from newsletter.sending.ledger import reading
from newsletter.sending.ledger.claiming import Claim, divide, may_repeat, of_batch
from newsletter.sending.providers.contract import (
    Accepted,
    Capabilities,
    NotTaken,
    Outcome,
    Rejected,
    Unsure,
    Verdict,
)
from newsletter.store import Database, stored
from newsletter.store.schema import batches, deliveries, mailings
from newsletter.store.settling import settle

# Not `IN`, which SQLAlchemy does not take where one statement runs for many rows.
_IN_PLAY = (deliveries.c.state == DeliveryState.CLAIMED.value) | (deliveries.c.state == DeliveryState.UNKNOWN.value)


def record(
    database: Database, claim: Claim, verdict: Verdict, able: Capabilities, *, now: datetime, retry_in: float
) -> None:
    """Write down an answer; what may be tried again is due in `retry_in` seconds."""
    outcomes = _honest(claim, verdict)
    with database.writing() as connection:
        row = connection.execute(select(batches).where(batches.c.id == claim.batch_id)).one()
        _update(connection, row, claim, outcomes)
        due = stored(now + timedelta(seconds=retry_in))
        if any(isinstance(outcome, Unsure) for outcome in outcomes):
            again = not verdict.final and may_repeat(able, claim.claimed_at, now)
            values = {"state": "unknown", "not_before": due} if again else {"state": "held", "not_before": None}
            values["detail"] = _reason(outcomes)
        elif any(isinstance(outcome, NotTaken) for outcome in outcomes):
            if verdict.divide:
                divide(connection, row, claim.subscribers)
                return
            values = {"state": "pending", "not_before": due, "detail": _reason(outcomes)}
        else:
            values = {"state": "done", "finished_at": stored(now), "detail": ""}
        connection.execute(update(batches).where(batches.c.id == row.id).values(**values))
        if values["state"] in {"unknown", "held"}:
            # Events may have come faster than the answer.
            settle(connection, row.mailing_id, claim.subscribers, now=now)


def finish(database: Database, mailing_id: int, *, now: datetime, reason: str) -> tuple[MailingState, Totals]:
    """Say how a mailing stands when nobody is sending it any more; `reason` is why it stopped, if it did.

    Raises StorageError where its totals do not add up.
    """
    with database.writing() as connection:
        totals = reading.totals(connection, mailing_id)
        candidates = connection.execute(select(mailings.c.candidates).where(mailings.c.id == mailing_id)).scalar_one()
        if totals.candidates != candidates:
            raise StorageError(
                f"the mailing began with {candidates} deliveries and has {totals.candidates} now",
                why="the two must be equal, or somebody would be left out",
                fix="put back your latest copy of the database",
            )
        if reading.open_batches(connection, mailing_id):
            values: dict[str, Any] = {"state": MailingState.PAUSED, "reason": reason}
        else:
            state = MailingState.PARTLY_SENT if totals.unknown else MailingState.SENT
            values = {"state": state, "reason": "", "finished_at": stored(now)}
        connection.execute(
            update(mailings).where(mailings.c.id == mailing_id).values({**values, "state": values["state"].value})
        )
    return values["state"], totals


def go_on(database: Database, mailing_id: int) -> None:
    """Say that a mailing is being sent, and let what waits be tried at once."""
    with database.writing() as connection:
        connection.execute(
            update(mailings)
            .where(mailings.c.id == mailing_id)
            .values(state=MailingState.SENDING.value, reason="", finished_at=None)
        )
        connection.execute(
            update(batches)
            .where(batches.c.mailing_id == mailing_id, batches.c.state.in_(("pending", "unknown")))
            .values(not_before=None)
        )


def _honest(claim: Claim, verdict: Verdict) -> tuple[Outcome, ...]:
    """Return the outcomes without promising too much.

    An answer about this call may say nothing about an earlier one with the same key. And where some are unsure, the
    others that were not taken wait with them: only the very same call can be repeated.
    """
    outcomes = verdict.outcomes
    doubt = claim.repeats and not verdict.conclusive
    if not doubt and not any(isinstance(outcome, Unsure) for outcome in outcomes):
        return outcomes
    return tuple(
        Unsure(outcome.delivery_id, outcome.reason) if isinstance(outcome, NotTaken) else outcome
        for outcome in outcomes
    )


def _update(connection: Connection, row: Row[Any], claim: Claim, outcomes: Iterable[Outcome]) -> None:
    by_id = {outcome.delivery_id: outcome for outcome in outcomes}
    changes = [
        {"subscriber": subscriber, **_change(by_id[recipient.delivery_id])}
        for subscriber, recipient in zip(claim.subscribers, claim.batch.recipients, strict=True)
    ]
    alike = {(change["new_state"], change["new_id"], change["new_detail"]) for change in changes}
    if len(alike) == 1:
        state, provider_id, detail = alike.pop()
        connection.execute(
            update(deliveries)
            .where(of_batch(row), _IN_PLAY)
            .values(state=state, provider_id=provider_id, detail=detail)
        )
        return
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.mailing_id == row.mailing_id,
            deliveries.c.subscriber_id == bindparam("subscriber"),
            _IN_PLAY,
        )
        .values(state=bindparam("new_state"), provider_id=bindparam("new_id"), detail=bindparam("new_detail")),
        changes,
    )


def _change(outcome: Outcome) -> dict[str, str | None]:
    match outcome:
        case Accepted(_, provider_id):
            return {"new_state": DeliveryState.ACCEPTED.value, "new_id": provider_id or None, "new_detail": ""}
        case Rejected(_, reason):
            return {"new_state": DeliveryState.REJECTED.value, "new_id": None, "new_detail": reason}
        case NotTaken(_, reason):
            return {"new_state": DeliveryState.PENDING.value, "new_id": None, "new_detail": reason}
        case Unsure(_, reason):
            return {"new_state": DeliveryState.UNKNOWN.value, "new_id": None, "new_detail": reason}


def _reason(outcomes: Iterable[Outcome]) -> str:
    return next((outcome.reason for outcome in outcomes if isinstance(outcome, Unsure | NotTaken)), "")
