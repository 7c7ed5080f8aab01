"""Signups: what strangers ask for by a form, and what becomes of it when the letter about it is answered.

A signup goes `asked → sending → sent → confirmed`, or `declined`. Until it is confirmed it changes nothing of what a
subscriber has said: who left stays away, and names and languages stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update
from sqlalchemy import insert as plain_insert

from newsletter.audience.address import Address
from newsletter.audience.consent import is_suppressed
from newsletter.audience.lists import ensure_list
from newsletter.audience.writing import write_consents, write_people
from newsletter.model.consent import Consent
from newsletter.store import Database, stored
from newsletter.store.bulk import insert
from newsletter.store.schema import consents, lists, signups, subscribers

VALID = timedelta(days=7)
"""How long a signup may be confirmed."""
_QUIET = timedelta(days=1)
"""In which an address gets one letter of a kind that nobody has answered."""
_MOST_LETTERS = 3
"""In the same time, answered ones counted too."""
_DECLINED = timedelta(days=30)
_STALLED = timedelta(minutes=10)
_MOST_ATTEMPTS = 5


class SignupKind(StrEnum):
    """What was asked for."""

    SUBSCRIBE = "subscribe"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form said."""

    lists: tuple[str, ...] = ()
    name: str = ""
    topics: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what `Choice.of` takes."""
        return {"lists": list(self.lists), "name": self.name, "topics": list(self.topics)}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Choice:
        """Return the choice that was kept."""
        return cls(tuple(value["lists"]), value["name"], tuple(value["topics"]))


@dataclass(frozen=True, slots=True)
class Signup:
    """A signup whose letter is to be written, or has been."""

    id: int
    kind: SignupKind
    subscriber_id: int
    address: str
    language: str
    choice: Choice
    attempts: int
    known: bool = False
    """Whether the subscriber is on all of the lists already."""


def ask(
    connection: Connection,
    kind: SignupKind,
    address: Address,
    choice: Choice,
    *,
    language: str,
    wording: str,
    now: datetime,
) -> None:
    """Keep what a form asked for. Nothing is looked up, so that nobody learns from the time it takes who is known."""
    connection.execute(
        plain_insert(signups).values(
            kind=kind,
            address=address.written,
            address_key=address.key,
            choice=choice.as_json(),
            language=language,
            wording=wording,
            state="asked",
            asked_at=stored(now),
        )
    )


def ask_for(connection: Connection, subscriber_id: int, *, language: str, now: datetime) -> None:
    """Keep that the reader of a delivery asks for a link to their preferences."""
    connection.execute(
        plain_insert(signups).values(
            kind=SignupKind.PREFERENCES,
            subscriber_id=select(subscribers.c.id).where(subscribers.c.id == subscriber_id).scalar_subquery(),
            choice=Choice().as_json(),
            language=language,
            state="asked",
            asked_at=stored(now),
        )
    )


def next_to_write(database: Database, *, now: datetime) -> Signup | None:
    """Claim the next signup that may get a letter; forget those that may not.

    No letter goes to an address that is suppressed, was erased, declined lately, or has an unanswered one of today; nor
    one about preferences to an address that nobody has. A claim is durable before the letter leaves.
    """
    while True:
        with database.writing() as connection:
            row = connection.execute(
                select(signups)
                .where(
                    or_(
                        signups.c.state == "asked",
                        # Its sender was stopped in the middle: a second letter of the kind harms less than none.
                        (signups.c.state == "sending") & (signups.c.sent_at < stored(now - _STALLED)),
                    ),
                    or_(signups.c.sent_at.is_(None), signups.c.sent_at < stored(now)),
                )
                .order_by(signups.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return None
            found = _claim(connection, row, now)
            if found is not None:
                return found
            connection.execute(delete(signups).where(signups.c.id == row.id))


def written(database: Database, signup: Signup) -> None:
    """Record that a letter was taken, or may have been."""
    with database.writing() as connection:
        _move(connection, signup, ("sending",), state="sent")


def postponed(database: Database, signup: Signup, *, until: datetime) -> None:
    """Record that a letter was proven not to have left; it is tried again some times."""
    with database.writing() as connection:
        if signup.attempts >= _MOST_ATTEMPTS:
            connection.execute(delete(signups).where(signups.c.id == signup.id))
        else:
            _move(connection, signup, ("sending",), state="asked", sent_at=stored(until))


def find_signup(database: Database, number: int) -> Signup | None:
    """Return the signup that a reader's link stands for."""
    with database.reading() as connection:
        row = _joined(connection, number)
        return _signup(row) if row is not None else None


