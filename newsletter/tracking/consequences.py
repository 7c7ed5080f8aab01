"""What follows from events: addresses that must not be written to any more, and readers who left.

Whatever the order in which events come, and however often, the end is the same. So of two reasons against an address
the graver stays, of two alike the earlier; and a run of soft bounces is looked at anew whenever one of its mailings
turns out to have arrived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, func, literal, select, update

from newsletter.config import TrackingSettings
from newsletter.model.consent import Consent, Suppression
from newsletter.model.event import Arrival, Bounce, Event, EventKind
from newsletter.store import Database, stored
from newsletter.store.bulk import insert, parts
from newsletter.store.schema import arrivals, consents, lists, mailings, subscribers, suppressions
from newsletter.store.turns import hold

_LEFT = func.coalesce(mailings.c.begins_at, mailings.c.started_at)
_SOFT = "soft bounces in a row"
_TOLD = "told by "
# Above those stand reasons that a person gave, which no event overrules.
_SOFT_RUN, _BOUNCE, _COMPLAINT, _BY_PEOPLE = range(4)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An event, when it happened, and whom it is about."""

    provider: str
    event: Event
    happened_at: datetime
    place: tuple[int, int] | None
    address_key: str
    """Of the delivery; empty where there is none, or where that person was erased."""


def keep_turns(connection: Connection, spoken: Sequence[Spoken], more: Collection[int]) -> None:
    """Let nobody else write about those for whom events have consequences, and about some `more` subscribers."""
    numbers, keys = set(more), set()
    for item in spoken:
        if item.event.bounce or item.event.kind in {EventKind.COMPLAINED, EventKind.UNSUBSCRIBED}:
            if item.place:
                numbers.add(item.place[1])
            else:
                keys.add(_key(item.event))
    arrived = [item.address_key for item in spoken if item.place and item.event.arrival is Arrival.DELIVERED]
    hold(connection, numbers=numbers, keys=keys.union(_run_out(connection, arrived)))


def draw_consequences(connection: Connection, spoken: Sequence[Spoken], tracking: TrackingSettings) -> None:
    """Suppress addresses and take readers off lists."""
    _suppress(connection, spoken)
    _look_at_runs(connection, spoken, tracking)
    _unsubscribe(connection, spoken)


def look_again(database: Database, spoken: Sequence[Spoken], tracking: TrackingSettings) -> None:
    """Take back, when events are kept, what rests on a run that another event has ended at the same moment.

    Who tells of the last soft bounce does not see that another issue arrives just now, nor does who tells that see the
    suppression; whichever is kept later sees both here. To hold everybody to whom something arrives would be surer at
    once, but let events wait for imports.
    """
    told = {
        item.place[1]: item.address_key
        for item in spoken
        if item.place and (item.event.bounce is Bounce.SOFT or item.event.arrival is Arrival.DELIVERED)
    }
    # SQLite has one writer at a time.
    if not told or database.engine.dialect.name == "sqlite":
        return
    with database.reading() as connection:
        run_out = _run_out(connection, told.values())
    people = sorted(subscriber for subscriber, key in told.items() if key in run_out)
    if people:
        with database.writing() as connection:
            hold(connection, numbers=people)
            runs = _runs(connection, people)
            _take_back(connection, [told[one] for one, run in runs.items() if len(run) < tracking.soft_bounces])


def _suppress(connection: Connection, spoken: Sequence[Spoken]) -> None:
    grave = [
        (item, Suppression.COMPLAINT if item.event.kind is EventKind.COMPLAINED else Suppression.BOUNCE)
        for item in spoken
        if item.event.kind is EventKind.COMPLAINED or item.event.bounce is Bounce.HARD
    ]
    strangers = _known(connection, {_key(item.event) for item, _ in grave if item.place is None})
    again = _written_to_again(connection, {_whose(item) for item, _ in grave})
    left = _left(connection, [item for item, _ in grave if _whose(item) in again and item.event.at is None])
    rows: dict[str, dict[str, Any]] = {}
    for item, reason in grave:
        key, at = _whose(item), stored(item.happened_at)
        if not key or (item.place is None and key not in strangers):
            continue
        # A mail that came back does not say when: it may have lain unread since its issue left.
        since = left.get(item.place, at) if item.place else at
        if reason is Suppression.BOUNCE and key in again and since <= again[key]:
            # The team knew better when it decided; a complaint is the reader's word.
            continue
        source = _TOLD + item.provider + (f" ({item.event.code})" if item.event.code else "")
        row = {"address_key": key, "reason": reason.value, "source": source, "created_at": at}
        other = rows.get(key)
        if other is None or _order(row) < _order(other):
            rows[key] = row
    _write(connection, rows)


