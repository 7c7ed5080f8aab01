"""What feeds say of events and of studies alone."""

from __future__ import annotations

from datetime import date

import pytest

from newsletter.model.offer import Offer
from tests.content.sources.test_feeds import read

CHANNEL = """<rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"
xmlns:xcal="urn:ietf:params:xml:ns:xcal" xmlns:mec="http://webnus.net/rss/mec/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/2.0/basic/">
<channel><title>x</title><item><title>Open day</title><link>https://www.example.org/1</link>{}</item></channel></rss>"""


def one(told: str) -> Offer:
    """Return what a feed with a single item offers."""
    (offer,) = read(CHANNEL.format(told))
    return offer


def test_what_begins_and_ends_is_an_event() -> None:
    """TYPO3 has the day on which one begins for that of its publication, which nobody knows then."""
    offer = one(
        "<pubDate>Tue, 10 Sep 2024 09:00:00 +0200</pubDate><ev:startdate>2024-09-10T09:00:00+02:00</ev:startdate>"
        "<ev:enddate>2024-09-11T15:00:00Z</ev:enddate><ev:location>Vienna &amp;amp; online</ev:location>"
    )
    told = {"start": "2024-09-10T09:00", "end": "2024-09-11T17:00", "place": "Vienna & online"}
    assert (offer.type, offer.day, offer.fields) == ("event", None, told)


@pytest.mark.parametrize(
    ("told", "fields"),
    [
        ("<ev:startdate>20240910T090000Z</ev:startdate>", {"start": "2024-09-10T11:00"}),
        ("<ev:startdate>2024-09-10T07:00:00.0000000Z</ev:startdate>", {"start": "2024-09-10T09:00"}),
        ("<ev:startdate>Tue, 10 Sep 2024 09:00:00 +0200</ev:startdate>", {"start": "2024-09-10T09:00"}),
        (
            '<ev:meta xmlns:ev="Event"><ev:startdate>2024-09-10 09:00:00</ev:startdate></ev:meta>',
            {"start": "2024-09-10T09:00"},
        ),
        (
            "<ev:startdate>2024-09-10T00:00:00+02:00</ev:startdate><ev:enddate>2024-09-11T23:59:00+02:00</ev:enddate>",
            {"start": "2024-09-10", "end": "2024-09-11"},
        ),
        (
            "<ev:startdate>2024-09-10T00:00:00Z</ev:startdate><ev:enddate>2024-09-12T00:00:00Z</ev:enddate>",
            {"start": "2024-09-10", "end": "2024-09-12"},
        ),
        (
            "<ev:startdate>2024-09-10T00:00:00Z</ev:startdate><ev:enddate>2024-09-10T03:30:00Z</ev:enddate>",
            {"start": "2024-09-10T02:00", "end": "2024-09-10T05:30"},
        ),
        (
            "<xcal:dtstart>2024-09-10</xcal:dtstart><xcal:location>Hall</xcal:location>",
            {"start": "2024-09-10", "place": "Hall"},
        ),
        (
            "<xcal:dtstart>20240910</xcal:dtstart><xcal:dtend>20240912</xcal:dtend>",
            {"start": "2024-09-10", "end": "2024-09-12"},
        ),
        (
            "<mec:startDate>2024-09-10</mec:startDate><mec:endDate>2024-09-12</mec:endDate>",
            {"start": "2024-09-10", "end": "2024-09-12"},
        ),
    ],
)
def test_days_of_events_are_read_as_systems_write_them(told: str, fields: dict[str, str]) -> None:
    """In the newsletter's zone; what is published on another day keeps that."""
    offer = one(f"<pubDate>Mon, 01 Jul 2024 08:00:00 +0000</pubDate>{told}")
    assert (offer.type, offer.day, offer.fields) == ("event", date(2024, 7, 1), fields)


def test_a_beginning_that_nobody_can_tell_is_left_out() -> None:
    """The Events Calendar names no year; the draft asks for the day."""
    offer = one(
        "<ev:startdate>September 3 @ 8:00 am</ev:startdate><ev:enddate>2024-09-04</ev:enddate>"
        "<ev:location>Hall</ev:location>"
    )
    assert (offer.type, offer.fields) == ("event", {"place": "Hall"})


def test_a_journal_tells_authors_and_doi() -> None:
    """One name alone, without a DOI, may be of whoever put a page on the web."""
    names = "<dc:creator>Lovelace, Ada</dc:creator><dc:creator>Bo Example</dc:creator>"
    assert one(f"{names}<prism:doi>10.1234/j.12</prism:doi>").fields == {
        "authors": "Ada Lovelace\nBo Example",
        "doi": "10.1234/j.12",
    }
    assert one("<dc:creator>Ada</dc:creator><dc:identifier>doi:10.1234/j.1</dc:identifier>").fields == {
        "authors": "Ada",
        "doi": "10.1234/j.1",
    }
    assert one("<dc:creator>editor</dc:creator>").fields == {}


def test_two_authors_are_those_of_a_study() -> None:
    """Without a DOI too; names in one piece, or of several parts, stay as they are, and one without letters is none."""
    names = ("Ada Lovelace", "Grace Hopper", "", "Example, Bo, Jr.")
    told = "".join(f"<dc:creator>{name}</dc:creator>" for name in names)
    assert one(told).fields == {"authors": "Ada Lovelace\nGrace Hopper\nExample, Bo, Jr."}
