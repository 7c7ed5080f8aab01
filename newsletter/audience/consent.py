"""What one person has said about the lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from newsletter.audience.address import Address, read_address
from newsletter.audience.hashes import UNSUBSCRIBED, pardon, reason_of
from newsletter.audience.writing import write_consents
from newsletter.errors import NotFound, Refused
from newsletter.model.consent import Consent, Suppression
from newsletter.store import Database, schema, stored
from newsletter.store.bulk import insert
from newsletter.store.turns import hold


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says about one list."""

    list_id: int
    subscriber_id: int
    state: Consent
    source: str
    wording: str = ""
    proof: str = ""


def suppression_of(connection: Connection, address_key: str) -> str | None:
    """Return why an address must not be written to even if its owner asks, or nothing.

    Who was erased at their own wish, or left long ago, may come back by their own word.
    """
    held: str | None = connection.scalar(
        select(schema.suppressions.c.reason).where(schema.suppressions.c.address_key == address_key)
    )
    hashed = reason_of(connection, address_key) if held is None else None
    return held or (None if hashed in {Suppression.ERASURE, UNSUBSCRIBED} else hashed)


def unsubscribe(
    database: Database, address: str, lists: Sequence[str] | None = None, *, source: str, now: datetime
) -> tuple[str, ...]:
    """Take a person off some lists, or off all that they are on; return the lists that they have left by this.

    Somebody who was never on a list is remembered as unsubscribed from it, so that no import puts them there. Raises
    NotFound for an address that nobody here has, and for a list that nobody was ever on.
    """
    found = read_address(address)
    with database.writing() as connection:
        hold(connection, keys=[found.key])
        subscriber = number_of(connection, found.key)
        if subscriber is None:
            raise nobody(found)
        return _leave(connection, subscriber, lists, source, now)


def unsubscribe_by_id(
    database: Database, subscriber_id: int, lists: Sequence[str] | None = None, *, source: str, now: datetime
) -> tuple[str, ...]:
    """Do what `unsubscribe` does, for the subscriber that a reader's link stands for; nothing for one that is gone."""
    with database.writing() as connection:
        hold(connection, numbers=[subscriber_id])
        known = connection.scalar(select(schema.subscribers.c.id).where(schema.subscribers.c.id == subscriber_id))
        return _leave(connection, known, lists, source, now) if known is not None else ()


def suppress(database: Database, address: str, *, reason: Suppression, source: str, now: datetime) -> bool:
    """Never write to an address again; return False where it was suppressed before, for whatever reason."""
    found = read_address(address)
    values = {"address_key": found.key, "reason": reason, "source": source, "created_at": stored(now)}
    with database.writing() as connection:
        hold(connection, keys=[found.key])
        added = connection.scalar(
            insert(connection, schema.suppressions)
            .values(values)
            .on_conflict_do_nothing()
            .returning(schema.suppressions.c.address_key)
        )
    return added is not None


def unsuppress(database: Database, address: str, *, now: datetime) -> str:
    """Allow an address to be written to again; return why it was not.

    Consent is not given by it: who left stays away, and who is no longer held comes back by their own word alone.
    What came back until then does not count any more, nor do refusals and soft bounces of issues that left before.
    Raises NotFound where the address was not suppressed, and Refused for somebody who was erased.
    """
    found = read_address(address)
    with database.writing() as connection:
        hold(connection, keys=[found.key])
        hashed = reason_of(connection, found.key)
        if hashed in {Suppression.ERASURE, UNSUBSCRIBED}:
            raise Refused(
                f"'{found.written}' is not brought back",
                why="nothing is held about the address any more, as its owner wished",
                fix="ask the person to subscribe again; their own sign-up is not refused",
            )
        reason: str | None = connection.scalar(
            delete(schema.suppressions)
            .where(schema.suppressions.c.address_key == found.key)
            .returning(schema.suppressions.c.reason)
        )
        if reason is not None:
            connection.execute(
                update(schema.subscribers)
                .where(schema.subscribers.c.address_key == found.key)
                .values(unsuppressed_at=stored(now))
            )
        if hashed is not None:
            pardon(connection, found.key)
    if reason is None and hashed is None:
        raise NotFound(
            f"'{found.written}' is not suppressed", fix=f"see what is held: newsletter subscribers show {found.written}"
        )
    return reason or str(hashed)


def _leave(
    connection: Connection, subscriber: int, lists: Sequence[str] | None, source: str, now: datetime
) -> tuple[str, ...]:
    known = {
        name: (number, state)
        for name, number, state in connection.execute(
            select(schema.lists.c.name, schema.lists.c.id, schema.consents.c.state)
            .select_from(schema.lists)
            .outerjoin(
                schema.consents,
                (schema.consents.c.list_id == schema.lists.c.id) & (schema.consents.c.subscriber_id == subscriber),
            )
            .order_by(schema.lists.c.name)
        )
    }
    chosen = [name for name, (_, state) in known.items() if state] if lists is None else list(lists)
    left = []
    for name in chosen:
        if name not in known:
            raise NotFound(
                f"nobody was ever on a list called '{name}'", fix="write the name as `newsletter lists` does"
            )
        number, state = known[name]
        if state != Consent.UNSUBSCRIBED:
            set_word(connection, Word(number, subscriber, Consent.UNSUBSCRIBED, source), now)
        if state in {Consent.CONFIRMED, Consent.PENDING}:
            left.append(name)
    return tuple(left)


def set_word(connection: Connection, word: Word, now: datetime) -> None:
    """Record a word; saying the same again keeps the time of the first."""
    confirmed_at = stored(now) if word.state is Consent.CONFIRMED else None
    given = insert(connection, schema.consents).values(
        **asdict(word), changed_at=stored(now), confirmed_at=confirmed_at
    )
    write_consents(connection, given, where=schema.consents.c.state != word.state)


def number_of(connection: Connection, address_key: str) -> int | None:
    """Return the id of the subscriber who has an address, or nothing where nobody has."""
    return connection.scalar(select(schema.subscribers.c.id).where(schema.subscribers.c.address_key == address_key))


def nobody(found: Address) -> NotFound:
    """Return the error for an address about which nothing is held."""
    return NotFound(f"nobody here has the address '{found.written}'", fix="see whether it is spelt as in the list")
