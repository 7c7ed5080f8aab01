"""What people may do to a mailing: let it begin, pause it, go on with it, stop it for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, case, func, or_, select, update

from newsletter.errors import Refused
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.sending.ledger import reading
from newsletter.sending.ledger.claiming import again
from newsletter.store import Database, stored
from newsletter.store.schema import batches, mailings

_LATE = timedelta(hours=1)
"""Behind its moment a mailing is late, and no longer merely slow to begin."""
TOO_LATE = timedelta(days=1)
"""Behind its moment a mailing of which nothing has left is a question: what it invites to may be over."""


def begin(database: Database, mailing_id: int, now: datetime, *, missed: str) -> Mailing:
    """Let a scheduled mailing begin whose moment has come, and return how it stands.

    Where its moment was missed by more than a day it waits, paused, for a person's word: `missed` says why.
    """
    with database.writing() as connection:
        scheduled = update(mailings).where(
            mailings.c.id == mailing_id, mailings.c.state == MailingState.SCHEDULED.value
        )
        connection.execute(
            scheduled.where(mailings.c.begins_at < stored(now - TOO_LATE)).values(
                state=MailingState.PAUSED.value, reason=missed
            )
        )
        connection.execute(
            scheduled.where(or_(mailings.c.begins_at.is_(None), mailings.c.begins_at <= stored(now))).values(
                state=MailingState.SENDING.value
            )
        )
        return reading.mailing(_row(connection, mailing_id))


def date_anew(database: Database, mailing_id: int, now: datetime) -> None:
    """Let a mailing begin now of which nothing has left long after its moment: its messages are dated by that."""
    with database.writing() as connection:
        called = select(batches.c.id).where(batches.c.mailing_id == mailing_id, batches.c.attempts > 0).exists()
        connection.execute(
            update(mailings)
            .where(
                mailings.c.id == mailing_id,
                func.coalesce(mailings.c.begins_at, mailings.c.started_at) < stored(now - _LATE),
                ~called,
            )
            .values(begins_at=stored(now))
        )


def pause(database: Database, mailing_id: int, reason: str) -> Mailing:
    """Let no further call begin; raise Refused where there is nothing to pause."""
    with database.writing() as connection:
        row = _row(connection, mailing_id)
        if row.state not in {MailingState.SENDING, MailingState.SCHEDULED}:
            raise _pointless(row, "paused")
        _set(connection, mailing_id, state=MailingState.PAUSED.value, reason=reason)
        return reading.mailing(_row(connection, mailing_id))


def note(database: Database, mailing_id: int, reason: str) -> None:
    """Keep what hinders a mailing that is being sent; empty when nothing does any more."""
    with database.writing() as connection:
        connection.execute(
            update(mailings)
            .where(mailings.c.id == mailing_id, mailings.c.state == MailingState.SENDING.value)
            .values(reason=reason)
        )


def stop(database: Database, mailing_id: int, reason: str, now: datetime) -> tuple[Mailing, Totals]:
    """End a mailing for good; return it with its totals at that moment. Raises Refused for one that has ended.

    Calls that are under way come to their end, and what they bring is still recorded.
    """
    with database.writing() as connection:
        row = _row(connection, mailing_id)
        if row.state in {MailingState.SENT, MailingState.PARTLY_SENT, MailingState.STOPPED}:
            raise _pointless(row, "stopped")
        _set(connection, mailing_id, state=MailingState.STOPPED.value, reason=reason, finished_at=stored(now))
        return reading.mailing(_row(connection, mailing_id)), reading.totals(connection, mailing_id)


def go_on(database: Database, mailing_id: int, now: datetime) -> Mailing:
    """Send what is left: after a pause, after the canary, at once where it is scheduled and its moment has come.

    What waits for its next try is tried at once. Raises Refused for a mailing that has ended.
    """
    with database.writing() as connection:
        row = _row(connection, mailing_id)
        if row.state == MailingState.STOPPED:
            raise Refused(
                f"the mailing of issue {row.issue} was stopped for good",
                why=row.reason,
                fix=f"send it to those who have not got it: newsletter send {row.issue} --rest",
            )
        if row.state in {MailingState.SENT, MailingState.PARTLY_SENT}:
            raise _pointless(row, "gone on with")
        wave = row.wave
        if row.state == MailingState.PAUSED and not reading.open_batches(connection, mailing_id, wave=wave):
            wave = 1
        early = row.begins_at is not None and row.begins_at > stored(now)
        state = MailingState.SCHEDULED if early else MailingState.SENDING
        _set(connection, mailing_id, state=state.value, reason="", wave=wave, finished_at=None, noticed="")
        connection.execute(
            update(batches)
            .where(batches.c.mailing_id == mailing_id, batches.c.state == "pending")
            # Whoever is tried before their wait is over has not been put off for as long as is counted.
            .values(not_before=None, put_off=case((batches.c.not_before > stored(now), 0), else_=batches.c.put_off))
        )
        return reading.mailing(_row(connection, mailing_id))


def claim_notice(database: Database, mailing_id: int, told: str) -> bool:
    """Return whether the team was told something else of a mailing before; from now on it was told this."""
    with database.writing() as connection:
        claimed = connection.execute(
            update(mailings).where(mailings.c.id == mailing_id, mailings.c.noticed != told).values(noticed=told)
        )
    return claimed.rowcount == 1


def reopen(database: Database, mailing_id: int, *, resend: bool) -> int:
    """Let held batches be looked into again, or be sent again where a person says so; return how many there are."""
    with database.writing() as connection:
        row = _row(connection, mailing_id)
        doubtful = ("held", "unknown") if resend else ("held",)
        held = connection.execute(
            select(batches).where(batches.c.mailing_id == mailing_id, batches.c.state.in_(doubtful)).with_for_update()
        ).all()
        for batch in held:
            if resend:
                again(connection, batch, "sent again by a person's word")
            else:
                # Never back: keys of calls come of this number.
                values = {"state": "unknown", "attempts": batch.attempts + 1}
                connection.execute(update(batches).where(batches.c.id == batch.id).values(values))
        if resend and held and row.state in {MailingState.PARTLY_SENT, MailingState.SENT}:
            _set(
                connection,
                mailing_id,
                state=MailingState.PAUSED.value,
                reason="those of whom nobody could tell wait to be sent to again",
                finished_at=None,
            )
    return len(held)


def _row(connection: Connection, mailing_id: int) -> Row[tuple[object, ...]]:
    return connection.execute(select(mailings).where(mailings.c.id == mailing_id).with_for_update()).one()


def _set(connection: Connection, mailing_id: int, **values: object) -> None:
    connection.execute(update(mailings).where(mailings.c.id == mailing_id).values(**values))


def _pointless(row: Row[tuple[object, ...]], done: str) -> Refused:
    already = " already" if row.state == done else f", so it cannot be {done}"
    return Refused(
        f"the mailing of issue {row.issue} is {row.state}{already}",
        fix=f"see how far it came with: newsletter status {row.issue}",
    )