def _order(row: Mapping[str, Any]) -> tuple[bool, Any, Any]:
    return row["reason"] != Suppression.COMPLAINT.value, row["created_at"], row["source"]


def _key(event: Event) -> str:
    """Return how an address is compared; providers write domains in ASCII."""
    return event.recipient.strip().strip("<>").lower()


def _whose(item: Spoken) -> str:
    return item.address_key if item.place else _key(item.event)


def _written_to_again(connection: Connection, keys: set[str]) -> dict[str, datetime]:
    """Return since when some addresses may be written to again that had been suppressed."""
    one, found = subscribers.c, dict[str, datetime]()
    for some in parts(keys - {""}):
        again = one.address_key.in_(some) & one.unsuppressed_at.is_not(None)
        found.update(
            (key, at) for key, at in connection.execute(select(one.address_key, one.unsuppressed_at).where(again))
        )
    return found


def _left(connection: Connection, spoken: Sequence[Spoken]) -> dict[tuple[int, int], datetime]:
    """Return when the mailings of some deliveries left."""
    places = {item.place for item in spoken if item.place}
    query = select(mailings.c.id, _LEFT).where(mailings.c.id.in_(sorted({mailing for mailing, _ in places})))
    left = dict(connection.execute(query).all()) if places else {}
    return {place: left[place[0]] for place in places}


def _known(connection: Connection, keys: set[str]) -> set[str]:
    """Return which addresses are subscribers': others are not ours to keep."""
    one, found = subscribers.c.address_key, set[str]()
    for some in parts(keys - {""}):
        found.update(connection.scalars(select(one).where(one.in_(some))))
    return found


def _write(connection: Connection, rows: Mapping[str, Mapping[str, Any]]) -> None:
    if not rows:
        return
    added = insert(connection, suppressions)
    old, new = suppressions.c, added.excluded
    graver = _gravity(new.reason, new.source) > _gravity(old.reason, old.source)
    alike = _gravity(new.reason, new.source) == _gravity(old.reason, old.source)
    earlier = (new.created_at < old.created_at) | ((new.created_at == old.created_at) & (new.source < old.source))
    run = _gravity(new.reason, new.source) == _SOFT_RUN
    connection.execute(
        added.on_conflict_do_update(
            index_elements=["address_key"],
            set_={"reason": new.reason, "source": new.source, "created_at": new.created_at},
            where=graver | (alike & (earlier | run)),
        ),
        [rows[key] for key in sorted(rows)],
    )


def _gravity(reason: ColumnElement[str], source: ColumnElement[str]) -> ColumnElement[int]:
    return case(
        (reason == Suppression.COMPLAINT.value, literal(_COMPLAINT)),
        ((reason == Suppression.BOUNCE.value) & source.endswith(_SOFT, autoescape=True), literal(_SOFT_RUN)),
        (reason == Suppression.BOUNCE.value, literal(_BOUNCE)),
        else_=literal(_BY_PEOPLE),
    )


def _look_at_runs(connection: Connection, spoken: Sequence[Spoken], tracking: TrackingSettings) -> None:
    """Suppress who had only soft bounces for some mailings, and take that back where one of them arrived after all."""
    soft = {item.place[1]: item.address_key for item in spoken if item.place and item.event.bounce is Bounce.SOFT}
    better = {
        item.place[1]: item.address_key
        for item in spoken
        if item.place and item.event.arrival in {Arrival.DELIVERED, Arrival.HARD_BOUNCED}
    }
    run_out = _run_out(connection, better.values())
    concerned = soft | {subscriber: key for subscriber, key in better.items() if key in run_out}
    suppressed, arrived = {}, []
    for subscriber, run in _runs(connection, concerned).items():
        key = concerned[subscriber]
        if not key:
            continue
        if len(run) >= tracking.soft_bounces:
            suppressed[key] = {
                "address_key": key,
                "reason": Suppression.BOUNCE.value,
                "source": f"{tracking.soft_bounces} {_SOFT}",
                "created_at": run[0],
            }
        else:
            arrived.append(key)
    _write(connection, suppressed)
    _take_back(connection, arrived)


