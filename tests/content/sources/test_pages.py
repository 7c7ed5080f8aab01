"""Single pages: news, events and studies as their sites describe them to search engines and catalogues."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.sources import pages
from newsletter.model.offer import Offer

VIENNA, NEW_YORK = ZoneInfo("Europe/Vienna"), ZoneInfo("America/New_York")
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


def read(page: str | bytes, at: str = AT, zone: ZoneInfo = VIENNA) -> Offer | None:
    """Return what a page offers."""
    return pages.read(page.encode() if isinstance(page, str) else page, at, zone)


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
        ("/", "https://www.example.org/news/wells?lang=en#top"),
    ],
)
def test_a_canonical_address_leads_to_no_other_site(link: str, address: str) -> None:
    """A page that names another site, or the home page for each, would send the newsletter's readers there."""
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


@pytest.mark.parametrize(
    ("page", "kind", "title"),
    [
        ("<title>Ночь</title>".encode("cp1251"), "text/html; charset=windows-1251", "Ночь"),
        ("<meta charset=iso-8859-1><title>Ada’s “€5” – now</title>".encode("cp1252"), "text/html", "Ada’s “€5” – now"),
        ("<meta charset=gb2312><title>朱镕基</title>".encode("gbk"), "text/html", "朱镕基"),
        ("<meta charset=Shift_JIS><title>①夏～</title>".encode("cp932"), "text/html", "①夏～"),
        ("<title>Größe</title>".encode("utf-16"), "text/html; charset=utf-8", "Größe"),
        ("<title>Größe</title>".encode("utf-8-sig"), "text/html; charset=iso-8859-1", "Größe"),
        *(
            (f"<meta charset={name}><title>Größe</title>".encode(), "", "Größe")
            for name in ("idna", "undefined", "hex")
        ),
    ],
)
def test_encodings_are_what_browsers_take_them_for(page: bytes, kind: str, title: str) -> None:
    """The server's word counts before the page's, and no typographic sign of a text is lost."""
    found = pages.read(page, AT, VIENNA, kind)
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Wells open | AMR</title>", "Wells open", "Wells open"),
        ('<title>Wells – AMR</title><meta property="og:title" content="Wells – AMR">', "Wells", "Wells"),
        (
            '<title>Wells | AMR</title><meta property="og:title" content="Wells – a history">',
            "Wells",
            "Wells – a history",
        ),
        ("<title>Wells – a history</title>", "Wells – a history", "Wells – a history"),
        ("<title>Wells open</title>", "Wells", "Wells open"),
        ('<title>AMR | Wells</title><meta property="og:site_name" content="AMR">', "AMR", "AMR | Wells"),
        ("<title>Wells - AMR</title>", "", "Wells - AMR"),
        ("<title>お知らせ｜見本財団</title>", "お知らせ", "お知らせ"),
        (
            '<meta property="og:title" content="お知らせ｜見本"><meta property="og:site_name" content="見本">',
            "",
            "お知らせ",
        ),
        ("", "Wells", "Wells"),
        ("<svg><title>Menu</title></svg>", "Wells", "Wells"),
    ],
)
def test_the_heading_tells_where_the_title_ends(head: str, heading: str, title: str) -> None:
    """Behind it is the name of the site, which few sites spell the same everywhere; a picture's title is none."""
    found = read(f"{head}<h1>{heading}</h1>")
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize("name", ["citation_abstract", "DCTERMS.abstract", "DC.description.abstract", "DC.Description"])
def test_a_study_is_told_by_its_abstract_where_it_has_no_description(name: str) -> None:
    """Journals and repositories write it in the words of Dublin Core."""
    offer = read(f'<html><head><title>Wells</title><meta name="{name}" content="Where they are dug."></head></html>')
    assert offer is not None
    assert offer.summary == "Where they are dug."


@pytest.mark.parametrize(
    ("page", "day"),
    [
        ('<meta name="citation_date" content="2024/7/5">', date(2024, 7, 5)),
        (
            '<meta name="citation_publication_date" content="2024"><meta name="dc.date.issued" content="2024-07-05">',
            date(2024, 7, 5),
        ),
        ('<meta itemprop="datePublished" content="2024-07-05T14:21:36+0200">', date(2024, 7, 5)),
        (
            '<aside><time datetime="2024-12-24">Soon</time></aside><main><time datetime="2024-07-05"></main>',
            date(2024, 7, 5),
        ),
        ('<meta property="article:published_time" content="0001-01-01T00:00:00">', None),
        ('<meta property="article:published_time" content="9999-12-31">', None),
        ('<meta property="article:published_time" content="2024-02-31">', None),
        ('<meta property="article:published_time" content="2024-07-05 at noon">', date(2024, 7, 5)),
    ],
)
def test_the_day_is_the_first_that_is_one(page: str, day: date | None) -> None:
    """A year alone is none, and an event beside the page has its own."""
    found = read(f"<title>Wells</title>{page}")
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ('{"name": "Kachreti", "address": "Kachreti, Georgia"}', "Kachreti, Georgia"),
        ('{"name": "Hofburg", "address": "Heldenplatz 1, 1010 Wien"}', "Hofburg, Heldenplatz 1, 1010 Wien"),
        ('{"address": "Main Street 1 &amp; 2"}', "Main Street 1 & 2"),
        ('{"name": "Hofburg", "address": ""}', "Hofburg"),
    ],
)
def test_an_address_may_be_a_text(location: str, place: str) -> None:
    """As schema.org allows it; a place that begins it is not named twice."""
    event = f'{{"@type": "Event", "name": "Talk", "startDate": "2024-10-08", "location": {location}}}'
    found = read(f'<title>Talk</title><script type="application/ld+json">{event}</script>')
    assert found is not None
    assert found.fields["place"] == place


