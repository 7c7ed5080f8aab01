"""What readers read: by entry, by type, over several mailings."""

from __future__ import annotations

import datetime as dt

from newsletter import tracking
from newsletter.config import TrackingSettings
from newsletter.model.entry import Entry, News, Study, Translation
from newsletter.model.event import Arrival, EventKind
from newsletter.store import Database
from newsletter.tracking.popularity import Kind, Popular, by_entry, by_type
from newsletter.tracking.reporting import Followed, Report
from tests.tracking import making as make

WELLS = News(
    id="wells",
    title="New wells",
    url="https://www.example.org/wells",
    translations={"fr": Translation(title="Des puits", url="https://www.example.org/fr/puits")},
)
STUDY = Study(id="study", title="A study", url="https://www.example.org/study", doi="10.1234/abcd")
BARE = News(id="bare", title="Without a page")
ENTRIES: tuple[Entry, ...] = (WELLS, STUDY, BARE)


def clicks(*links: str, machine: bool = False) -> list[dict[str, object]]:
    """Return what tells of clicks on links."""
    return [{"link": link, "by_machine": machine} for link in links]


def told(database: Database, settings: TrackingSettings, some: list[dict[str, object]], readers: int = 1) -> Report:
    """Send a mailing, let its readers follow links in turn, and return the report."""
    tokens = list(make.sent(database, [f"reader{number}@example.org" for number in range(readers)]).values())
    events = [
        make.event(EventKind.CLICKED, delivery=tokens[n % readers], key=f"c{n}", **one) for n, one in enumerate(some)
    ]
    tracking.record_events(database, "main", events, settings, now=make.NOW + dt.timedelta(hours=1))
    return tracking.report(database, 1)


def test_links_are_counted_for_the_issue(database: Database) -> None:
    """Whose they are is not kept; what a program followed is counted apart, and what has no link is a click alone."""
    some = [
        *clicks("https://www.example.org/a", "https://www.example.org/b", "https://www.example.org/b", ""),
        *clicks("https://www.example.org/a", machine=True),
    ]
    report = told(database, TrackingSettings(), some, readers=2)
    assert report.links == (
        Followed("https://www.example.org/b", 2, 0, 0),
        Followed("https://www.example.org/a", 1, 1, 0),
    )
    assert (report.told[EventKind.CLICKED], report.by_people(EventKind.CLICKED)) == (5, 4)


def test_readers_are_counted_where_clicks_are_recorded(database: Database) -> None:
    """One who follows a link three times is one."""
    some = clicks(*["https://www.example.org/a"] * 5)
    assert told(database, TrackingSettings(clicks=True), some, readers=2).links == (
        Followed("https://www.example.org/a", 5, 0, 2),
    )


def test_clicks_are_told_by_the_entry_that_they_led_to() -> None:
    """In any language and spelling of its address, by its DOI as well; a link that leads to none is told itself."""
    links = [
        Followed("http://example.org/wells/#more", 2, 1, 1),
        Followed("https://www.example.org/fr/puits", 3, 0, 2),
        Followed("https://doi.org/10.1234/abcd", 4, 0, 0),
        Followed("https://elsewhere.example/", 4, 0, 0),
        Followed("https://www.example.org/study", 0, 9, 0),
    ]
    assert by_entry(links, ENTRIES) == (
        Popular("New wells", "news", "wells", "http://example.org/wells/#more", 5, 1, 3),
        Popular("A study", "study", "study", "https://doi.org/10.1234/abcd", 4, 9, 0),
        Popular("https://elsewhere.example/", "", "", "https://elsewhere.example/", 4, 0, 0),
    )


def test_a_calendar_file_is_a_link_of_its_event() -> None:
    """One of an event that the issue does not show any more is told as it is."""
    links = [
        Followed("https://news.example.org/images/0a.ics", 2, 1, 0),
        Followed("https://www.example.org/wells", 1, 0, 0),
        Followed("https://news.example.org/images/0b.ics", 1, 0, 0),
    ]
    old = "https://news.example.org/images/0b.ics"
    assert by_entry(links, ENTRIES, {"0a.ics": "wells", "0b.ics": "old"}) == (
        Popular("New wells", "news", "wells", "https://news.example.org/images/0a.ics", 3, 1, 0),
        Popular(old, "", "", old, 1, 0, 0),
    )


def test_types_are_told_by_clicks_for_each_entry() -> None:
    """What has no page to read on counts for nothing; a type that nobody read is told as well."""
    popular = by_entry([Followed("https://www.example.org/study", 6, 0, 0)], ENTRIES)
    issues = [(ENTRIES, popular), ((STUDY, WELLS), ()), ((), ())]
    assert by_type(issues) == (Kind("study", 2, 6), Kind("news", 2, 0))
    assert by_type(issues)[0].each == 3.0


def test_several_mailings_are_one_issue(database: Database) -> None:
    """What was told of them is counted together, link by link and reader by reader."""
    first = make.sent(database, ["anna@example.org", "ben@example.org"])["anna@example.org"]
    second = list(make.sent(database, ["anna@example.org", "cleo@example.org"]).values())
    links = [(first, "a"), (second[0], "a"), (second[1], "b"), (second[1], "")]
    told = [
        make.event(EventKind.CLICKED, delivery=token, key=f"c{n}", link=link and f"https://www.example.org/{link}")
        for n, (token, link) in enumerate(links)
    ]
    told += [make.event(EventKind.BOUNCED, delivery=first, key="b")]
    tracking.record_events(database, "main", told, TrackingSettings(clicks=True), now=make.NOW)
    report = tracking.report(database, 1, 2)
    assert report.links == (
        Followed("https://www.example.org/a", 2, 0, 1),
        Followed("https://www.example.org/b", 1, 0, 1),
    )
    assert (report.told[EventKind.CLICKED], report.readers["clicked"], report.unlinked) == (4, 3, 1)
    assert (report.arrived[Arrival.HARD_BOUNCED], report.arrived[Arrival.DELIVERED]) == (1, 2)
    assert [reason.count for reason in report.reasons] == [1]
