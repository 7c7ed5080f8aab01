"""What somebody asks the team for by phone or mail: the choices of their own preference page, made for them.

Lists are not among them: whoever comes onto one has agreed, and that has a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import RowMapping, select, update

from newsletter.audience.address import read_address
from newsletter.audience.consent import nobody
from newsletter.audience.rows import read_frequency, read_language
from newsletter.errors import AudienceError
from newsletter.model.moment import read_moment
from newsletter.model.topics import canonical_topics
from newsletter.store import Database, stored
from newsletter.store.schema import subscribers
from newsletter.store.turns import hold

_CALLED = {"language": "language", "topics": "topics", "frequency": "how often", "paused_until": "pause"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for, as it is typed; what is None stays as it is."""

    language: str | None = None
    """Empty means the newsletter's own."""
    topics: tuple[str, ...] | None = None
    """Empty means everything."""
    frequency: str | None = None
    pause: str | None = None
    """The day until which nothing is sent; empty means no pause."""


def prefer(
    database: Database, address: str, wishes: Wishes, *, source: str, zone: tzinfo, now: datetime
) -> tuple[str, ...]:
    """Change what a person prefers; return what has another value now, as the team calls it.

    `source` is kept with it, as what changed it. Raises AudienceError for what cannot be used, before anything is
    changed, and NotFound where nobody is known by that address.
    """
    found = read_address(address)
    values = _read(wishes, zone, now)
    with database.writing() as connection:
        hold(connection, keys=[found.key])
        known = select(subscribers).where(subscribers.c.address_key == found.key)
        person = connection.execute(known).mappings().first()
        if person is None:
            raise nobody(found)
        changed = {name: value for name, value in values.items() if _held(person, name) != value}
        if changed:
            said = {"preferred_at": stored(now), "preferred_by": source}
            connection.execute(update(subscribers).where(subscribers.c.id == person["id"]).values(**changed, **said))
    return tuple(_CALLED[name] for name in changed)


def _read(wishes: Wishes, zone: tzinfo, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if wishes.language is not None:
        values["language"] = read_language(wishes.language.strip())
    if wishes.topics is not None:
        values["topics"] = canonical_topics(wishes.topics)
    if wishes.frequency is not None:
        values["frequency"] = read_frequency(wishes.frequency.strip())
    if wishes.pause is not None:
        values["paused_until"] = _pause(wishes.pause.strip(), zone, now)
    return values


def _pause(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        until = read_moment(text, zone).at
    except ValueError as error:
        raise AudienceError(str(error), fix="write the day as in 2027-01-15") from None
    if until <= now:
        raise AudienceError(f"a pause until {text} is over already", fix="name a day that is still to come")
    return stored(until)


def _held(person: RowMapping, name: str) -> Any:
    return tuple(person["topics"] or ()) if name == "topics" else person[name]
