"""The order in which events come, how often, and in what groups makes no difference."""

from __future__ import annotations

import atexit
import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from newsletter.config import TrackingSettings
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.store import Database, schema
from newsletter.tracking import record_events
from tests import factories
from tests.databases import open_ready
from tests.sending import making as sending
from tests.tracking import making as make

PEOPLE = ("anna@example.org", "ben@example.org", "cleo@example.org")
ISSUES = ("2024-05", "2024-06", "2024-07")
KINDS = st.sampled_from([kind for kind in EventKind if kind is not EventKind.OTHER])
LATER = make.NOW + dt.timedelta(days=1)
TRACKING = TrackingSettings(opens=True, clicks=True, soft_bounces=2)


class Book:
    """A database with three issues to three people, one of them in doubt; it starts anew as often as wanted."""

    def __init__(self) -> None:
        folder = TemporaryDirectory(prefix="newsletter-")
        atexit.register(folder.cleanup)
        self.database: Database = open_ready(factories.workspace(Path(folder.name)))
        self.tokens = [
            token
            for issue in ISSUES
            for token in make.sent(self.database, PEOPLE, issue=issue, state="unknown").values()
        ]

    def play(self, groups: Sequence[Sequence[Event]]) -> dict[str, list[Any]]:
        """Record groups of events in their order and return how everything stands then."""
        with self.database.writing() as connection:
            for table in (schema.events, schema.arrivals, schema.suppressions):
                connection.execute(delete(table))
            connection.execute(update(schema.deliveries).values(state="unknown", detail=""))
            connection.execute(update(schema.batches).values(state="held", finished_at=None))
            connection.execute(update(schema.mailings).values(state="partly sent"))
            start = make.NOW.replace(tzinfo=None)
            connection.execute(update(schema.consents).values(state="confirmed", source="form", changed_at=start))
        sending.suppress(self.database, PEOPLE[2], "by hand")
        for group in groups:
            record_events(self.database, "main", group, TRACKING, now=LATER)
        events = schema.events.c
        with self.database.reading() as connection:
            wanted = {
                "events": [events.key, events.kind, events.bounce, events.mailing_id, events.subscriber_id],
                "arrivals": list(schema.arrivals.c),
                "suppressions": list(schema.suppressions.c),
                "consents": list(schema.consents.c),
                "deliveries": list(schema.deliveries.c),
                "batches": [schema.batches.c.id, schema.batches.c.state],
                "mailings": [schema.mailings.c.id, schema.mailings.c.state],
            }
            return {name: sorted(map(repr, connection.execute(select(*columns)))) for name, columns in wanted.items()}


@cache
def book() -> Book:
    """Return the one that all examples share."""
    return Book()


@st.composite
def told(draw: st.DrawFn) -> Event:
    """Draw an event of one of the deliveries, before or after the readers' consent."""
    kind = draw(KINDS)
    minutes = draw(st.integers(-3, 3))
    bounce = draw(st.sampled_from(Bounce)) if kind is EventKind.BOUNCED else None
    place = draw(st.integers(0, len(book().tokens) - 1))
    return Event(
        kind,
        # Two events of the same key are the same event.
        f"{place} {kind} {minutes} {bounce}",
        book().tokens[place],
        at=make.NOW + dt.timedelta(minutes=minutes),
        bounce=bounce,
        code={Bounce.HARD: "5.1.1", Bounce.SOFT: "4.2.2", Bounce.BLOCK: "5.7.1", None: ""}[bounce],
    )


@st.composite
def two_ways(draw: st.DrawFn) -> tuple[list[list[Event]], list[list[Event]]]:
    """Draw some events, told in two orders and groupings, with some of them told again."""
    events = draw(st.lists(told(), min_size=1, max_size=12))

    def way() -> list[list[Event]]:
        line = draw(st.permutations(events + draw(st.lists(st.sampled_from(events), max_size=4))))
        groups: list[list[Event]] = [[]]
        for event in line:
            if draw(st.booleans()):
                groups.append([])
            groups[-1].append(event)
        return groups

    return way(), way()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(two_ways())
def test_any_order_and_repetition_ends_in_the_same_state(ways: tuple[list[list[Event]], list[list[Event]]]) -> None:
    """Deliveries, batches, mailings, arrivals, suppressions and consents are those of the set of events."""
    one, two = ways
    assert book().play(one) == book().play(two)
