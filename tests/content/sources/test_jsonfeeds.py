"""JSON Feed, as web sites write it, and as somebody who means harm would."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.sources import apart, jsonfeeds
from newsletter.model.offer import Offer
from newsletter.model.url import web_address
from tests.content.sources.test_feeds import VIENNA

AT = "https://www.example.org/feed.json"
FULL = {
    "id": 7,
    "url": "https://www.example.org/news/wells/?utm_source=feed&lang=en",
    "external_url": "https://elsewhere.example/wells",
    "title": "Border communities get new wells &#8211; &amp; more",
    "summary": "Twelve villages have drinking water again.",
    "content_html": '<p><img width="1" src="https://stats.example/p.gif"><img src="/wells.jpg" alt="A well"></p>',
    "date_published": "2024-07-26T22:30:00Z",
    "date_modified": "2024-08-26T22:30:00Z",
    "tags": ["Borders", "", 3, "Water\n"],
    "language": "en-GB",
    "authors": [{"name": "Press"}],
}


def feed(*items: Any, **more: Any) -> bytes:
    """Return a feed of these items."""
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Example", "items": list(items)}
    return json.dumps(told | more).encode()


def read(*items: Any, **more: Any) -> tuple[Offer, ...]:
    """Return what a feed of these items offers."""
    found = jsonfeeds.read(feed(*items, **more), AT, VIENNA)
    assert found is not None
    return found


def test_an_item_offers_what_an_entry_of_another_feed_does() -> None:
    """Day in the newsletter's zone, no tracking, no pixel that counts; a process of its own reads the same."""
    wanted = Offer(
        "https://www.example.org/news/wells/?lang=en",
        "Border communities get new wells – & more",
        date(2024, 7, 27),
        "Twelve villages have drinking water again.",
        "https://www.example.org/wells.jpg",
        "A well",
        ("Borders", "Water"),
        "en-GB",
    )
    assert read(FULL) == (wanted,)
    assert apart.read(b"\xef\xbb\xbf" + feed(FULL), AT, "application/feed+json", VIENNA) == (wanted,)


@pytest.mark.parametrize(
    ("told", "summary"),
    [
        ({"content_text": "Said 5 < 6.\n\nMore."}, "Said 5 < 6. More."),
        ({"content_html": "<p>Said.</p><script>alert(1)</script>"}, "Said."),
        ({"summary": "<p>Said. <a href='/1'>Read on</a></p>", "content_text": "All of it."}, "Said."),
        ({"summary": "Wells.", "content_text": "Said."}, ""),
        ({"summary": None, "content_html": ["x"]}, ""),
    ],
)
def test_a_summary_is_what_the_item_says_first(told: dict[str, Any], summary: str) -> None:
    """Markup of a stranger is text or nothing, and what only repeats the title is none."""
    assert [offer.summary for offer in read({"url": "/1", "title": "Wells", **told})] == [summary]


@pytest.mark.parametrize(
    ("told", "picture"),
    [
        ({"image": "/1.jpg", "banner_image": "/2.jpg"}, "https://www.example.org/1.jpg"),
        ({"banner_image": "2"}, "https://www.example.org/2"),
        (
            {"attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg"}, {"url": "/b", "mime_type": "image/png"}]},
            "https://www.example.org/b",
        ),
        ({"image": "javascript:alert(1)", "attachments": "x"}, ""),
        ({"image": "https://0.gravatar.com/avatar/1"}, ""),
    ],
)
def test_a_picture_is_what_the_feed_names_as_one(told: dict[str, Any], picture: str) -> None:
    """Sounds and faces are no pictures of a page."""
    assert [offer.picture for offer in read({"url": "/1", "title": "Wells", **told})] == [picture]


def test_a_post_without_a_title_is_offered_by_how_it_begins() -> None:
    """As in other feeds; one without any words is left out."""
    post = {"url": "https://www.example.org/1", "content_html": "<p>The well is open.</p><p>Come and see.</p>"}
    offers = read(post, {"url": "https://www.example.org/2"})
    assert [(offer.title, offer.summary) for offer in offers] == [("The well is open", "Come and see.")]


def test_the_address_is_that_of_the_page() -> None:
    """Or of the one elsewhere that is told of, or the id where that is a whole address; otherwise it is left out."""
    items: list[dict[str, Any]] = [
        {"url": "/1", "external_url": "https://x.example/"},
        {"url": "javascript:alert(1)", "external_url": "https://x.example/2"},
        {"id": "https://www.example.org/3"},
        {"id": "4"},
        {"url": 5},
        {"url": "https://www.example.org/6", "title": ""},
    ]
    assert [offer.url for offer in read(*({"title": "Wells"} | item for item in items), "x", None)] == [
        "https://www.example.org/1",
        "https://x.example/2",
        "https://www.example.org/3",
    ]


def test_day_and_language_have_others_in_their_place() -> None:
    """The day of the last change, and the language of the feed; a day that may be another one is none."""
    (one, two) = read(
        {"url": "/1", "title": "A", "date_modified": "2024-07-26T10:00:00+02:00"},
        {"url": "/2", "title": "B", "date_published": "07/26/2024", "language": "ar"},
        language="fr",
    )
    assert (one.day, one.language, two.day, two.language) == (date(2024, 7, 26), "fr", None, "ar")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'"https://jsonfeed.org/version/1"',
        b'{"version": "2.0", "items": []}',
        b'{"version": ["https://jsonfeed.org/version/1"], "items": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [',
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 1_000_000,
        b'{"version": "https://jsonfeed.org/version/1", "x": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe{\x00}\x00",
        b"<rss version='2.0'/>",
    ],
)
def test_anything_else_is_no_json_feed(content: bytes) -> None:
    """Then it is looked at as one in XML, or as a page that names a feed."""
    assert jsonfeeds.read(content, AT, VIENNA) is None


def test_a_feed_without_items_offers_nothing() -> None:
    """It is a feed all the same."""
    assert jsonfeeds.read(b'{"version": "https://jsonfeed.org/version/1"}', AT, VIENNA) == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_ITEMS = st.lists(st.dictionaries(st.sampled_from([*FULL, "image", "banner_image", "attachments"]), _JSON) | _JSON)


@given(_ITEMS, _JSON)
def test_whatever_a_feed_holds_an_offer_is_plain(items: list[Any], language: Any) -> None:
    """Addresses of the web, words on one line that can be written to a file, and no error."""
    for offer in read(*items, {**FULL, "title": "x\ud83d"}, language=language):
        assert web_address("", offer.url) == offer.url
        assert offer.picture == "" or web_address("", offer.picture) == offer.picture
        for text in (offer.url, offer.title, offer.summary, offer.picture, offer.alt, *offer.topics, offer.language):
            text.encode()
        for text in (offer.title, offer.summary, offer.alt, *offer.topics):
            assert text == " ".join(text.split())
