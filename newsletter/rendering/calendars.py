"""Events as files that calendar programs take in (RFC 5545)."""

from __future__ import annotations

import datetime as dt

from newsletter.model.entry import Event
from newsletter.model.moment import Moment


def calendar_file(event: Event, title: str, url: str, place: str, *, stamp: dt.datetime, domain: str) -> bytes:
    """Return an event as an iCalendar file; `stamp` is when it was written, so that no clock is asked."""
    from icalendar import Calendar
    from icalendar import Event as Item

    item = Item()
    item.add("uid", f"{event.id}@{domain}")
    item.add("dtstamp", stamp.astimezone(dt.UTC))
    item.add("summary", title)
    item.add("dtstart", _value(event.start))
    item.add("dtend", _end(event))
    if place:
        item.add("location", place)
    if url:
        item.add("url", url)
    calendar = Calendar()
    calendar.add("prodid", "-//newsletter//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(item)
    return bytes(calendar.to_ical())


def _value(moment: Moment) -> dt.date | dt.datetime:
    # In UTC, so that no time zone need be described in the file.
    return moment.day if moment.whole_day else moment.at.astimezone(dt.UTC)


def _end(event: Event) -> dt.date | dt.datetime:
    """Return the end as calendars mean it: the day after the last one, or an hour's length where nobody said."""
    if event.start.whole_day:
        return (event.end or event.start).day + dt.timedelta(days=1)
    start = event.start.at.astimezone(dt.UTC)
    end = event.end.at.astimezone(dt.UTC) if event.end else start
    # One that ends when it starts has no end either: calendars want a later one (RFC 5545, 3.8.2.2).
    return end if end > start else start + dt.timedelta(hours=1)
