"""JSON Feed, versions 1 and 1.1 (https://jsonfeed.org/version/1.1), by the rules of the other feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from typing import Any

from newsletter.content.sources import days, illustrations, words
from newsletter.model.offer import Offer
from newsletter.model.url import web_address, without_tracking

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1")
# Half of an emoji, which JSON can write, is no character of any address or file.
_HALVES = re.compile("[\ud800-\udfff]")


def read(content: bytes, url: str, zone: tzinfo) -> tuple[Offer, ...] | None:
    """Return what a feed offers, in its order; nothing where the content is no JSON Feed.

    `url` is where it was found, and relative addresses are meant from there.
    """
    try:
        feed = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or not _VERSION.match(_text(feed, "version")):
        return None
    language = _text(feed, "language")
    read_offers = (_offer(item, url, language, zone) for item in _objects(feed, "items"))
    return tuple(offer for offer in read_offers if offer)


def _offer(item: Mapping[str, Any], base: str, language: str, zone: tzinfo) -> Offer | None:
    # Of a link blog the page elsewhere; and an id that is a whole address is that of the page.
    link = web_address(base, _text(item, "url")) or web_address(base, _text(item, "external_url"))
    url = link or web_address("", _text(item, "id"))
    title = words.shortened(words.of_attribute(_text(item, "title")))
    said = _said(item, url, title)
    if not title:
        title, said = words.headed(said)
    if not url or not title:
        return None
    picture, alt = illustrations.first(_pictures(item, base))
    return Offer(
        without_tracking(url),
        title,
        _day(item, zone),
        words.summary(said, title),
        picture,
        alt,
        tuple(filter(None, map(words.of_text, _texts(item, "tags")))),
        _text(item, "language") or language,
    )


def _said(item: Mapping[str, Any], page: str, title: str) -> str:
    """Return what an item says of itself: its summary, or else its text."""
    summary, text = _text(item, "summary"), _text(item, "content_text")
    # It should be plain, and some programs write HTML all the same.
    if words.looks_like_html(summary):
        summary = words.of_article(summary, page, title)
    said = words.of_text(summary) or words.of_text(text)
    return said or words.of_article(_text(item, "content_html"), page, title)


def _day(item: Mapping[str, Any], zone: tzinfo) -> date | None:
    return days.day(_text(item, "date_published") or _text(item, "date_modified"), zone)


def _pictures(item: Mapping[str, Any], base: str) -> Iterator[tuple[str, str]]:
    """Yield address and alternative text of each picture, the one that the feed itself names first."""
    for name in ("image", "banner_image"):
        yield from illustrations.usable(_text(item, name), "", base)
    for attachment in _objects(item, "attachments"):
        address = _text(attachment, "url")
        if illustrations.is_picture(address, _text(attachment, "mime_type")):
            yield from illustrations.usable(address, "", base)
    yield from illustrations.in_markup(_text(item, "content_html"), base)


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return _HALVES.sub("", value) if isinstance(value, str) else ""


def _texts(told: Mapping[str, Any], name: str) -> list[str]:
    value = told.get(name)
    return [_HALVES.sub("", one) for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _objects(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = told.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