def confirm(database: Database, number: int, *, proof: str, now: datetime) -> Signup | None:
    """Subscribe whoever answered the letter; return nothing where it is not to be confirmed any more.

    Confirming twice changes nothing the second time, even if the subscriber has left in between: then the signup's
    `known` is set.
    """
    with database.writing() as connection:
        row = _joined(connection, number, lock=True)
        if row is None or row.kind != SignupKind.SUBSCRIBE or row.state not in {"sending", "sent", "confirmed"}:
            return None
        signup = _signup(row)
        if row.state == "confirmed":
            return Signup(**{**_fields(signup), "known": True})
        if is_suppressed(connection, row.address_key):
            return None
        write_people(
            connection,
            insert(connection, subscribers).values(
                address=row.address,
                address_key=row.address_key,
                name=signup.choice.name,
                language=row.language,
                created_at=stored(now),
            ),
        )
        if signup.choice.topics:
            connection.execute(
                update(subscribers).where(subscribers.c.id == row.subscriber_id).values(topics=signup.choice.topics)
            )
        for name in signup.choice.lists:
            word = insert(connection, consents).values(
                list_id=ensure_list(connection, name, now),
                subscriber_id=row.subscriber_id,
                state=Consent.CONFIRMED,
                source="form",
                changed_at=stored(now),
                wording=row.wording,
                confirmed_at=stored(now),
                proof=proof,
            )
            write_consents(connection, word, where=consents.c.state != Consent.CONFIRMED)
        _move(connection, signup, ("sending", "sent"), state="confirmed", answered_at=stored(now))
        return signup


def decline(database: Database, number: int, *, now: datetime) -> Signup | None:
    """Take note that the owner of an address did not ask for a letter, and let no form write there for a while."""
    with database.writing() as connection:
        row = _joined(connection, number, lock=True)
        if row is None:
            return None
        signup = _signup(row)
        if row.state in {"sending", "sent"}:
            _move(connection, signup, ("sending", "sent"), state="declined", answered_at=stored(now))
            connection.execute(
                delete(consents).where(
                    consents.c.subscriber_id == row.subscriber_id, consents.c.state == Consent.PENDING
                )
            )
        return signup


def forget_signups(database: Database, *, now: datetime) -> int:
    """Forget signups whose links no longer work and that block nothing; return how many there were.

    Who never confirmed anything is forgotten with them.
    """
    old = stored(now - _DECLINED)
    with database.writing() as connection:
        people = set(
            connection.scalars(
                select(signups.c.subscriber_id).where(
                    signups.c.asked_at < old, signups.c.state.in_(("sent", "declined")), signups.c.subscriber_id.is_not(None)
                )
            )
        )
        gone = connection.execute(delete(signups).where(signups.c.asked_at < old)).rowcount
        for number in people:
            _forget_stranger(connection, number)
    return int(gone)


def _forget_stranger(connection: Connection, subscriber_id: int) -> None:
    """Forget a subscriber about whom nothing is known but that somebody once entered the address."""
    words = connection.scalars(select(consents.c.state).where(consents.c.subscriber_id == subscriber_id)).all()
    later = connection.scalar(select(func.count()).where(signups.c.subscriber_id == subscriber_id))
    if not later and all(word == Consent.PENDING for word in words):
        connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))


