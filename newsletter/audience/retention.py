"""Forgetting in time: what the settings keep no longer is removed, and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from newsletter.audience.erasing import emptied, forget, keep_others_out
from newsletter.audience.hashes import UNSUBSCRIBED, ensure_key, hasher, remember
from newsletter.audience.signup import DECLINED
from newsletter.config import Settings
from newsletter.model.age import Age
from newsletter.model.consent import Consent
from newsletter.store import Database, schema, stored
from newsletter.store.bulk import parts
from newsletter.store.counting import recount
from newsletter.store.remnants import overwrite
from newsletter.store.turns import take_rows, take_turns

_AT_ONCE = 100
_ROWS_AT_ONCE = 10_000
_NAMED = schema.deliveries.c.address != ""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was removed, or would be."""

    planned: bool
    """True when nothing was written."""
    unconfirmed: int = 0
    """Words and signups that were asked for and never confirmed."""
    unsubscribed: int = 0
    """People who left every list long ago; a keyed hash of their address stays."""
    deliveries: int = 0
    """Rows of the ledger that stay as counts, without address and name."""
    events: int = 0
    """Events that stay without saying whose they are."""
    remnants: str = ""
    """Why old content may still stand in the database's files, or nothing."""

    def as_json(self) -> dict[str, bool | int | str]:
        """Return the result for scripts."""
        return asdict(self)


def tidy(
    database: Database,
    *,
    settings: Settings,
    now: datetime,
    plan: bool = False,
    progress: Callable[[int], None] = lambda _number: None,
) -> Tidied:
    """Apply the settings under `[retention]`, or only count what that would remove when `plan` is set.

    Somebody who was asked and never confirmed is forgotten altogether. Counts of lists are made anew. It is done in
    parts, each of which is kept, so that readers who leave meanwhile and providers who tell something need not wait;
    after each, `progress` is told how many deliveries and events it has emptied.
    """
    keep = settings.retention
    unanswered = _unanswered(keep.unconfirmed, now)
    if plan:
        with database.reading() as connection:
            return Tidied(
                planned=True,
                unconfirmed=_count(connection, schema.consents, _unconfirmed(keep.unconfirmed, now))
                + _count(connection, schema.signups, and_(unanswered, ~_waits(keep.unconfirmed, now))),
                unsubscribed=_count(connection, schema.subscribers, _gone(keep.unsubscribed, now)),
                deliveries=_count(connection, schema.deliveries, _old(keep.deliveries, now)),
                events=_count(connection, schema.events, _past(keep.events, now)),
            )
    ensure_key(database, now=now)
    unconfirmed = _remove_unconfirmed(database, _unconfirmed(keep.unconfirmed, now), unanswered)
    with database.writing() as connection:
        take_turns(connection)
        take_rows(connection, schema.signups, unanswered)
        unconfirmed += connection.execute(delete(schema.signups).where(unanswered)).rowcount
    unsubscribed = _remove_gone(database, _gone(keep.unsubscribed, now), now)
    deliveries = sum(
        _empty(database, progress, schema.deliveries.c.subscriber_id, _of(mailing))
        for mailing in _ended(database, keep.deliveries, now)
    )
    events = _empty(database, progress, schema.events.c.id, _past(keep.events, now))
    with database.writing() as connection:
        recount(connection)
    remnants = overwrite(database, ()) if unconfirmed or unsubscribed or deliveries or events else ""
    return Tidied(False, unconfirmed, unsubscribed, deliveries, events, remnants)


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(which)) or 0


def _unconfirmed(age: Age | None, now: datetime) -> ColumnElement[bool]:
    if age is None:
        return false()
    limit = stored(age.before(now))
    return and_(schema.consents.c.state == Consent.PENDING.value, schema.consents.c.changed_at < limit)


def _unanswered(age: Age | None, now: datetime) -> ColumnElement[bool]:
    """Return signups that were asked for so long ago; a no is remembered as long as it keeps forms from writing."""
    if age is None:
        return false()
    signups = schema.signups.c
    declined = and_(
        signups.state == "declined", func.coalesce(signups.answered_at, signups.asked_at) >= stored(now - DECLINED)
    )
    return and_(signups.state != "confirmed", signups.asked_at < stored(age.before(now)), ~declined)


def _waits(age: Age | None, now: datetime) -> ColumnElement[bool]:
    """Return signups whose subscriber counts as unconfirmed already: a form leaves a word on its lists and a signup."""
    same = schema.consents.c.subscriber_id == schema.signups.c.subscriber_id
    return exists().where(same, _unconfirmed(age, now))


