"""Writing people and their words, one or a million at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, func

from newsletter.store.bulk import Insert
from newsletter.store.schema import consents, subscribers


def write_people(connection: Connection, people: Insert) -> None:
    """Insert subscribers; of those that are known, change name, language and topics where new ones are given."""
    given = people.excluded
    new: dict[str, ColumnElement[Any]] = {
        part: func.coalesce(func.nullif(given[part], ""), subscribers.c[part]) for part in ("name", "language")
    }
    new["topics"] = func.coalesce(given.topics, subscribers.c.topics)
    connection.execute(people.on_conflict_do_update(index_elements=["address_key"], set_=new))


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
