"""Events as files for calendar programs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from newsletter.rendering import render
from newsletter.rendering.calendars import calendar_file
from tests import factories as make
from tests.rendering.conftest import READER

STAMP = dt.datetime(2024, 7, 28, 9, 0, tzinfo=make.ZONE)


def item(**fields: Any) -> dict[str, Any]:
    """Return what a calendar program reads of an event's file."""
    event = make.event(id="school", **fields)
    file = calendar_file(event, event.title, event.url or "", event.place or "", stamp=STAMP, domain="example.org")
    (component,) = Calendar.from_ical(file.decode()).walk("VEVENT")
    return {str(name): getattr(value, "dt", value) for name, value in component.items()}


def test_days_last_until_the_next_morning() -> None:
    """Calendars count the end as the day after the last one (RFC 5545, 3.6.1)."""
    assert item(start="2024-09-11", end="2024-09-12") == {
        "UID": "school@example.org",
        "DTSTAMP": dt.datetime(2024, 7, 28, 7, 0, tzinfo=dt.UTC),
        "SUMMARY": "International Summer School on Migration 2024",
        "DTSTART": dt.date(2024, 9, 11),
        "DTEND": dt.date(2024, 9, 13),
        "LOCATION": "Kachreti, Georgia",
        "URL": "https://www.example.org/events/summer-school",
    }


def test_times_are_told_in_utc() -> None:
    """The newsletter's zone is not lost, and no zone need be described."""
    found = item(start="2024-09-11T10:00", end="2024-09-11T12:30")
    assert found["DTSTART"] == dt.datetime(2024, 9, 11, 8, 0, tzinfo=dt.UTC)
    assert found["DTEND"] == dt.datetime(2024, 9, 11, 10, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("end", [None, "2024-10-27T02:30"])
def test_what_has_no_length_lasts_an_hour(end: str | None) -> None:
    """Calendars refuse an end that is no later than the start; this hour is that in which clocks are set back."""
    found = item(start="2024-10-27T02:30", end=end)
    assert found["DTSTART"] == dt.datetime(2024, 10, 27, 0, 30, tzinfo=dt.UTC)
    assert found["DTEND"] == dt.datetime(2024, 10, 27, 1, 30, tzinfo=dt.UTC)


def test_the_place_is_told_in_the_language_of_the_edition(tmp_path: Path) -> None:
    """As the title is, and as the email itself says it."""
    words = {"title": "Sommerschule", "place": "Katschreti, Georgien"}
    event = make.event(translations={"de": words}, start="2024-09-11", end=None)
    workspace = make.workspace(tmp_path, public_url="https://news.example.org")
    (file,) = render(make.selection((make.section("Events", "event"), [event])), workspace, "de").hosted
    (component,) = Calendar.from_ical(file.data.decode()).walk("VEVENT")
    assert (component["SUMMARY"], component["LOCATION"]) == ("Sommerschule", "Katschreti, Georgien")


def test_a_title_can_be_no_property() -> None:
    """Line breaks, semicolons and commas stay within the title."""
    found = item(title="One; two, three: four", end=None, place=None)
    assert found["SUMMARY"] == "One; two, three: four"
    assert "LOCATION" not in found


@pytest.mark.parametrize(
    ("start", "public_url", "offered"),
    [
        ("2024-09-11", "https://news.example.org", 1),
        ("2024-07-28", "https://news.example.org", 1),
        ("2024-07-28T08:59", "https://news.example.org", 0),
        ("2024-07-27", "https://news.example.org", 0),
        ("2024-09-11", None, 0),
    ],
)
def test_only_what_is_to_come_is_offered_and_only_where_it_can_be_fetched(
    tmp_path: Path, start: str, public_url: str | None, offered: int
) -> None:
    """The link stands in HTML and text, and its file is among those that `public_url` must show."""
    event = make.event(start=start, end=None)
    chosen = make.selection((make.section("Events", "event"), [event]))
    edition = render(chosen, make.workspace(tmp_path, public_url=public_url), "en")
    files = [file for file in edition.hosted if file.media_type == "text/calendar"]
    assert len(files) == offered
    for file in files:
        address = f"{public_url}/images/{file.name}".encode()
        assert address in edition.html.fill({"unsubscribe_url": "https://e.example", "view_url": "https://e.example"})
        assert address in edition.text.fill({"unsubscribe_url": "https://e.example", "view_url": "https://e.example"})


def test_the_text_part_has_one_empty_line_before_the_file(tmp_path: Path) -> None:
    """Two would look like the next event."""
    workspace = make.workspace(tmp_path, public_url="https://news.example.org")
    events = [make.event(id="a", start="2024-09-11", end="2024-09-12"), make.event(id="b"), make.event(id="c")]
    text = render(make.selection((make.section("Events", "event"), events)), workspace, "en").text.fill(READER).decode()
    first, second, _ = text.split("International Summer School on Migration 2024\n")[1:]
    assert "https://www.example.org/events/summer-school\n\nAdd to your calendar:\n" in first
    assert second.endswith("https://www.example.org/events/summer-school\n\n\n")
