"""A single page: what it says about itself for search engines, for social networks and for libraries.

JSON-LD with the words of schema.org, Open Graph, and the `citation_` fields by which catalogues of studies know one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from newsletter.content.sources import words
from newsletter.model import meant
from newsletter.model.country import COUNTRIES
from newsletter.model.offer import Offer
from newsletter.model.url import web_address, without_tracking

_EVENTS = re.compile(r"\w*Event|Hackathon")
_STUDIES = frozenset({"Report", "ScholarlyArticle", "Dataset", "Thesis", "Book", "TechArticle"})
_NEWS = frozenset({"Article", "NewsArticle", "BlogPosting", "PressRelease", "ReportageNewsArticle"})
_PAGES = frozenset({"WebPage", "ItemPage"})
_DAY = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}")
_FEEDS = ", ".join(f'link[rel~="alternate"][type="application/{kind}+xml"]' for kind in ("rss", "atom", "rdf"))
_DEEPEST = 8


def feeds(content: bytes, url: str) -> list[str]:
    """Return the addresses of the feeds that a page names, the first one first."""
    links = (web_address(url, link.attributes.get("href") or "") for link in _tree(content).css(_FEEDS))
    return list(filter(None, links))


def read(content: bytes, url: str, zone: tzinfo) -> Offer | None:
    """Return what a page offers; nothing where it has no title.

    `url` is where it was found in the end, after all redirects.
    """
    page = _Page(content, url, zone)
    return page.offer if page.title else None


def _tree(content: bytes) -> LexborHTMLParser:
    # The parser finds the encoding itself only in UTF-8; others say theirs within the first kilobyte.
    named = re.search(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", content[:2048])
    encoding = named[1].decode("ascii") if named else "utf-8"
    try:
        text = content.decode(encoding, "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    return LexborHTMLParser(text)


@dataclass(frozen=True)
class _Page:
    content: bytes
    found_at: str
    zone: tzinfo

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return _tree(self.content)

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
                found.extend(_things(json.loads(node.text())))
        return sorted(found, key=lambda thing: (not _kind(thing), not _is(thing, _PAGES)))

    @cached_property
    def thing(self) -> Mapping[str, Any]:
        return next((thing for thing in self.things if _kind(thing) or _is(thing, _PAGES)), {})

    def first(self, *names: str) -> str:
        return next((self.named[name][0] for name in names if name in self.named), "")

    @cached_property
    def title(self) -> str:
        own = self.first("citation_title", "og:title", "twitter:title") or _text(self.thing, "headline", "name")
        element = self.tree.css_first("head > title") or self.tree.css_first("title")
        title = own or (words.of_text(element.text()) if element else "")
        # “Title | Name of the site”, as most sites call their pages.
        site = self.first("og:site_name")
        short = re.sub(rf"\s+[|–—·»:-]\s+{re.escape(site)}$", "", title) if site else title
        return short or title

    @cached_property
    def address(self) -> str:
        link = self.tree.css_first('link[rel="canonical"]')
        own = web_address(self.found_at, (link.attributes.get("href") if link else "") or "")
        # A canonical address elsewhere is a mistake more often than meant, and would lead readers to another site.
        return without_tracking(own if own and _host(own) == _host(self.found_at) else self.found_at)

    @cached_property
    def type(self) -> str:
        kind = _kind(self.thing)
        if kind == "event":
            return "event"
        return "study" if kind == "study" or any(name.startswith("citation_") for name in self.named) else "news"

    @property
    def offer(self) -> Offer:
        day = self.first(
            "citation_publication_date", "citation_date", "article:published_time", "dc.date.issued", "dc.date", "date"
        )
        element = self.tree.css_first("html")
        language = self.first("citation_language") or (element.attributes.get("lang") if element else "") or ""
        picture = self.first("og:image:secure_url", "og:image", "twitter:image") or self._pictured()
        summary = self.first("og:description", "description", "twitter:description", "citation_abstract")
        return Offer(
            self.address,
            self.title,
            _day(day, self.zone) or _day(_text(self.thing, "datePublished"), self.zone) or self._shown_day(),
            words.shortened(summary or words.of_html(_text(self.thing, "description"))),
            web_address(self.found_at, picture),
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

    def _shown_day(self) -> date | None:
        shown = self.tree.css_first("time[datetime]")
        return _day((shown.attributes.get("datetime") or "") if shown else "", self.zone)

    def _fields(self) -> Iterator[tuple[str, str]]:
        if self.type == "event":
            yield "start", _moment(_text(self.thing, "startDate"), self.zone)
            yield "end", _moment(_text(self.thing, "endDate"), self.zone)
            yield "place", ", ".join(dict.fromkeys(_places(self.thing.get("location"))))
            yield "countries", "\n".join(dict.fromkeys(_countries(self.thing.get("location"))))
        if self.type == "study":
            authors = self.named.get("citation_author") or list(_names(self.thing.get("author")))
            yield "authors", "\n".join(map(_turned, authors))
            yield "publisher", self.first("citation_publisher") or next(_names(self.thing.get("publisher")), "")
            yield "doi", _doi(self.first("citation_doi", "dc.identifier.doi", "dc.identifier", "prism.doi"))


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
            yield from filter(None, [_text(one, "name")])
            address = one.get("address")
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


def _turned(author: str) -> str:
    """Return `Ada Lovelace` for `Lovelace, Ada`, as catalogues write it."""
    family, comma, given = author.partition(", ")
    return f"{given} {family}" if comma and "," not in given else author


def _doi(written: str) -> str:
    found = re.search(r"10\.\d{4,9}/\S+", written)
    return found[0].rstrip(".,;") if found else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _day(written: str, zone: tzinfo) -> date | None:
    moment = _read(written, zone)
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(written: str, zone: tzinfo) -> str:
    moment = _read(written, zone)
    return f"{moment:%Y-%m-%dT%H:%M}" if isinstance(moment, datetime) else str(moment or "")


def _read(written: str, zone: tzinfo) -> datetime | date | None:
    text = written.strip().replace("/", "-", 2) if _DAY.match(written.strip()) else written.strip()
    try:
        if len(text) == len("2024-07-26"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        found = _DAY.match(text)
        with suppress(ValueError):
            return date.fromisoformat(found[0]) if found else None
    return None
