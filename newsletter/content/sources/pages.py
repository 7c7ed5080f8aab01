"""A single page: what it says about itself for search engines, for social networks and for libraries.

JSON-LD with the words of schema.org, Open Graph, and the `citation_` fields by which catalogues of studies know one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from newsletter.content.sources import days, especially, words
from newsletter.content.sources.decoding import decoded
from newsletter.model import meant
from newsletter.model.country import COUNTRIES
from newsletter.model.offer import Offer
from newsletter.model.url import web_address, without_tracking

_EVENTS = re.compile(r"\w*Event|Hackathon")
_STUDIES = frozenset({"Report", "ScholarlyArticle", "Dataset", "Thesis", "Book", "TechArticle"})
_NEWS = frozenset({"Article", "NewsArticle", "BlogPosting", "PressRelease", "ReportageNewsArticle"})
_PAGES = frozenset({"WebPage", "ItemPage"})
_DAYS = (
    *("citation_publication_date", "citation_date", "article:published_time"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "date"),
)
_ABSTRACTS = (
    *("og:description", "description", "twitter:description"),
    *("citation_abstract", "dcterms.abstract", "dc.description.abstract", "dc.description"),
)
_OF_EVENTS = frozenset({"startDate", "endDate", "doorTime"})
# Where a page shows its day: the article's own before that of an event announced beside it.
_SHOWN = ('[itemprop="datePublished"]', "article time[datetime]", "main time[datetime]", "time[datetime]")
# The wide signs of Chinese and Japanese need no blanks.
_BETWEEN = re.compile(r"\s+[|–—·•»:-]\s+|\s*[｜：]\s*")
_FEEDS = ", ".join(
    f'link[rel~="alternate"][type="application/{kind}"]' for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json")
)
_DEEPEST = 8


def feeds(content: bytes, url: str, media_type: str = "") -> list[str]:
    """Return the addresses of the feeds that a page names, the first one first."""
    page = _Page(content, url, UTC, media_type)
    links = (web_address(page.base, link.attributes.get("href") or "") for link in page.tree.css(_FEEDS))
    return list(filter(None, links))


def read(content: bytes, url: str, zone: tzinfo, media_type: str = "") -> Offer | None:
    """Return what a page offers; nothing where it has no title.

    `url` is where it was found in the end, after all redirects; `media_type` is what the server calls it.
    """
    page = _Page(content, url, zone, media_type)
    return page.offer if page.title else None


def asks_for_a_password(content: bytes, media_type: str) -> bool:
    """Return whether a page has a field for a password."""
    return words.parsed(decoded(content, media_type)).css_first('input[type="password"]') is not None


@dataclass(frozen=True)
class _Page:
    content: bytes
    found_at: str
    zone: tzinfo
    media_type: str

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return words.parsed(decoded(self.content, self.media_type))

    @cached_property
    def base(self) -> str:
        """From where the page means its relative addresses."""
        element = self.tree.css_first("base[href]")
        return web_address(self.found_at, (element.attributes.get("href") if element else "") or "") or self.found_at

    @cached_property
    def named(self) -> Mapping[str, list[str]]:
        """What `meta` says, by `property` or `name` in small letters."""
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta[content]"):
            name = (node.attributes.get("property") or node.attributes.get("name") or "").strip().lower()
            said = words.of_attribute(node.attributes.get("content") or "")
            if name and said:
                found.setdefault(name, []).append(said)
        return found

    @cached_property
    def things(self) -> list[Mapping[str, Any]]:
        """What JSON-LD describes, in its order, but what could be an entry before the page and the site themselves."""
        found: list[Mapping[str, Any]] = []
        for node in self.tree.css('script[type="application/ld+json"]'):
            with suppress(ValueError, RecursionError):
                found.extend(_things(json.loads(node.text(), strict=False)))
        # Of several events, which many sites announce beside each page, only the one that has the page's name is meant.
        if sum(_kind(thing) == "event" for thing in found) > 1:
            found = [thing for thing in found if _kind(thing) != "event" or self._is_called(_text(thing, "name"))]
        return sorted(found, key=lambda thing: (not _kind(thing), not _is(thing, _PAGES)))

    @cached_property
    def thing(self) -> Mapping[str, Any]:
        return next((thing for thing in self.things if _kind(thing) or _is(thing, _PAGES)), {})

    def first(self, *names: str) -> str:
        return next((self.named[name][0] for name in names if name in self.named), "")

    @cached_property
    def bar(self) -> str:
        """What the bar of a browser shows: most often the title and the name of the site."""
        element = self.tree.css_first("title")
        return words.of_text(element.text()) if element else ""

    @cached_property
    def headings(self) -> list[str]:
        return [words.of_text(heading.text()) for heading in self.tree.css("h1")]

    def _is_called(self, name: str) -> bool:
        return bool(name) and name.casefold() in f"{self.first('og:title')} {self.bar}".casefold()

    @cached_property
    def title(self) -> str:
        own = self.first("citation_title", "og:title", "twitter:title") or _text(self.thing, "headline", "name")
        title = own or self.bar or next(filter(None, self.headings), "")
        site = self.first("og:site_name")
        # “Title | Name of the site”: the heading of the page tells where its title ends.
        for heading in self.headings if title == self.bar else ():
            if heading != site and title.startswith(heading) and _BETWEEN.match(title, len(heading)):
                return heading
        short = re.sub(rf"(?:{_BETWEEN.pattern}){re.escape(site)}$", "", title) if site else title
        return short or title

    @cached_property
    def address(self) -> str:
        link = self.tree.css_first('link[rel="canonical"]')
        own = web_address(self.base, (link.attributes.get("href") if link else "") or "")
        # A canonical address elsewhere, or that of the home page, is a mistake more often than meant, and would lead
        # readers there.
        is_own = _host(own) == _host(self.found_at) and (urlsplit(own).path.strip("/") or self._is_home)
        return without_tracking(own if own and is_own else self.found_at)

    @property
    def _is_home(self) -> bool:
        return not urlsplit(self.found_at).path.strip("/")

    @cached_property
    def type(self) -> str:
        kind = _kind(self.thing)
        if kind == "event":
            return "event"
        return "study" if kind == "study" or any(name.startswith("citation_") for name in self.named) else "news"

    @property
    def offer(self) -> Offer:
        element = self.tree.css_first("html")
        language = self.first("citation_language") or (element.attributes.get("lang") if element else "") or ""
        picture = self.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image") or self._pictured()
        about = words.of_html(_text(self.thing, "description").replace("\\n", " "))
        page = self.first(*_ABSTRACTS)
        # What a page of an event says about itself is often nothing but its name, its day and its seller.
        summary = about or page if self.type == "event" else page or about
        return Offer(
            self.address,
            words.shortened(self.title),
            self._day(),
            words.summary(summary, self.title),
            web_address(self.base, picture),
            self.first("og:image:alt", "twitter:image:alt"),
            tuple(self.named.get("article:tag", ())),
            language.strip(),
            self.type,
            {name: value for name, value in self._fields() if value},
        )

    def _pictured(self) -> str:
        image = self.thing.get("image")
        image = image[0] if isinstance(image, list) and image else image
        return _text(image, "url", "contentUrl") if isinstance(image, Mapping) else str(image or "")

    def _day(self) -> date | None:
        named = (self.first(name) for name in _DAYS)
        written = (*named, _text(self.thing, "datePublished"), *self._shown_days())
        return next(filter(None, (days.day(one, self.zone) for one in written)), None)

    def _shown_days(self) -> Iterator[str]:
        # When an event takes place is not when the page was written.
        own = {days.day(_text(self.thing, name), self.zone) for name in ("startDate", "endDate")} - {None}
        for selector in _SHOWN:
            for shown in self.tree.css(selector):
                written = shown.attributes.get("datetime") or shown.attributes.get("content") or ""
                if shown.attributes.get("itemprop") not in _OF_EVENTS and days.day(written, self.zone) not in own:
                    yield written
                    break

    def _fields(self) -> Iterator[tuple[str, str]]:
        if self.type == "event":
            start, end = days.span(_text(self.thing, "startDate"), _text(self.thing, "endDate"), self.zone)
            yield "start", start
            yield "end", end
            yield "place", ", ".join(dict.fromkeys(_places(self.thing.get("location"))))
            yield "countries", "\n".join(dict.fromkeys(_countries(self.thing.get("location"))))
        if self.type == "study":
            authors = self.named.get("citation_author") or list(_names(self.thing.get("author")))
            yield "authors", "\n".join(map(especially.turned, authors))
            yield "publisher", self.first("citation_publisher") or next(_names(self.thing.get("publisher")), "")
            yield (
                "doi",
                especially.doi_in(self.first("citation_doi", "dc.identifier.doi", "dc.identifier", "prism.doi")),
            )


def _things(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _things(one, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        yield from _things(value.get("@graph"), depth + 1)
        yield from _things(value.get("mainEntity"), depth + 1)


def _kind(thing: Mapping[str, Any]) -> str:
    """Return the type of entry that a thing of schema.org is, or nothing."""
    if any(map(_EVENTS.fullmatch, _types(thing))):
        return "event"
    return "study" if _is(thing, _STUDIES) else "news" if _is(thing, _NEWS) else ""


def _is(thing: Mapping[str, Any], types: frozenset[str]) -> bool:
    return not types.isdisjoint(_types(thing))


def _types(thing: Mapping[str, Any]) -> list[str]:
    """Return the names of a thing's types, without the address of the vocabulary that some write before them."""
    types = thing.get("@type")
    return [str(one).rpartition("/")[2] for one in (types if isinstance(types, list) else [types])]


