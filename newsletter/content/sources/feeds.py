"""Feeds: RSS and Atom of any age, as web sites write them."""

from __future__ import annotations

import calendar
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from io import BytesIO
from typing import Any

from newsletter.content.sources import days, decoding, especially, illustrations, words
from newsletter.model.moment import read_day
from newsletter.model.offer import Offer
from newsletter.model.url import web_address, without_tracking

# What Drupal makes of a day in a view.
_TIME = re.compile(r"\s*<time\b[^<>]*\bdatetime=[\"']([^\"']+)")
# A text that speaks of elements does not begin with one, and has its end too.
_ESCAPED = re.compile(
    r"\s*&lt;(article|blockquote|center|div|figure|h[1-6]|ol|p|section|span|table|ul)\b[\s\S]*&lt;/\1&gt;",
    re.IGNORECASE,
)
_SMALL = 200
"""Pixels; Blogger has thumbnails of 72, beside the same picture in the text."""
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));", re.IGNORECASE)


def read(content: bytes, url: str, media_type: str, zone: tzinfo) -> tuple[Offer, ...] | None:
    """Return what a feed offers, in its order; nothing where the content is no feed.

    `url` is where it was found, and relative addresses are meant from there.
    """
    try:
        return _read(content, url, media_type, zone)
    # feedparser raises all of these on what is damaged or made to harm, some of them only when an entry is looked at.
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _read(content: bytes, url: str, media_type: str, zone: tzinfo) -> tuple[Offer, ...] | None:
    import feedparser

    content, media_type = decoding.widened(content, media_type)
    told = {"content-type": media_type, "content-location": url}
    # From a stream: a text or bytes that look like an address or a file's name would be opened.
    feed = feedparser.parse(BytesIO(_REFERENCE.sub(_character, content)), response_headers=told, sanitize_html=False)
    version = str(feed.get("version", ""))
    if not version:
        return None
    language = str(feed.feed.get("language", ""))
    # RSS does not say whether a title is HTML.
    guess = version.startswith("rss")
    read_offers = (_offer(entry, url, language, zone, guess) for entry in feed.entries)
    return tuple(offer for offer in read_offers if offer)


def _character(reference: re.Match[bytes]) -> bytes:
    """Return a reference where it is to a character: some sites write half of an emoji, on which feedparser fails."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else b""


def _offer(entry: Mapping[str, Any], base: str, language: str, zone: tzinfo, guess: bool) -> Offer | None:
    url = web_address(base, str(entry.get("link", "")))
    title = words.shortened(_said(entry.get("title_detail"), guess))
    if not url:
        return None
    written = [str(part.get("value", "")) for part in entry.get("content", ())]
    authors = "; ".join(str(author.get("name") or "") for author in entry.get("authors", ()))
    summary = _said(entry.get("summary_detail"), guess, url, title, authors)
    if not summary and written:
        summary = words.of_article(" ".join(written), url, title)
    if not title:
        title, summary = words.headed(summary)
    if not title:
        return None
    picture, alt = illustrations.first(_pictures(entry, [str(entry.get("summary", "")), *written], url))
    topics = (words.of_text(str(tag.get("term") or "")) for tag in entry.get("tags", ()))
    event, day = especially.of_event(entry, zone), _day(entry, zone)
    own = str(entry.get("language") or entry.get("title_detail", {}).get("language") or language)
    return Offer(
        without_tracking(url),
        title,
        # When an event begins is not when it was made known.
        None if event and event.get("start", "").startswith(str(day)) else day,
        words.summary(summary, title),
        picture,
        alt,
        tuple(filter(None, topics)),
        own,
        "" if event is None else "event",
        especially.of_study(entry) if event is None else event,
    )


def _said(detail: Mapping[str, Any] | None, guess: bool, page: str = "", title: str = "", authors: str = "") -> str:
    """Return what a text says; `guess` whether it is HTML where the feed does not tell."""
    if detail is None:
        return ""
    written = str(detail.get("value") or "")
    # DSpace writes one field a line, the title first, then the authors.
    for told in filter(None, (title, authors)):
        first, _, rest = written.partition("\n")
        if rest.strip() and words.of_text(first).casefold() == told.casefold():
            written = rest
    escaped_twice = _ESCAPED.match(written) is not None and not words.looks_like_html(written)
    if escaped_twice:
        written = html.unescape(written)
    is_html = escaped_twice or detail.get("type") != "text/plain" or (guess and words.looks_like_html(written))
    return words.of_article(written, page, title) if is_html else words.of_text(written)


def _day(entry: Mapping[str, Any], zone: tzinfo) -> date | None:
    name = "published" if "published" in entry else "updated"
    written = str(entry.get(name) or "")
    if marked := _TIME.match(written):
        return days.day(marked[1], zone)
    # What is nothing but numbers feedparser guesses, and it may be another month.
    if not re.search(r"[^\W\d_]{3}", written):
        return days.day(written, zone)
    # feedparser tells moments in UTC.
    told = entry.get(f"{name}_parsed")
    try:
        at = datetime.fromtimestamp(calendar.timegm(told), UTC) if told else None
        return read_day(at.astimezone(days.zone_of(written, zone)).date()) if at else None
    except (OverflowError, ValueError, OSError):
        return None


def _pictures(entry: Mapping[str, Any], written: Iterable[str], base: str) -> Iterator[tuple[str, str]]:
    """Yield address and alternative text of each picture, the one that the feed itself names first."""
    for one in (*entry.get("media_content", ()), *entry.get("enclosures", ())):
        address = str(one.get("url") or one.get("href") or "")
        if one.get("medium") == "image" or illustrations.is_picture(address, str(one.get("type") or "")):
            yield from illustrations.usable(address, "", base)
    thumbnails = sorted(entry.get("media_thumbnail", ()), key=_is_small)
    large = sum(not _is_small(one) for one in thumbnails)
    for one in thumbnails[:large]:
        yield from illustrations.usable(str(one.get("url") or ""), "", base)
    for markup in written:
        yield from illustrations.in_markup(markup, base)
    for one in thumbnails[large:]:
        yield from illustrations.usable(str(one.get("url") or ""), "", base)
    # Of an episode of a podcast.
    yield from illustrations.usable(str(entry.get("image", {}).get("href") or ""), "", base)


def _is_small(thumbnail: Mapping[str, Any]) -> bool:
    width = str(thumbnail.get("width") or "")
    return width.isdecimal() and len(width) <= 4 and int(width) < _SMALL
