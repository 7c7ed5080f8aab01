"""Single pages: news, events and studies as their sites describe them to search engines and catalogues."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.sources import pages
from newsletter.model.offer import Offer

VIENNA = ZoneInfo("Europe/Vienna")
AT = "https://www.example.org/news/wells?utm_campaign=x&lang=en#top"

NEWS = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Wells | Example</title>
<meta property="og:site_name" content="Example"><meta property="og:title" content="New wells &amp; pumps | Example">
<meta property="og:description" content="Twelve villages have water again.">
<meta property="og:image" content="/wells.jpg">
<meta property="og:image:alt" content="A woman at a well"><meta property="article:tag" content="Borders">
<meta property="article:published_time" content="2024-07-26T22:30:00Z">
<link rel="canonical" href="https://example.org/news/wells"></head><body><h1>New wells</h1></body></html>"""

EVENT = """<html><head><title>Conference</title><script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [
 {"@type": "WebSite", "name": "Example"}, {"@type": "WebPage", "name": "The page"},
 {"@type": ["EducationEvent"], "name": "Vienna Migration Conference", "description": "Two days &amp; many talks.",
  "startDate": "2024-10-08T07:00:00Z", "endDate": "2024-10-09", "image": [{"@type": "ImageObject", "url": "/c.png"}],
  "location": [{"@type": "Place", "name": "Hofburg", "address": {"@type": "PostalAddress",
    "addressLocality": "Vienna", "addressCountry": "AT"}}, {"@type": "VirtualLocation", "url": "https://x.example"}]}]}
</script></head><body><time datetime="2024-06-01">1 June</time></body></html>"""

STUDY = """<html lang="en"><head><title>x</title><meta name="citation_title" content="Labour mobility after 2020">
<meta name="citation_author" content="Lovelace, Ada"><meta name="citation_author" content="Grace Hopper">
<meta name="citation_publication_date" content="2024/07/05"><meta name="citation_publisher" content="ICMPD">
<meta name="citation_doi" content="https://doi.org/10.1234/abcd.5"><meta name="description" content="What has changed.">
</head></html>"""


def read(page: str | bytes, at: str = AT) -> Offer | None:
    """Return what a page offers."""
    return pages.read(page.encode() if isinstance(page, str) else page, at, VIENNA)


def test_a_news_page_says_what_social_networks_show() -> None:
    """The site's name is no part of the title, and the canonical address is the page's own."""
    assert read(NEWS) == Offer(
        "https://example.org/news/wells",
        "New wells & pumps",
        date(2024, 7, 27),
        "Twelve villages have water again.",
        "https://www.example.org/wells.jpg",
        "A woman at a well",
        ("Borders",),
        "en-GB",
        "news",
    )


def test_an_event_says_when_and_where() -> None:
    """Times are those of the newsletter's zone, and a country is told by its name and its code."""
    assert read(EVENT, "https://www.example.org/conference") == Offer(
        "https://www.example.org/conference",
        "Vienna Migration Conference",
        date(2024, 6, 1),
        "Two days & many talks.",
        "https://www.example.org/c.png",
        type="event",
        fields={
            "start": "2024-10-08T09:00",
            "end": "2024-10-09",
            "place": "Hofburg, Vienna, Austria, Online",
            "countries": "AT",
        },
    )


def test_a_study_says_what_catalogues_know() -> None:
    """Authors as they are written in a text, and the DOI alone."""
    assert read(STUDY) == Offer(
        "https://www.example.org/news/wells?lang=en#top",
        "Labour mobility after 2020",
        date(2024, 7, 5),
        "What has changed.",
        language="en",
        type="study",
        fields={"authors": "Ada Lovelace\nGrace Hopper", "publisher": "ICMPD", "doi": "10.1234/abcd.5"},
    )


def test_an_article_with_events_in_its_margin_is_news() -> None:
    """What a page describes first is what it is about."""
    page = """<title>x</title><script type="application/ld+json">[{"@type": "WebPage", "name": "p"},
    {"@type": "https://schema.org/NewsArticle", "headline": "News"}, {"@type": "Event", "name": "Other"}]</script>"""
    found = read(page)
    assert found is not None
    assert (found.title, found.type) == ("News", "news")


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/news/other", "https://www.example.org/news/other"),
        ("https://elsewhere.example/x", "https://www.example.org/news/wells?lang=en#top"),
        ("javascript:alert(1)", "https://www.example.org/news/wells?lang=en#top"),
        ("http://[::1", "https://www.example.org/news/wells?lang=en#top"),
        ("", "https://www.example.org/news/wells?lang=en#top"),
    ],
)
def test_a_canonical_address_leads_to_no_other_site(link: str, address: str) -> None:
    """A page that names another site would send the newsletter's readers there."""
    found = read(f'<title>x</title><link rel="canonical" href="{link}">')
    assert found is not None
    assert found.url == address


def test_a_page_without_a_title_offers_nothing() -> None:
    """Then a person writes the entry."""
    assert read("<p>Only words</p>") is None
    assert read("") is None


@pytest.mark.parametrize(
    "broken", ["{", "[" * 5000, '{"@type": {"a": 1}, "headline": {"b": 2}}', "null", '"text"', "[1, 2]"]
)
def test_descriptions_that_are_broken_count_for_nothing(broken: str) -> None:
    """What JSON-LD cannot say, the page itself does."""
    found = read(f'<title>The title</title><script type="application/ld+json">{broken}</script>')
    assert found is not None
    assert (found.title, found.type) == ("The title", "news")


def test_encodings_are_what_the_page_says() -> None:
    """Umlauts of an old page are umlauts; an encoding that nobody knows is taken for UTF-8."""
    page = '<meta charset="iso-8859-1"><title>Brünn öffnet</title>'
    assert (read(page.encode("latin-1")) or Offer("", "")).title == "Brünn öffnet"
    assert (read(page.replace("iso-8859-1", "no-such-thing")) or Offer("", "")).title == "Brünn öffnet"


def test_a_page_names_its_feeds() -> None:
    """So that the address of a home page is enough for a source."""
    page = b"""<link rel="alternate" type="application/rss+xml" href="/feed"><link rel="stylesheet" href="x">
    <link rel="alternate home" type="application/atom+xml" href="https://feeds.example/a">
    <link rel="alternate" href="/de">
    <link rel="alternate" type="application/rss+xml" href="javascript:x">"""
    assert pages.feeds(page, "https://www.example.org/news/") == [
        "https://www.example.org/feed",
        "https://feeds.example/a",
    ]
