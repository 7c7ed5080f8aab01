"""One clock for everything that calls the same provider, kept in the database.

The generic cell rate algorithm: a row says when the next call may begin, and each call moves it on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from newsletter.sending.providers.contract import Capabilities
from newsletter.store import Database
from newsletter.store.bulk import insert
from newsletter.store.schema import pacing

_FARTHEST = 7200.0
"""Seconds; a row farther ahead was written by a clock that has been set back since."""


def paced(able: Capabilities) -> bool:
    """Whether calls may not follow each other as fast as they are answered."""
    return any((able.calls_per_second, able.recipients_per_second, able.recipients_per_day))


def interval(able: Capabilities, size: int) -> float:
    """Return how many seconds a call for `size` people keeps the next one away."""
    by_calls = 1 / able.calls_per_second if able.calls_per_second else 0.0
    by_people = size / able.recipients_per_second if able.recipients_per_second else 0.0
    return max(by_calls, by_people)


def reserve(database: Database, provider: str, interval: float, now: datetime) -> float:
    """Take the next call's place and return how many seconds it is away; calls are `interval` seconds apart."""
    return _move(database, provider, now, after=interval)


def pause(database: Database, provider: str, now: datetime) -> float:
    """Return for how many seconds no call may begin, without taking a place."""
    with database.reading() as connection:
        next_at = connection.execute(select(pacing.c.next_at).where(pacing.c.provider == provider)).scalar()
        wait = 0.0 if next_at is None else max(0.0, next_at - _clock(connection, now))
    return 0.0 if wait > _FARTHEST else wait


def postpone(database: Database, provider: str, seconds: float, now: datetime) -> None:
    """Let no call begin for a while, because the provider asked for it."""
    _move(database, provider, now, until=seconds)


def _move(database: Database, provider: str, now: datetime, *, after: float = 0.0, until: float = 0.0) -> float:
    with database.writing() as connection:
        present = _clock(connection, now)
        connection.execute(
            insert(connection, pacing).values(provider=provider, next_at=present).on_conflict_do_nothing()
        )
        next_at: float = connection.execute(
            select(pacing.c.next_at).where(pacing.c.provider == provider).with_for_update()
        ).scalar_one()
        begin = present if next_at > present + _FARTHEST else max(next_at, present)
        connection.execute(
            update(pacing).where(pacing.c.provider == provider).values(next_at=max(begin + after, present + until))
        )
    return begin - present


def _clock(connection: Connection, now: datetime) -> float:
    """Return the seconds since 1970, on a shared database by its clock: machines differ."""
    if connection.dialect.name != "postgresql":
        return now.timestamp()
    return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())
