"""Writing what an import has judged, in the transaction in which it was judged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, true

from newsletter.audience.staging import HAS_PROOF, HELD_WITHOUT_PROOF, Verdict, as_json, incoming, judged, merged
from newsletter.audience.writing import changed_by, write_consents, write_people
from newsletter.model.consent import Consent
from newsletter.store import stored
from newsletter.store.bulk import Insert, insert
from newsletter.store.schema import consents, subscribers, suppressions

_WORDS = [Verdict.ADDED, Verdict.UNSUBSCRIBED, Verdict.RESUBSCRIBED, Verdict.CONFIRMED]
_PEOPLE = [*_WORDS, Verdict.UPDATED]
_rows = judged.join(incoming, incoming.c.row == judged.c.row)


def apply(connection: Connection, list_id: int, source: str, meanings: Collection[str], now: datetime) -> None:
    """Write suppressions, subscribers and consents; `meanings` are what columns of the file can be."""
    _suppress(connection, source, now)
    _add_people(connection, source, now)
    if any(meaning == "json" or meaning.startswith("attributes.") for meaning in meanings):
        given = as_json(connection, incoming.c.attributes)
        _update(connection, "attributes", merged(connection, given), given.is_not(None))
    for name in ("frequency", "paused_until"):
        if name in meanings:
            _update(connection, name, incoming.c[name], incoming.c[name].is_not(None), (source, now))
    # Judged in this transaction: that whoever comes back, or is no longer pending, has agreed is proven.
    words = _words(connection, list_id, source, now, judged.c.verdict.in_(_WORDS))
    write_consents(connection, words, where=true())
    proven = and_(judged.c.verdict == Verdict.UPDATED, incoming.c.consent == Consent.CONFIRMED, HAS_PROOF)
    _add_proofs(connection, _words(connection, list_id, source, now, proven))


def _suppress(connection: Connection, source: str, now: datetime) -> None:
    forbidden = (
        select(incoming.c.address_key, incoming.c.suppression, literal(source), literal(stored(now)))
        .select_from(_rows)
        .where(judged.c.verdict == Verdict.FORBIDDEN)
    )
    connection.execute(
        insert(connection, suppressions)
        .from_select(["address_key", "reason", "source", "created_at"], forbidden)
        .on_conflict_do_nothing()
    )


def _add_people(connection: Connection, source: str, now: datetime) -> None:
    people = (
        select(
            incoming.c.address,
            incoming.c.address_key,
            incoming.c.name,
            incoming.c.language,
            as_json(connection, incoming.c.topics),
            literal(stored(now)),
        )
        .select_from(_rows)
        .where(judged.c.verdict.in_(_PEOPLE))
        # Keys that come in order go to the same pages of the index.
        .order_by(incoming.c.address_key)
    )
    names = ["address", "address_key", "name", "language", "topics", "created_at"]
    write_people(connection, insert(connection, subscribers).from_select(names, people), source, now)


def _update(
    connection: Connection,
    name: str,
    value: ColumnElement[Any],
    given: ColumnElement[bool],
    preferred: tuple[str, datetime] | None = None,
) -> None:
    """Change a column where the file has it; `preferred` is by what, and when, if it is a preference."""
    # All of them are there by now. An upsert goes by the index, where an update that joins may begin at the wrong end.
    values = (
        select(subscribers.c.address, subscribers.c.address_key, subscribers.c.created_at, value)
        .select_from(_rows.join(subscribers, subscribers.c.address_key == incoming.c.address_key))
        .where(judged.c.verdict.in_(_PEOPLE), given)
        .order_by(incoming.c.address_key)
    )
    people = insert(connection, subscribers).from_select(["address", "address_key", "created_at", name], values)
    new: dict[str, ColumnElement[Any]] = {name: people.excluded[name]}
    if preferred:
        new |= changed_by(new, *preferred)
    connection.execute(people.on_conflict_do_update(index_elements=["address_key"], set_=new))


def _words(connection: Connection, list_id: int, source: str, now: datetime, which: ColumnElement[bool]) -> Insert:
    words = (
        select(
            literal(list_id),
            subscribers.c.id,
            incoming.c.consent,
            literal(source),
            literal(stored(now)),
            incoming.c.consent_at,
            incoming.c.proof,
            incoming.c.wording,
        )
        .select_from(_rows.join(subscribers, subscribers.c.address_key == incoming.c.address_key))
        .where(which)
        .order_by(subscribers.c.id)
    )
    names = ["list_id", "subscriber_id", "state", "source", "changed_at", "confirmed_at", "proof", "wording"]
    return insert(connection, consents).from_select(names, words)


def _add_proofs(connection: Connection, words: Insert) -> None:
    """Write down when and how people agreed who are on the list without that; since when they are stays."""
    given = words.excluded
    new = {
        "confirmed_at": given.confirmed_at,
        "proof": given.proof,
        "wording": func.coalesce(func.nullif(given.wording, ""), consents.c.wording),
    }
    connection.execute(
        words.on_conflict_do_update(index_elements=["list_id", "subscriber_id"], set_=new, where=HELD_WITHOUT_PROOF)
    )
