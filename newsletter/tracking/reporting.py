"""What became of an issue, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from newsletter.config import TrackingSettings
from newsletter.model.event import Arrival, EventKind
from newsletter.store import Database
from newsletter.store.schema import arrivals, events
from newsletter.tracking.recording import OUR_LINKS

_READERS = ("complained", "unsubscribed", "opened", "clicked")
ARRIVALS = {
    Arrival.DELIVERED: "delivered, by the provider's word",
    Arrival.ACCEPTED: "accepted, not yet delivered",
    Arrival.DEFERRED: "deferred, still being tried",
    Arrival.SOFT_BOUNCED: "came back for now (full, out of reach)",
    Arrival.BLOCKED: "refused by a policy, the address may be fine",
    Arrival.HARD_BOUNCED: "came back for good, no such address",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Deliveries that came back for the same reason."""

    bounce: str
    code: str
    count: int
    example: str
    """What one of the servers said."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A link of the issue, and how often it was followed."""

    link: str
    clicks: int
    """Without those that the provider itself takes for a program's."""
    by_machines: int
    readers: int
    """Who followed it; none where clicks are only counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """The deliveries of some mailings by how far they came, and what readers did."""

    arrived: dict[Arrival, int]
    """Each delivery stands in one state, the furthest that is known."""
    readers: dict[str, int]
    """How many readers complained, left, opened, clicked; the last two only where they are recorded."""
    told: dict[EventKind, int]
    """How many events there were of each kind: one reader may open ten times."""
    by_machines: dict[EventKind, int]
    """How many of them the provider itself takes for a program's: they are told beside the others, never among them."""
    reasons: tuple[Reason, ...]
    links: tuple[Followed, ...]
    """What readers followed, the most first."""

    @property
    def spoken_of(self) -> int:
        """How many deliveries anything is known of."""
        return sum(self.arrived.values())

    def by_people(self, kind: EventKind) -> int:
        """Return how many events there were that the provider does not take for a program's."""
        return self.told.get(kind, 0) - self.by_machines.get(kind, 0)

    @property
    def unlinked(self) -> int:
        """How many clicks of people are on none of the links: their own are not kept."""
        return self.by_people(EventKind.CLICKED) - sum(one.clicks for one in self.links)

    @property
    def tells(self) -> bool:
        """Whether anything was told of them."""
        return bool(self.spoken_of or self.told)

    def arrivals(self, accepted: int) -> list[tuple[str, int]]:
        """Return how many deliveries came how far, in words; together they are the `accepted` ones."""
        rows = [(words, self.arrived[state]) for state, words in ARRIVALS.items()]
        return [row for row in (*rows, ("nothing told yet", accepted - self.spoken_of)) if row[1] > 0]

    def reactions(self, settings: TrackingSettings) -> list[tuple[str, str]]:
        """Return what readers did and how often, in words; who opened and clicked only where `settings` record it."""
        rows = [
            ("called it spam", f"{self.readers['complained']:,}"),
            ("left by a link in it", f"{self.readers['unsubscribed']:,}"),
        ]
        for kind, words, recorded in (
            (EventKind.OPENED, "opens", settings.opens),
            (EventKind.CLICKED, "clicks", settings.clicks),
        ):
            machines = self.by_machines.get(kind, 0)
            people = f", by {self.readers[kind.value]:,} readers" if recorded else ""
            robots = f"; {machines:,} more by programs, says the provider" if machines else ""
            rows.append((f"{words}, an estimate", f"{self.by_people(kind):,}{people}{robots}"))
        return rows

    def as_json(self) -> dict[str, Any]:
        """Return what `report --json` prints below `tracking`."""
        return {
            "spoken_of": self.spoken_of,
            "arrived": {str(state): count for state, count in self.arrived.items()},
            "readers": self.readers,
            "opens": self.by_people(EventKind.OPENED),
            "clicks": self.by_people(EventKind.CLICKED),
            "events": {str(kind): count for kind, count in self.told.items()},
            "events_by_machines": {str(kind): count for kind, count in self.by_machines.items()},
            "bounces": [
                {"bounce": reason.bounce, "code": reason.code, "count": reason.count, "example": reason.example}
                for reason in self.reasons
            ],
            "links": [
                {"link": one.link, "clicks": one.clicks, "by_machines": one.by_machines, "readers": one.readers}
                for one in self.links
            ],
        }


