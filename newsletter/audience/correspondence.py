"""Which signups get a letter, and when: never more than one unanswered a day, and none to whom we must not write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, or_, select, update

from newsletter.audience.consent import suppression_of
from newsletter.audience.lists import ensure_list
from newsletter.audience.signup import DECLINED, FORM, Choice, Signup, SignupKind, forget_stranger
from newsletter.model.consent import Consent
from newsletter.store import Database, stored
from newsletter.store.bulk import insert as upsert
from newsletter.store.schema import consents, lists, signups, subscribers
from newsletter.store.turns import hold

_QUIET = timedelta(days=1)
"""In which an address gets one letter of a kind that nobody has answered."""
_MOST_LETTERS = 3
"""In the same time, answered ones counted too."""
_STALLED = timedelta(minutes=10)
_WAITS = {
    SignupKind.SUBSCRIBE: (2, 4, 6, 8, 30, 60, 120, 240, 480, 480, 720, 720),
    SignupKind.PREFERENCES: (2, 4, 6, 8),
}
"""Minutes before each further try: who subscribes waits out two days of a broken provider, and who wanted to see their
preferences does not."""
_MOST_INTERRUPTED = 5
"""Tries after which one that was stopped in the middle, and may have left, is not made again."""


def next_letter(database: Database, *, now: datetime) -> Signup | None:
    """Claim the next signup that may get a letter; forget those that may not.

    No letter goes to an address that is suppressed, has declined lately, or has an unanswered one of today;
    nor one about preferences to an address that nobody has. The claim is durable before the letter leaves.
    """
    while True:
        with database.writing() as connection:
            row = connection.execute(_due(now)).first()
            if row is None:
                return None
            hold(
                connection,
                numbers=[] if row.subscriber_id is None else [row.subscriber_id],
                keys=[row.address_key] if row.address_key else [],
            )
            mine = _due(now).where(signups.c.id == row.id).with_for_update(skip_locked=True)
            row = connection.execute(mine).first()
            if row is None:
                continue
            found = _claim(connection, row, now)
            if found is not None:
                return found
            connection.execute(delete(signups).where(signups.c.id == row.id))


def letter_sent(database: Database, signup: Signup) -> None:
    """Record that a letter was taken, or may have been."""
    with database.writing() as connection:
        _move(connection, signup, state="sent")


def letter_postponed(database: Database, signup: Signup, *, now: datetime) -> None:
    """Record that a letter was proven not to have left; it is tried again, later each time, and then forgotten."""
    waits = _WAITS[signup.kind]
    with database.writing() as connection:
        if signup.attempts > len(waits):
            _drop(connection, signup)
        else:
            until = now + timedelta(minutes=waits[signup.attempts - 1])
            _move(connection, signup, state="asked", sent_at=stored(until))


def letter_dropped(database: Database, signup: Signup) -> None:
    """Record that a letter can never be delivered."""
    with database.writing() as connection:
        _drop(connection, signup)


def letters_waiting(database: Database, *, now: datetime) -> int:
    """Return how many letters should have left some time ago and have not."""
    since = signups.c.asked_at < stored(now - _STALLED)
    with database.reading() as connection:
        waiting = select(func.count()).where(signups.c.state.in_(("asked", "sending")), since)
        return int(connection.execute(waiting).scalar_one())


def _drop(connection: Connection, signup: Signup) -> None:
    """Forget a signup, and with it whoever is known by it alone: nobody can answer a letter that does not come."""
    hold(connection, numbers=[signup.subscriber_id])
    connection.execute(delete(signups).where(signups.c.id == signup.id))
    forget_stranger(connection, signup.subscriber_id)


def _due(now: datetime) -> Select[Any]:
    waiting = (signups.c.state == "asked") & or_(signups.c.sent_at.is_(None), signups.c.sent_at <= stored(now))
    # Its sender was stopped in the middle: a second letter harms less than none.
    stalled = (signups.c.state == "sending") & (signups.c.sent_at < stored(now - _STALLED))
    return select(signups).where(or_(waiting, stalled)).order_by(signups.c.id).limit(1)


def _claim(connection: Connection, row: Row[Any], now: datetime) -> Signup | None:
    kind, choice = SignupKind(row.kind), Choice.of(row.choice)
    person = _person(connection, row)
    key = row.address_key or (person.address_key if person else None)
    interrupted = row.state == "sending" and row.attempts >= _MOST_INTERRUPTED
    if key is None or interrupted or suppression_of(connection, key) is not None:
        return None
    if person is None and kind is SignupKind.SUBSCRIBE:
        person = _add(connection, row, now)
    if person is None or _has_enough(connection, row, person.id, now):
        return None
    known = kind is SignupKind.SUBSCRIBE and _is_on(connection, person.id, choice.lists)
    if kind is SignupKind.SUBSCRIBE and not known:
        _note(connection, person.id, choice.lists, now)
    claimed = {"state": "sending", "attempts": row.attempts + 1, "sent_at": stored(now)}
    connection.execute(
        update(signups)
        .where(signups.c.id == row.id)
        .values(subscriber_id=person.id, address=None, address_key=None, **claimed)
    )
    return Signup(row.id, kind, person.id, person.address, row.language, choice, row.attempts + 1, known)


def _person(connection: Connection, row: Row[Any]) -> Row[Any] | None:
    which = (
        subscribers.c.id == row.subscriber_id
        if row.subscriber_id is not None
        else subscribers.c.address_key == row.address_key
    )
    return connection.execute(select(subscribers).where(which).with_for_update()).first()


def _has_enough(connection: Connection, row: Row[Any], subscriber_id: int, now: datetime) -> bool:
    earlier = connection.execute(
        select(signups.c.kind, signups.c.state, signups.c.sent_at).where(
            signups.c.subscriber_id == subscriber_id,
            signups.c.id != row.id,
            signups.c.state != "asked",
            signups.c.sent_at > stored(now - DECLINED),
        )
    ).all()
    today = [other for other in earlier if other.sent_at > stored(now - _QUIET)]
    return (
        any(other.state == "declined" for other in earlier)
        or any(other.kind == row.kind and other.state in {"sending", "sent"} for other in today)
        or len(today) >= _MOST_LETTERS
    )


def _add(connection: Connection, row: Row[Any], now: datetime) -> Row[Any] | None:
    # Another worker may have added the same address since, and be writing to it.
    person = {"address": row.address, "address_key": row.address_key, "language": row.language}
    connection.execute(
        upsert(connection, subscribers).values(**person, created_at=stored(now)).on_conflict_do_nothing()
    )
    return _person(connection, row)


def _is_on(connection: Connection, subscriber_id: int, names: Sequence[str]) -> bool:
    found = connection.scalar(
        select(func.count())
        .select_from(consents.join(lists))
        .where(
            consents.c.subscriber_id == subscriber_id,
            consents.c.state == Consent.CONFIRMED,
            lists.c.name.in_(names),
        )
    )
    return found == len(names)


def _note(connection: Connection, subscriber_id: int, names: Sequence[str], now: datetime) -> None:
    """Count a person as asked where they have said nothing yet: a form that anybody fills in changes no word."""
    for name in names:
        connection.execute(
            upsert(connection, consents)
            .values(
                list_id=ensure_list(connection, name, now),
                subscriber_id=subscriber_id,
                state=Consent.PENDING,
                source=FORM,
                changed_at=stored(now),
            )
            .on_conflict_do_nothing()
        )


def _move(connection: Connection, signup: Signup, **values: Any) -> None:
    # Whoever has answered in the meantime has the last word.
    connection.execute(update(signups).where(signups.c.id == signup.id, signups.c.state == "sending").values(**values))