def _text(thing: Mapping[str, Any], *names: str) -> str:
    return next((words.of_attribute(str(thing[name])) for name in names if isinstance(thing.get(name), str | int)), "")


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = (
            _text(one, "name") if isinstance(one, Mapping) else words.of_attribute(one) if isinstance(one, str) else ""
        )
        if name:
            yield name


def _places(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield words.of_attribute(one)
        elif isinstance(one, Mapping):
            if one.get("@type") == "VirtualLocation":
                yield "Online"
                continue
            name, address = _text(one, "name"), one.get("address")
            if isinstance(address, str):
                written = words.of_attribute(address)
                name, address = ("", written) if written.startswith(name) else (name, written)
                yield from filter(None, (name, address))
                continue
            yield from filter(None, [name])
            if isinstance(address, Mapping):
                yield from filter(None, (_text(address, "addressLocality"), _country_name(address)))


def _countries(value: Any) -> Iterator[str]:
    """Yield the codes of the countries that places are in."""
    for one in value if isinstance(value, list) else [value]:
        address = one.get("address") if isinstance(one, Mapping) else None
        if isinstance(address, Mapping) and (code := _country(address)):
            yield code


def _country(address: Mapping[str, Any]) -> str:
    """Return the code of an address's country, which sites write as a code or as a name."""
    country = address.get("addressCountry")
    written = _text(country, "name") if isinstance(country, Mapping) else _text(address, "addressCountry")
    return written.upper() if written.upper() in COUNTRIES else meant.country(written)


def _country_name(address: Mapping[str, Any]) -> str:
    from babel import Locale

    return str(Locale("en").territories.get(_country(address), "")) or _text(address, "addressCountry")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