def _past(age: Age | None, now: datetime) -> ColumnElement[bool]:
    """Return events that happened so long ago and still say whose they are."""
    if age is None:
        return false()
    return and_(schema.events.c.subscriber_id.is_not(None), schema.events.c.happened_at < stored(age.before(now)))


def _gone(age: Age | None, now: datetime) -> ColumnElement[bool]:
    """Return who left every list so long ago."""
    if age is None:
        return false()
    theirs = exists().where(schema.consents.c.subscriber_id == schema.subscribers.c.id)
    stays = or_(
        schema.consents.c.state != Consent.UNSUBSCRIBED.value,
        schema.consents.c.changed_at >= stored(age.before(now)),
    )
    return and_(theirs, ~theirs.where(stays))


def _old(age: Age | None, now: datetime) -> ColumnElement[bool]:
    """Return deliveries of mailings that ended so long ago and still say who got them."""
    return false() if age is None else and_(schema.deliveries.c.mailing_id.in_(_mailings_before(age, now)), _NAMED)


def _mailings_before(age: Age, now: datetime) -> Select[Any]:
    return select(schema.mailings.c.id).where(schema.mailings.c.finished_at < stored(age.before(now)))


def _ended(database: Database, age: Age | None, now: datetime) -> Sequence[int]:
    """Return the mailings that ended so long ago."""
    if age is None:
        return ()
    with database.reading() as connection:
        return connection.scalars(_mailings_before(age, now).order_by(schema.mailings.c.id)).all()


def _of(mailing_id: int) -> ColumnElement[bool]:
    return and_(schema.deliveries.c.mailing_id == mailing_id, _NAMED)


def _empty(database: Database, progress: Callable[[int], None], key: Column[Any], which: ColumnElement[bool]) -> int:
    """Empty rows of the table whose numbers `key` are, some at a time, and return how many that were."""
    table = key.table
    with database.reading() as connection:
        first, last = connection.execute(select(func.min(key), func.max(key)).where(which)).one()
    number = 0
    for start in range(first, last + 1, _ROWS_AT_ONCE) if first is not None else ():
        some = key.between(start, start + _ROWS_AT_ONCE - 1)
        with database.writing() as connection:
            part = connection.execute(update(table).where(some, which).values(emptied(table))).rowcount
        number += part
        progress(part)
        database.give_way()
    return number


def _remove_unconfirmed(database: Database, which: ColumnElement[bool], signups: ColumnElement[bool]) -> int:
    """Remove what was never confirmed, with the signups that it came by, which are not counted beside it."""
    with database.reading() as connection:
        concerned = set(connection.scalars(select(schema.consents.c.subscriber_id).where(which)))
    removed = 0
    for some in parts(concerned, _AT_ONCE):
        with database.writing() as connection:
            keep_others_out(connection, some, [])
            theirs = schema.consents.c.subscriber_id.in_(some)
            removed += connection.execute(delete(schema.consents).where(which, theirs)).rowcount
            connection.execute(delete(schema.signups).where(signups, schema.signups.c.subscriber_id.in_(some)))
            alone = select(schema.subscribers.c.id, schema.subscribers.c.address_key).where(
                schema.subscribers.c.id.in_(some),
                ~exists().where(schema.consents.c.subscriber_id == schema.subscribers.c.id),
                # Somebody who must not be written to is remembered as such.
                ~exists().where(schema.suppressions.c.address_key == schema.subscribers.c.address_key),
            )
            rows = connection.execute(alone).all()
            forget(connection, [row.id for row in rows], [row.address_key for row in rows])
        database.give_way()
    return removed


def _remove_gone(database: Database, which: ColumnElement[bool], now: datetime) -> int:
    people = select(schema.subscribers.c.id, schema.subscribers.c.address_key, schema.suppressions.c.reason).outerjoin(
        schema.suppressions, schema.suppressions.c.address_key == schema.subscribers.c.address_key
    )
    with database.reading() as connection:
        hashed = hasher(connection)
        concerned = connection.scalars(select(schema.subscribers.c.id).where(which)).all()
    removed = 0
    for some in parts(concerned, _AT_ONCE):
        with database.writing() as connection:
            keep_others_out(connection, some, [])
            rows = connection.execute(people.where(which, schema.subscribers.c.id.in_(some))).all()
            forget(connection, [row.id for row in rows], [row.address_key for row in rows])
            remember(connection, [(hashed(row.address_key), row.reason or UNSUBSCRIBED) for row in rows], now)
            removed += len(rows)
        database.give_way()
    return removed