def report(database: Database, *mailings: int) -> Report:
    """Count what is known of some mailings together, such as all of an issue."""
    with database.reading() as connection:
        told, by_machines = _told(connection, mailings)
        return Report(
            arrived=_arrived(connection, mailings),
            readers=_readers(connection, mailings),
            told=told,
            by_machines=by_machines,
            reasons=_reasons(connection, mailings),
            links=_links(connection, mailings),
        )


def _arrived(connection: Connection, mailings: Sequence[int]) -> dict[Arrival, int]:
    # Not grouped: SQLite would sort a million rows for that.
    counts = [func.count().filter(arrivals.c.state == state.value) for state in Arrival]
    row = connection.execute(select(*counts).where(arrivals.c.mailing_id.in_(mailings))).one()
    return dict(zip(Arrival, row, strict=True))


def _readers(connection: Connection, mailings: Sequence[int]) -> dict[str, int]:
    columns = [func.count().filter(arrivals.c[name]).label(name) for name in _READERS]
    row = connection.execute(select(*columns).where(arrivals.c.mailing_id.in_(mailings))).one()
    by_our_links = connection.scalar(
        select(func.count()).where(
            events.c.mailing_id.in_(mailings),
            events.c.kind == EventKind.UNSUBSCRIBED.value,
            events.c.provider == OUR_LINKS,
        )
    )
    counts = {name: getattr(row, name) for name in _READERS}
    return {**counts, "unsubscribed": counts["unsubscribed"] + (by_our_links or 0)}


def _told(connection: Connection, mailings: Sequence[int]) -> tuple[dict[EventKind, int], dict[EventKind, int]]:
    """Return how many events there were of each kind, and how many of them by programs."""
    rows = connection.execute(
        select(events.c.kind, func.count(), func.count().filter(events.c.by_machine))
        .where(events.c.mailing_id.in_(mailings))
        .group_by(events.c.kind)
    )
    counts = {kind: (number, machines) for kind, number, machines in rows}
    told = {kind: counts[kind.value] for kind in EventKind if kind.value in counts}
    return (
        {kind: number for kind, (number, _) in told.items()},
        {kind: machines for kind, (_, machines) in told.items() if machines},
    )


def _reasons(connection: Connection, mailings: Sequence[int]) -> tuple[Reason, ...]:
    number = func.count(events.c.subscriber_id.distinct())
    rows = connection.execute(
        select(events.c.bounce, events.c.code, number, func.min(events.c.reason))
        .where(events.c.mailing_id.in_(mailings), events.c.kind == EventKind.BOUNCED.value)
        .group_by(events.c.bounce, events.c.code)
        # Of people who were erased it is no longer known that it was they.
        .having(number > 0)
        .order_by(number.desc(), events.c.bounce, events.c.code)
    )
    return tuple(Reason(*row) for row in rows)


def _links(connection: Connection, mailings: Sequence[int]) -> tuple[Followed, ...]:
    people = events.c.subscriber_id.distinct()
    rows = connection.execute(
        select(
            events.c.link,
            func.count().filter(~events.c.by_machine),
            func.count().filter(events.c.by_machine),
            func.count(people).filter(~events.c.by_machine),
        )
        .where(events.c.mailing_id.in_(mailings), events.c.kind == EventKind.CLICKED.value, events.c.link != "")
        .group_by(events.c.link)
    )
    links = (Followed(*row) for row in rows)
    return tuple(sorted(links, key=lambda one: (-one.clicks, -one.by_machines, one.link)))
