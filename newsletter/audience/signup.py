"""Signups: what strangers ask for by a form, and what becomes of it when the letter about it is answered.

A signup goes `asked → sending → sent → confirmed`, or `declined`. Until it is confirmed it changes nothing of what a
subscriber has said: who left stays away, and names and languages stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from newsletter.audience.address import Address
from newsletter.audience.consent import Word, set_word, suppression_of
from newsletter.audience.hashes import lift
from newsletter.audience.lists import ensure_list
from newsletter.audience.writing import write_people
from newsletter.model.consent import Consent
from newsletter.store import Database, stored
from newsletter.store.bulk import insert as upsert
from newsletter.store.schema import consents, lists, signups, subscribers
from newsletter.store.turns import hold, take_rows, take_turns

DECLINED = timedelta(days=30)
"""How long no form writes to an address whose owner has declined."""
FORM = "form"
"""The source of consent that a signup brought."""


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
    """A signup about which a letter is being written, or has been."""

    id: int
    kind: SignupKind
    subscriber_id: int
    address: str
    language: str
    choice: Choice
    attempts: int
    known: bool
    """Whether the subscriber is on all of the lists already, or the signup has been confirmed before."""


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
        insert(signups).values(
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
    # Whoever erases them is waited for.
    known = select(subscribers.c.id).where(subscribers.c.id == subscriber_id).with_for_update(read=True, key_share=True)
    connection.execute(
        insert(signups).values(
            kind=SignupKind.PREFERENCES,
            subscriber_id=known.scalar_subquery(),
            choice=Choice().as_json(),
            language=language,
            state="asked",
            asked_at=stored(now),
        )
    )


def find_signup(database: Database, number: int) -> Signup | None:
    """Return the signup that a reader's link stands for."""
    with database.reading() as connection:
        row = _joined(connection, number)
        return _signup(row) if row is not None else None


def find_open(database: Database, number: int) -> Signup | None:
    """Return the signup that may be confirmed, or has been and still holds."""
    with database.reading() as connection:
        return _open(connection, _joined(connection, number))


def confirm(database: Database, number: int, *, proof: str, now: datetime) -> Signup | None:
    """Subscribe whoever answered the letter; return nothing where it is not to be confirmed any more.

    Confirming twice changes nothing the second time; `known` says so, with the lists that the reader is still on. Who
    has left them all in between is told nothing else than whoever comes too late.
    """
    with database.writing() as connection:
        row = _held(connection, number)
        signup = _open(connection, row)
        if row is None or signup is None or signup.known:
            return signup
        person = {
            "address": row.address,
            "address_key": row.address_key,
            "name": signup.choice.name,
            "language": row.language,
            "topics": signup.choice.topics,
            "created_at": stored(now),
        }
        write_people(connection, upsert(connection, subscribers).values(**person), FORM, now)
        for name in signup.choice.lists:
            list_id = ensure_list(connection, name, now)
            word = Word(list_id, row.subscriber_id, Consent.CONFIRMED, FORM, row.wording, proof)
            set_word(connection, word, now)
        lift(connection, row.address_key)
        _answer(connection, number, "confirmed", now)
        return signup


def decline(database: Database, number: int, *, now: datetime) -> Signup | None:
    """Take note that the owner of an address did not ask for a letter; no form writes there for a while."""
    with database.writing() as connection:
        row = _held(connection, number)
        if row is None:
            return None
        if row.state in {"sending", "sent"}:
            _answer(connection, number, "declined", now)
            connection.execute(
                delete(consents).where(
                    consents.c.subscriber_id == row.subscriber_id, consents.c.state == Consent.PENDING
                )
            )
        return _signup(row)


def forget_signups(database: Database, *, now: datetime) -> int:
    """Forget signups whose links no longer work and that block nothing; return how many there were.

    People who never confirmed anything are forgotten with them.
    """
    old = signups.c.asked_at < stored(now - DECLINED)
    with database.writing() as connection:
        unanswered = old & signups.c.state.in_(("sent", "declined")) & signups.c.subscriber_id.is_not(None)
        people = set(connection.scalars(select(signups.c.subscriber_id).where(unanswered)))
        take_turns(connection)
        hold(connection, numbers=people)
        take_rows(connection, signups, old)
        gone = connection.execute(delete(signups).where(old)).rowcount
        for number in people:
            forget_stranger(connection, number)
    return int(gone)


def forget_stranger(connection: Connection, subscriber_id: int) -> None:
    """Forget a subscriber, who is held, of whom nothing is known but that somebody once entered the address."""
    words = connection.scalars(select(consents.c.state).where(consents.c.subscriber_id == subscriber_id)).all()
    later = connection.scalar(select(func.count()).where(signups.c.subscriber_id == subscriber_id))
    if not later and all(word == Consent.PENDING for word in words):
        connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))


def _held(connection: Connection, number: int) -> Row[Any] | None:
    """Return a signup that is about to be answered, and let nobody else write about it or its subscriber."""
    subscriber = connection.scalar(select(signups.c.subscriber_id).where(signups.c.id == number))
    hold(connection, numbers=[] if subscriber is None else [subscriber])
    return connection.execute(_signups(number).with_for_update(of=signups)).first()


def _joined(connection: Connection, number: int) -> Row[Any] | None:
    return connection.execute(_signups(number)).first()


def _signups(number: int) -> Select[Any]:
    return (
        select(
            *(column for column in signups.c if not column.name.startswith("address")),
            subscribers.c.address,
            subscribers.c.address_key,
        )
        .join(subscribers, subscribers.c.id == signups.c.subscriber_id)
        .where(signups.c.id == number)
    )


def _open(connection: Connection, row: Row[Any] | None) -> Signup | None:
    if row is None or row.kind != SignupKind.SUBSCRIBE or row.state not in {"sending", "sent", "confirmed"}:
        return None
    if suppression_of(connection, row.address_key) is not None:
        return None
    signup = _signup(row)
    if not signup.known:
        return signup
    still = _still_on(connection, signup)
    return replace(signup, choice=replace(signup.choice, lists=still)) if still else None


def _still_on(connection: Connection, signup: Signup) -> tuple[str, ...]:
    confirmed = (consents.c.subscriber_id == signup.subscriber_id) & (consents.c.state == Consent.CONFIRMED)
    on = set(connection.scalars(select(lists.c.name).join(consents).where(confirmed)))
    return tuple(name for name in signup.choice.lists if name in on)


def _signup(row: Row[Any]) -> Signup:
    kind, choice = SignupKind(row.kind), Choice.of(row.choice)
    answered = row.state == "confirmed"
    return Signup(row.id, kind, row.subscriber_id, row.address, row.language, choice, row.attempts, answered)


def _answer(connection: Connection, number: int, state: str, now: datetime) -> None:
    connection.execute(update(signups).where(signups.c.id == number).values(state=state, answered_at=stored(now)))
