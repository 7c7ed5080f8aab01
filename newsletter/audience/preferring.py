"""What a subscriber has chosen: lists, topics, language, how often, and a pause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, literal, select, update

from newsletter.audience.consent import Word, set_word
from newsletter.audience.hashes import lift
from newsletter.audience.lists import ensure_list
from newsletter.audience.writing import changed_by
from newsletter.model.consent import Consent, Frequency
from newsletter.store import Database, aware, stored
from newsletter.store.schema import consents, lists, subscribers
from newsletter.store.turns import hold

_SOURCE = "preference page"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one subscriber has chosen, and the address that it is about."""

    address: str
    lists: frozenset[str]
    """The names of the lists with confirmed consent."""
    topics: tuple[str, ...]
    """Empty means everything."""
    language: str
    frequency: Frequency
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What the preference page says; lists that it does not `offer` stay as they are."""

    offered: tuple[str, ...]
    lists: frozenset[str]
    topics: tuple[str, ...]
    language: str
    frequency: Frequency
    paused_until: datetime | None
    wordings: dict[str, str]
    """For each list, the sentence by which somebody who joins it agrees."""
    proof: str
    had: frozenset[str]
    """The lists that were ticked when the page was shown: whoever has left or joined one since means nothing by it."""


def preferences(database: Database, subscriber_id: int) -> Preferences | None:
    """Return what a subscriber has chosen, and nothing for one that is gone."""
    with database.reading() as connection:
        person = connection.execute(select(subscribers).where(subscribers.c.id == subscriber_id)).first()
        if person is None:
            return None
        return Preferences(
            address=person.address,
            lists=frozenset(_on(connection, subscriber_id)),
            topics=person.topics,
            language=person.language,
            frequency=Frequency(person.frequency),
            paused_until=aware(person.paused_until) if person.paused_until else None,
        )


def change_preferences(database: Database, subscriber_id: int, changes: Changes, *, now: datetime) -> bool:
    """Do what the preference page says; return False for a subscriber that is gone."""
    with database.writing() as connection:
        hold(connection, numbers=[subscriber_id])
        new: dict[str, ColumnElement[Any]] = {
            name: literal(value, subscribers.c[name].type)
            for name, value in {
                "topics": changes.topics,
                "language": changes.language,
                "frequency": changes.frequency,
                "paused_until": stored(changes.paused_until) if changes.paused_until else None,
            }.items()
        }
        key = connection.scalar(
            update(subscribers)
            .where(subscribers.c.id == subscriber_id)
            .values(new | changed_by(new, _SOURCE, now))
            .returning(subscribers.c.address_key)
        )
        if key is None:
            return False
        on = set(_on(connection, subscriber_id))
        for name in changes.offered:
            wanted = name in changes.lists
            if wanted in {name in on, name in changes.had}:
                continue
            number = ensure_list(connection, name, now)
            if wanted:
                word = Word(
                    number, subscriber_id, Consent.CONFIRMED, _SOURCE, changes.wordings.get(name, ""), changes.proof
                )
            else:
                word = Word(number, subscriber_id, Consent.UNSUBSCRIBED, _SOURCE)
            set_word(connection, word, now)
            if wanted:
                lift(connection, str(key))
    return True


def _on(connection: Connection, subscriber_id: int) -> Sequence[str]:
    query = (
        select(lists.c.name)
        .select_from(consents.join(lists))
        .where(consents.c.subscriber_id == subscriber_id, consents.c.state == Consent.CONFIRMED)
    )
    return connection.scalars(query).all()
