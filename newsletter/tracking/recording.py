"""Calls of providers become events and their consequences, many calls in one transaction, or none of it happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, case, delete, func, literal_column, select

from newsletter.config import TrackingSettings
from newsletter.model.event import Arrival, Event, EventKind
from newsletter.model.mailing import DeliveryState
from newsletter.store import Database, read_delivery_id, stored
from newsletter.store.bulk import Insert, insert, insert_for, parts
from newsletter.store.keys import all_keys
from newsletter.store.schema import arrivals, deliveries, events, receipts, subscribers
from newsletter.store.settling import settle_by_events
from newsletter.tracking.consequences import Spoken, draw_consequences, keep_turns, look_again
from newsletter.tracking.letters import addressees, end_signups
from newsletter.tracking.masking import without_addresses
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import Webhook

_KEPT = timedelta(days=3)
OUR_LINKS = "our links"
"""In the place of a provider's name, for what readers do by a link of ours."""
_PRIVATE = {EventKind.OPENED: "opens", EventKind.CLICKED: "clicks"}


@dataclass(frozen=True, slots=True)
class Received:
    """A verified call."""

    provider: str
    webhook: Webhook
    key: str
    """By which it is known as a single one."""
    body_sha256: str
    content: Any
    received_at: datetime


class Answer(Enum):
    """What became of a call."""

    RECORDED = "recorded"
    REPEATED = "recorded before"
    REPLAYED = "known with another body"


@dataclass(frozen=True, slots=True)
class _Heard:
    provider: str
    event: Event
    happened_at: datetime
    received_at: datetime
    place: tuple[int, int] | None = None
    """Mailing and subscriber, of a delivery that is there."""
    address_key: str = ""
    doubted: bool = False
    """Whether the delivery is unknown."""


def record(database: Database, calls: Sequence[Received], tracking: TrackingSettings) -> list[Answer]:
    """Record calls and return what became of each: when this returns, it is kept for good.

    A call that was recorded before changes nothing, and neither does one that repeats its key with another body.
    """
    with database.writing() as connection:
        answers = _take(connection, calls)
        new = [call for call, answer in zip(calls, answers, strict=True) if answer is Answer.RECORDED]
        heard = [
            _Heard(call.provider, event, _when(event, call.received_at), call.received_at)
            for call in new
            for event in _parse(call)
        ]
        spoken = _record(connection, heard, tracking)
    look_again(database, spoken, tracking)
    return answers


def record_events(
    database: Database, provider: str, told: Iterable[Event], tracking: TrackingSettings, *, now: datetime
) -> int:
    """Record events that came by other ways than a webhook; return how many are new."""
    with database.writing() as connection:
        heard = [_Heard(provider, event, _when(event, now), now) for event in told]
        spoken = _record(connection, heard, tracking)
    look_again(database, spoken, tracking)
    return len(spoken)


def count_leaving(database: Database, mailing_id: int, *, now: datetime) -> None:
    """Count for a mailing that a reader has left by our link in its message; who it was is not kept.

    Nothing but a row is added: the service that readers meet may have no right to change the ledger.
    """
    day = stored(_day(now))
    values = {
        "provider": OUR_LINKS,
        "key": uuid4().hex,
        "mailing_id": mailing_id,
        "kind": EventKind.UNSUBSCRIBED.value,
        "happened_at": day,
        "received_at": day,
    }
    with database.writing() as connection:
        # Inline: to return the new row's number takes the right to read.
        connection.execute(insert(connection, events).values(values).inline())


def _take(connection: Connection, calls: Sequence[Received]) -> list[Answer]:
    known: dict[tuple[str, str], str] = {}
    by_provider: dict[str, set[str]] = defaultdict(set)
    for call in calls:
        by_provider[call.provider].add(call.key)
    for provider, wanted in by_provider.items():
        for some in parts(wanted):
            rows = connection.execute(
                select(receipts.c.key, receipts.c.body_sha256).where(
                    receipts.c.provider == provider, receipts.c.key.in_(some)
                )
            )
            known |= {(provider, key): digest for key, digest in rows}
    answers, new = [], []
    for call in calls:
        digest = known.setdefault((call.provider, call.key), "")
        if not digest:
            known[call.provider, call.key] = call.body_sha256
            new.append(
                {
                    "provider": call.provider,
                    "key": call.key,
                    "body_sha256": call.body_sha256,
                    "received_at": stored(call.received_at),
                }
            )
        answers.append(
            Answer.RECORDED if not digest else Answer.REPEATED if digest == call.body_sha256 else Answer.REPLAYED
        )
    if new:
        # Another process may have recorded the same: then both draw the same consequences.
        connection.execute(insert(connection, receipts).on_conflict_do_nothing(), new)
    return answers