def test_the_day_of_an_event_is_not_that_of_its_page() -> None:
    """It would be taken into the issue after which it is over; nobody says when the page was written."""
    event = '{"@type": "Event", "name": "Talk", "startDate": "2024-10-08T19:00", "endDate": "2024-10-09"}'
    beside = f'<title>Talk</title><script type="application/ld+json">{event}</script>'
    told = '<time datetime="2024-10-08">8 October</time><time datetime="2024-10-09T12:00">'
    for page in (
        beside + told,
        '<title>Talk</title><time itemprop="startDate" datetime="2024-10-08T19:00">Tuesday</time>',
    ):
        found, dated = read(page), read(f'{page}<time datetime="2024-06-01">')
        assert found is not None
        assert dated is not None
        assert (found.day, dated.day) == (None, date(2024, 6, 1))


def test_events_beside_a_page_are_not_what_it_is_about() -> None:
    """Calendars announce the next ones on each page; of several, only that with the page's name is meant."""
    events = '[{"@type": "Event", "name": "Forum"}, {"@type": "Event", "name": "Talk", "startDate": "2024-10-08"}]'
    beside = f'<script type="application/ld+json">{events}</script>'
    news, talk = (read(f"<title>{title} - AMR</title>{beside}") for title in ("Wells", "Talk"))
    assert news is not None
    assert (news.title, news.type) == ("Wells - AMR", "news")
    assert talk is not None
    assert (talk.title, talk.type, talk.fields) == ("Talk", "event", {"start": "2024-10-08"})


@pytest.mark.parametrize(
    ("start", "end", "fields"),
    [
        ("2024-10-08T00:00:00+02:00", "2024-10-09T23:59:59+02:00", {"start": "2024-10-08", "end": "2024-10-09"}),
        ("2024-10-08T00:00", "", {"start": "2024-10-08"}),
        ("2024-10-08T00:00", "2024-10-08T02:00", {"start": "2024-10-08T00:00", "end": "2024-10-08T02:00"}),
    ],
)
def test_whole_days_of_an_event_are_days(start: str, end: str, fields: dict[str, str]) -> None:
    """Calendars write them from midnight to midnight, which readers would take for its hours."""
    event = f'{{"@type": "Event", "name": "Forum", "startDate": "{start}", "endDate": "{end}"}}'
    found = read(f'<title>x</title><script type="application/ld+json">{event}</script>')
    assert found is not None
    assert found.fields == fields


@pytest.mark.parametrize(
    ("end", "fields"),
    [
        ("2024-10-09T00:00:00Z", {"start": "2024-10-08", "end": "2024-10-09"}),
        ("2024-10-08T02:00:00Z", {"start": "2024-10-07T20:00", "end": "2024-10-07T22:00"}),
        ("", {"start": "2024-10-07T20:00"}),
    ],
)
def test_whole_days_of_an_event_in_utc_are_the_same_days_in_every_zone(end: str, fields: dict[str, str]) -> None:
    """Else they would begin on the evening before; one that has a length, or no end, may well be an evening."""
    event = f'{{"@type": "Event", "name": "Forum", "startDate": "2024-10-08T00:00:00Z", "endDate": "{end}"}}'
    found = read(f'<title>x</title><script type="application/ld+json">{event}</script>', zone=NEW_YORK)
    assert found is not None
    assert found.fields == fields


def test_an_event_says_itself_what_it_is() -> None:
    """Its seller says who sells it; line breaks in a description are no reason to leave it out."""
    event = (
        '{"@type": "Event", "name": "Forum", "description": "&lt;p&gt;Two days of\ntalks. [&hellip;]&lt;/p&gt;\\\\n"}'
    )
    found = read(
        '<title>x</title><meta property="og:description" content="Seller - Forum - Tuesday">'
        f'<script type="application/ld+json">{event}</script>'
    )
    assert found is not None
    assert found.summary == "Two days of talks…"


def test_relative_addresses_are_meant_from_the_base() -> None:
    """As Joomla and TYPO3 write it."""
    page = """<base href="https://www.example.org/"><title>x</title><meta property="og:image:url" content="files/a.jpg">
    <link rel="alternate" type="application/rss+xml" href="feed"><link rel="canonical" href="news/a">"""
    found = read(page)
    assert found is not None
    assert (found.url, found.picture) == ("https://www.example.org/news/a", "https://www.example.org/files/a.jpg")
    assert pages.feeds(page.encode(), AT) == ["https://www.example.org/feed"]


def test_a_description_that_repeats_the_title_is_none() -> None:
    """As that of a feed."""
    found = read('<title>New wells</title><meta name="description" content="New wells.">')
    assert found is not None
    assert found.summary == ""