def _take_back(connection: Connection, keys: Iterable[str]) -> None:
    """Let those be written to again who were suppressed because of a run."""
    for key in sorted(keys):
        connection.execute(
            delete(suppressions).where(
                suppressions.c.address_key == key,
                suppressions.c.reason == Suppression.BOUNCE.value,
                suppressions.c.source.endswith(_SOFT, autoescape=True),
            )
        )


def _run_out(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Return which addresses are suppressed because of a run of soft bounces."""
    found = set[str]()
    for some in parts({*keys} - {""}):
        run_out = select(suppressions.c.address_key).where(
            suppressions.c.address_key.in_(some),
            suppressions.c.reason == Suppression.BOUNCE.value,
            suppressions.c.source.endswith(_SOFT, autoescape=True),
        )
        found.update(connection.scalars(run_out))
    return found


def _runs(connection: Connection, wanted: Collection[int]) -> dict[int, list[datetime]]:
    """Return when the latest mailings left that came back softly, the newest first, up to one that arrived.

    Of a reader whom the team has decided to write to again, those that left since.
    """
    runs: dict[int, list[datetime]] = {subscriber: [] for subscriber in wanted}
    ended: set[int] = set()
    for some in parts(wanted):
        rows = connection.execute(
            select(arrivals.c.subscriber_id, arrivals.c.state, _LEFT.label("left"))
            .join(mailings, mailings.c.id == arrivals.c.mailing_id)
            .join(subscribers, subscribers.c.id == arrivals.c.subscriber_id)
            .where(
                arrivals.c.subscriber_id.in_(some),
                subscribers.c.unsuppressed_at.is_(None) | (subscribers.c.unsuppressed_at < _LEFT),
            )
            # Several may be scheduled at once, and the last one first.
            .order_by(arrivals.c.subscriber_id, _LEFT.desc(), arrivals.c.mailing_id.desc())
        )
        for subscriber, state, left_at in rows:
            if state in {Arrival.DELIVERED.value, Arrival.HARD_BOUNCED.value}:
                ended.add(subscriber)
            elif state == Arrival.SOFT_BOUNCED.value and subscriber not in ended:
                runs[subscriber].append(left_at)
    return runs


def _unsubscribe(connection: Connection, spoken: Sequence[Spoken]) -> None:
    """Take readers off the lists of the mailing, unless they agreed again since."""
    leaving = [item for item in spoken if item.event.kind is EventKind.UNSUBSCRIBED and item.place]
    names = _lists_of(connection, {item.place[0] for item in leaving if item.place})
    rows: dict[tuple[int, int], list[tuple[datetime, str]]] = defaultdict(list)
    for item in leaving:
        if item.place:
            for number in names[item.place[0]]:
                rows[number, item.place[1]].append((stored(item.happened_at), _TOLD + item.provider))
    for (number, subscriber), told in sorted(rows.items()):
        at, source = max(told)
        by_event = (consents.c.state == Consent.UNSUBSCRIBED.value) & consents.c.source.startswith(
            _TOLD, autoescape=True
        )
        open_ = consents.c.state != Consent.UNSUBSCRIBED.value
        later = (consents.c.changed_at < at) | ((consents.c.changed_at == at) & (consents.c.source < source))
        connection.execute(
            update(consents)
            .where(
                consents.c.list_id == number,
                consents.c.subscriber_id == subscriber,
                (open_ & (consents.c.changed_at <= at)) | (by_event & later),
            )
            .values(state=Consent.UNSUBSCRIBED.value, source=source, changed_at=at)
        )


def _lists_of(connection: Connection, wanted: set[int]) -> dict[int, list[int]]:
    if not wanted:
        return {}
    known = dict(connection.execute(select(lists.c.name, lists.c.id)).all())
    rows = connection.execute(select(mailings.c.id, mailings.c.lists).where(mailings.c.id.in_(sorted(wanted))))
    return {mailing: [known[name] for name in names if name in known] for mailing, names in rows}