def forget_receipts(database: Database, *, now: datetime) -> None:
    """Forget calls that nobody repeats any more: no signature is good for that long."""
    with database.writing() as connection:
        connection.execute(delete(receipts).where(receipts.c.received_at < stored(now - _KEPT)))


def _parse(call: Received) -> list[Event]:
    try:
        return list(call.webhook.parse(call.content, call.key))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # Kept for whoever mends the parser; a provider that gets an error would only repeat it.
        return [Event(EventKind.OTHER, call.key, raw=reading.other(str(type(call.content)), call.key).raw)]


def _when(event: Event, received_at: datetime) -> datetime:
    return min(event.at or received_at, received_at)


def _record(connection: Connection, heard: Sequence[_Heard], tracking: TrackingSettings) -> list[Spoken]:
    """Record what was not told before, and return it."""
    fresh = _locate(connection, _fresh(connection, heard))
    if not fresh:
        return []
    connection.execute(_keeping(connection.dialect.name), [_row(item, tracking) for item in fresh])
    _advance(connection, fresh, tracking)
    _settle(connection, fresh)
    spoken = [Spoken(item.provider, item.event, item.happened_at, item.place, item.address_key) for item in fresh]
    keep_turns(connection, spoken, addressees(connection, spoken))
    draw_consequences(connection, end_signups(connection, spoken), tracking)
    return spoken


def _fresh(connection: Connection, heard: Sequence[_Heard]) -> list[_Heard]:
    """Return what was not told before, each once."""
    by_provider: dict[str, dict[str, _Heard]] = defaultdict(dict)
    for item in heard:
        by_provider[item.provider].setdefault(item.event.key, item)
    fresh: list[_Heard] = []
    for provider, items in by_provider.items():
        for some in parts(items):
            known = set(
                connection.scalars(select(events.c.key).where(events.c.provider == provider, events.c.key.in_(some)))
            )
            fresh += (items[key] for key in some if key not in known)
    return fresh


def _locate(connection: Connection, heard: Sequence[_Heard]) -> list[_Heard]:
    """Return what was heard with the delivery that it is about."""
    tokens = {item.event.delivery for item in heard if item.event.delivery}
    if not tokens:
        return list(heard)
    signing = all_keys(connection)
    places = {token: read_delivery_id(token, signing) for token in tokens}
    wanted: dict[int, set[int]] = defaultdict(set)
    for place in places.values():
        if place:
            wanted[place[0]].add(place[1])
    found: dict[tuple[int, int], tuple[str, bool]] = {}
    # A delivery that was tidied has lost its address; its reader may still be with us.
    own = func.coalesce(subscribers.c.address_key, "")
    address = case((deliveries.c.address == "", own), else_=deliveries.c.address_key)
    # In order, so that whoever erases one of them waits, or is waited for, and neither holds the other fast.
    for mailing, people in sorted(wanted.items()):
        for some in parts(people):
            _keep_erasing_out(connection, mailing, some)
            rows = connection.execute(
                select(deliveries.c.subscriber_id, address, deliveries.c.state)
                .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
                .where(deliveries.c.mailing_id == mailing, deliveries.c.subscriber_id.in_(some))
            )
            for subscriber, key, state in rows:
                found[mailing, subscriber] = (key, state == DeliveryState.UNKNOWN.value)
    return [_placed(item, places.get(item.event.delivery), found) for item in heard]


def _keep_erasing_out(connection: Connection, mailing: int, people: Sequence[int]) -> None:
    """Wait until nobody erases these people, and let nobody begin: what is written next would bring them back.

    SQLite does so by itself. A statement of its own, so that the next sees what has been erased meanwhile.
    """
    if connection.dialect.name == "postgresql":
        rows = (
            select(deliveries.c.subscriber_id)
            .where(deliveries.c.mailing_id == mailing, deliveries.c.subscriber_id.in_(people))
            .order_by(deliveries.c.subscriber_id)
        )
        connection.execute(rows.with_for_update(read=True, key_share=True))