def _claim(connection: Connection, row: Row[Any], now: datetime) -> Signup | None:
    person = _person(connection, row)
    key = row.address_key or (person.address_key if person else None)
    if key is None or is_suppressed(connection, key):
        return None
    if person is not None and _has_enough(connection, row, person.id, now):
        return None
    kind, choice = SignupKind(row.kind), Choice.of(row.choice)
    if kind is SignupKind.SUBSCRIBE:
        number = person.id if person else _add(connection, row, now)
        known = _is_on(connection, number, choice.lists)
        if not known:
            _note(connection, number, choice.lists, now)
    elif person is None:
        return None
    else:
        number, known = person.id, False
    address = person.address if person else row.address
    connection.execute(
        update(signups)
        .where(signups.c.id == row.id)
        .values(
            subscriber_id=number,
            address=None,
            address_key=None,
            state="sending",
            attempts=row.attempts + 1,
            sent_at=stored(now),
        )
    )
    return Signup(row.id, kind, number, address, row.language, choice, row.attempts + 1, known)


def _person(connection: Connection, row: Row[Any]) -> Row[Any] | None:
    which = (
        subscribers.c.id == row.subscriber_id
        if row.subscriber_id is not None
        else subscribers.c.address_key == row.address_key
    )
    return connection.execute(select(subscribers).where(which)).first()


def _has_enough(connection: Connection, row: Row[Any], subscriber_id: int, now: datetime) -> bool:
    earlier = connection.execute(
        select(signups.c.kind, signups.c.state, signups.c.sent_at, signups.c.answered_at).where(
            signups.c.subscriber_id == subscriber_id,
            signups.c.id != row.id,
            signups.c.state != "asked",
            signups.c.sent_at > stored(now - _DECLINED),
        )
    ).all()
    today = [other for other in earlier if other.sent_at > stored(now - _QUIET)]
    return (
        any(other.state == "declined" for other in earlier)
        or any(other.kind == row.kind and other.state in {"sending", "sent"} for other in today)
        or len(today) >= _MOST_LETTERS
    )


def _add(connection: Connection, row: Row[Any], now: datetime) -> int:
    number: int = connection.scalars(
        plain_insert(subscribers)
        .values(address=row.address, address_key=row.address_key, language=row.language, created_at=stored(now))
        .returning(subscribers.c.id)
    ).one()
    return number


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
    """Count the person as asked, where they have said nothing yet: a form that anybody fills in changes no word."""
    for name in names:
        connection.execute(
            insert(connection, consents)
            .values(
                list_id=ensure_list(connection, name, now),
                subscriber_id=subscriber_id,
                state=Consent.PENDING,
                source="form",
                changed_at=stored(now),
            )
            .on_conflict_do_nothing()
        )


def _joined(connection: Connection, number: int, *, lock: bool = False) -> Row[Any] | None:
    query = (
        select(
            signups.c.id,
            signups.c.kind,
            signups.c.subscriber_id,
            signups.c.choice,
            signups.c.language,
            signups.c.wording,
            signups.c.state,
            signups.c.attempts,
            subscribers.c.address,
            subscribers.c.address_key,
        )
        .join(subscribers, subscribers.c.id == signups.c.subscriber_id)
        .where(signups.c.id == number)
    )
    return connection.execute(query.with_for_update() if lock else query).first()


def _signup(row: Row[Any]) -> Signup:
    return Signup(
        row.id,
        SignupKind(row.kind),
        row.subscriber_id,
        row.address,
        row.language,
        Choice.of(row.choice),
        row.attempts,
    )


def _fields(signup: Signup) -> dict[str, Any]:
    return {name: getattr(signup, name) for name in Signup.__dataclass_fields__}


def _move(connection: Connection, signup: Signup, before: Sequence[str], **values: Any) -> None:
    connection.execute(
        update(signups).where(signups.c.id == signup.id, signups.c.state.in_(before)).values(**values)
    )
