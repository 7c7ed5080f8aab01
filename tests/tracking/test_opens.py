"""Opens and clicks: counted, and told of nobody unless a team wants more."""

from __future__ import annotations

import datetime as dt

from newsletter.config import TrackingSettings
from newsletter.model.event import EventKind
from newsletter.store import Database, schema
from newsletter.tracking import record_events
from tests.tracking import making as make
from tests.tracking.test_recording import ANNA, rows, tell


def test_opens_and_clicks_are_only_counted_unless_a_team_wants_more(database: Database) -> None:
    """Neither the reader nor the time of day is kept."""
    token = make.sent(database)[ANNA]
    at = make.NOW + dt.timedelta(minutes=41, seconds=7, microseconds=5)
    told = [
        make.event(EventKind.OPENED, delivery=token, key="1", at=at),
        make.event(EventKind.CLICKED, delivery=token, key="2", at=at),
    ]
    record_events(database, "main", told, TrackingSettings(), now=at)
    table = schema.events.c
    day = dt.datetime(2024, 7, 28)
    assert rows(database, table.kind, table.mailing_id, table.subscriber_id, table.happened_at, table.received_at) == [
        ("clicked", 1, None, day, day),
        ("opened", 1, None, day, day),
    ]
    flags = rows(database, schema.arrivals.c.opened, schema.arrivals.c.clicked)
    assert [tuple(map(bool, row)) for row in flags] == [(False, False)]
    tell(
        database,
        make.event(EventKind.OPENED, delivery=token, key="3"),
        settings=TrackingSettings(opens=True, clicks=False),
    )
    flags = rows(database, schema.arrivals.c.opened, schema.arrivals.c.clicked)
    assert [tuple(map(bool, row)) for row in flags] == [(True, False)]
    assert ("opened", 1, 1) in rows(database, table.kind, table.mailing_id, table.subscriber_id)


def test_what_a_program_opened_is_no_readers_doing(database: Database) -> None:
    """A reader whose scanner follows every link has clicked on nothing, until they do it themselves; who left, has."""
    token = make.sent(database)[ANNA]
    everything = TrackingSettings(opens=True, clicks=True)
    scanned = [
        make.event(kind, delivery=token, key=kind.value, by_machine=True)
        for kind in (EventKind.OPENED, EventKind.CLICKED)
    ]
    tell(database, *scanned, settings=everything)
    flags = rows(database, schema.arrivals.c.state, schema.arrivals.c.opened, schema.arrivals.c.clicked)
    assert flags == [("delivered", False, False)]
    tell(database, make.event(EventKind.CLICKED, delivery=token, key="own"), settings=everything)
    tell(database, make.event(EventKind.UNSUBSCRIBED, delivery=token, key="left", by_machine=True), settings=everything)
    flags = rows(database, schema.arrivals.c.opened, schema.arrivals.c.clicked, schema.arrivals.c.unsubscribed)
    assert flags == [(False, True, True)]
