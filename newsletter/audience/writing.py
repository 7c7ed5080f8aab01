"""Writing people and their words, one or a million at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_

from newsletter.store import stored
from newsletter.store.bulk import Insert
from newsletter.store.schema import consents, subscribers


def write_people(connection: Connection, people: Insert, source: str, now: datetime) -> None:
    """Insert subscribers; of those that are known, change name, language and topics where new ones are given.

    `source` is what is said to have changed them.
    """
    given = people.excluded
    new: dict[str, ColumnElement[Any]] = {
        part: func.coalesce(func.nullif(given[part], ""), subscribers.c[part]) for part in ("name", "language")
    }
    new["topics"] = func.coalesce(given.topics, subscribers.c.topics)
    preferred = {part: new[part] for part in ("language", "topics")}
    new |= changed_by(preferred, source, now)
    connection.execute(people.on_conflict_do_update(index_elements=["address_key"], set_=new))


def changed_by(new: dict[str, ColumnElement[Any]], source: str, now: datetime) -> dict[str, ColumnElement[Any]]:
    """Return what to write beside new preferences: where one of them differs, what changed it, and when.

    With which ones somebody comes is no change.
    """
    differs = or_(*(value.is_distinct_from(subscribers.c[name]) for name, value in new.items()))
    changes = and_(differs, subscribers.c.created_at < stored(now))
    said = {"preferred_at": literal(stored(now)), "preferred_by": literal(source)}
    return {name: case((changes, value), else_=subscribers.c[name]) for name, value in said.items()}


def write_consents(connection: Connection, words: Insert, where: ColumnElement[bool]) -> None:
    """Insert consents; change one that was given before `where` that holds.

    Proof that somebody once agreed outlives their leaving; a wording that is not given again stays, too.
    """
    given = words.excluded
    connection.execute(
        words.on_conflict_do_update(
            index_elements=["list_id", "subscriber_id"],
            set_={
                "state": given.state,
                "source": given.source,
                "changed_at": given.changed_at,
                "confirmed_at": func.coalesce(given.confirmed_at, consents.c.confirmed_at),
                **{
                    part: func.coalesce(func.nullif(given[part], ""), consents.c[part]) for part in ("wording", "proof")
                },
            },
            where=where,
        )
    )