def _placed(item: _Heard, place: tuple[int, int] | None, found: Mapping[tuple[int, int], tuple[str, bool]]) -> _Heard:
    if place is None or place not in found:
        return item
    return _Heard(item.provider, item.event, item.happened_at, item.received_at, place, *found[place])


@cache
def _keeping(dialect: str) -> Insert:
    return insert_for(dialect, events).on_conflict_do_nothing()


def _row(item: _Heard, tracking: TrackingSettings) -> dict[str, Any]:
    event, private = item.event, _private(item.event, tracking)
    mailing, subscriber = item.place or (None, None)
    # Servers repeat names in what they say: it is kept only where it goes with the person, when they are erased.
    gone = item.place is not None and not item.address_key
    return {
        "provider": item.provider,
        "key": event.key,
        "mailing_id": mailing,
        "subscriber_id": None if private or gone else subscriber,
        "kind": event.kind.value,
        "bounce": event.bounce.value if event.bounce else "",
        "code": event.code,
        "reason": without_addresses(event.reason) if event.reason and item.address_key else "",
        "by_machine": event.by_machine,
        "link": event.link,
        "raw": "" if gone else event.raw,
        # A time to the second would tell who it was to anybody who knows when a reader read their mail.
        "happened_at": stored(_day(item.happened_at) if private else item.happened_at),
        "received_at": stored(_day(item.received_at) if private else item.received_at),
    }


def _private(event: Event, tracking: TrackingSettings) -> bool:
    """Whether an event is only counted, because nobody asked to know which reader it was."""
    name = _PRIVATE.get(event.kind)
    return name is not None and not getattr(tracking, name)


def _is_of_this_message(event: Event) -> bool:
    """Whether it tells of what the reader did about this message: no program in their stead, and not about another."""
    return not event.told_again and not (event.by_machine and event.kind in _PRIVATE)


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


_FLAGS: Mapping[str, EventKind] = {
    "complained": EventKind.COMPLAINED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
    "opened": EventKind.OPENED,
    "clicked": EventKind.CLICKED,
}


def _advance(connection: Connection, heard: Sequence[_Heard], tracking: TrackingSettings) -> None:
    """Raise the states of deliveries."""
    told: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for item in heard:
        if item.place and item.event.arrival:
            told[item.place].append(item.event)
    rows = []
    # In order, so that two processes wait for each other instead of holding each other fast.
    for (mailing, subscriber), said in sorted(told.items()):
        kinds = {event.kind for event in said if not _private(event, tracking) and _is_of_this_message(event)}
        states = [event.arrival for event in said if event.arrival]
        rows.append(
            {
                "mailing_id": mailing,
                "subscriber_id": subscriber,
                "state": max(states, key=lambda state: state.rank).value,
                **{name: kind in kinds for name, kind in _FLAGS.items()},
            }
        )
    if rows:
        connection.execute(_raising(connection.dialect.name), rows)


@cache
def _raising(dialect: str) -> Insert:
    added = insert_for(dialect, arrivals)
    old, new = arrivals.c, added.excluded
    higher = _rank(new.state) > _rank(old.state)
    change: dict[str, ColumnElement[Any]] = {"state": case((higher, new.state), else_=old.state)}
    change |= {name: old[name] | new[name] for name in _FLAGS}
    return added.on_conflict_do_update(index_elements=["mailing_id", "subscriber_id"], set_=change)


def _rank(state: ColumnElement[str]) -> ColumnElement[int]:
    # Written into the statement: as parameters they would go along with every row.
    return case(
        *((state == literal_column(f"'{arrival.value}'"), literal_column(str(arrival.rank))) for arrival in Arrival)
    )


def _settle(connection: Connection, heard: Sequence[_Heard]) -> None:
    doubted: dict[int, set[int]] = defaultdict(set)
    for item in heard:
        if item.place and item.doubted and item.event.arrival:
            doubted[item.place[0]].add(item.place[1])
    for mailing, people in sorted(doubted.items()):
        settle_by_events(connection, mailing, people, now=max(item.received_at for item in heard))
