"""Feeds: RSS and Atom of any age, as web sites write them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from io import BytesIO
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from newsletter.content.sources import words
from newsletter.model.offer import Offer
from newsletter.model.url import web_address, without_tracking

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TINY = re.compile(r"[01]?\d(?:px)?")
"""A width or height of less than 20 pixels: what counts visits, and smileys."""


def read(content: bytes, url: str, media_type: str, zone: tzinfo) -> tuple[Offer, ...] | None:
    """Return what a feed offers, in its order; nothing where the content is no feed.

    `url` is where it was found, and relative addresses are meant from there.
    """
    import feedparser

    # From a stream: a text or bytes that look like an address or a file's name would be opened.
    feed = feedparser.parse(BytesIO(content), response_headers={"content-type": media_type, "content-location": url})
    version = str(feed.get("version", ""))
    if not version:
        return None
    language = str(feed.feed.get("language", ""))
    # RSS does not say whether a title is HTML.
    looks = _TAG if version.startswith("rss") else None
    read_offers = (_offer(entry, url, language, zone, looks) for entry in feed.entries)
    return tuple(offer for offer in read_offers if offer)


def _offer(
    entry: Mapping[str, Any], base: str, language: str, zone: tzinfo, looks: re.Pattern[str] | None
) -> Offer | None:
    url = web_address(base, str(entry.get("link", "")))
    title = _said(entry.get("title_detail"), looks)
    if not url or not title:
        return None
    written = [str(part.get("value", "")) for part in entry.get("content", ())]
    summary = words.shortened(_said(entry.get("summary_detail"), looks) or words.of_html(" ".join(written)))
    picture, alt = next(_pictures(entry, [str(entry.get("summary", "")), *written], url), ("", ""))
    topics = (words.of_text(str(tag.get("term") or "")) for tag in entry.get("tags", ()))
    own = str(entry.get("language", "") or language)
    # A summary that says the title again says nothing.
    summary = "" if summary.casefold().rstrip(".…") == title.casefold().rstrip(".…") else summary
    return Offer(
        without_tracking(url), title, _day(entry, zone), summary, picture, alt, tuple(filter(None, topics)), own
    )


def _said(detail: Mapping[str, Any] | None, looks: re.Pattern[str] | None) -> str:
    """Return what a text says; `looks` finds HTML where the feed does not tell."""
    if detail is None:
        return ""
    written = str(detail.get("value") or "")
    is_html = detail.get("type") != "text/plain" or (looks and looks.search(written))
    return words.of_html(written) if is_html else words.of_text(written)


def _day(entry: Mapping[str, Any], zone: tzinfo) -> date | None:
    # feedparser tells moments in UTC.
    told = entry.get("published_parsed") or ("updated" in entry and entry.get("updated_parsed"))
    try:
        return datetime.fromtimestamp(calendar.timegm(told), UTC).astimezone(zone).date() if told else None
    except (OverflowError, ValueError, OSError):
        return None


def _pictures(entry: Mapping[str, Any], written: Iterable[str], base: str) -> Iterator[tuple[str, str]]:
    """Yield address and alternative text of each picture, the one that the feed itself names first."""
    named = [*entry.get("media_content", ()), *entry.get("enclosures", ()), *entry.get("media_thumbnail", ())]
    for one in named:
        address = str(one.get("url") or one.get("href") or "")
        kind = str(one.get("type") or "")
        is_picture = kind.startswith("image/") or one.get("medium") == "image" or bool(_PICTURE.search(address))
        if is_picture or one in entry.get("media_thumbnail", ()):
            yield from _usable(address, "", base)
    for markup in written:
        for image in LexborHTMLParser(markup).css("img[src]") if "<img" in markup else ():
            sizes = (image.attributes.get("width") or "", image.attributes.get("height") or "")
            if not any(map(_TINY.fullmatch, sizes)):
                yield from _usable(image.attributes.get("src") or "", image.attributes.get("alt") or "", base)


def _usable(address: str, alt: str, base: str) -> Iterator[tuple[str, str]]:
    if whole := web_address(base, address):
        yield whole, words.of_text(alt)
