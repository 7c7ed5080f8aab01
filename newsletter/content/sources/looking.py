"""What sources offer, and what of it is no entry yet."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from urllib.parse import urlsplit

from newsletter.config import Workspace
from newsletter.config.settings import SourceSettings
from newsletter.content.sources import apart, pages
from newsletter.content.sources.fetching import Fetched, Fetcher, refusal
from newsletter.errors import ConfigurationError, NotFound, SourceError
from newsletter.model.content import Content
from newsletter.model.entry import addresses
from newsletter.model.meant import did_you_mean, suggestion
from newsletter.model.offer import Offer
from newsletter.model.url import canonical_url, web_address

_MOST_BYTES = 8_000_000
_ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]{},]+")
Opener = Callable[[Collection[str], bool], Fetcher]
"""Makes what fetches, from the hosts that may be in a private network, and through a proxy or not."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a source offers, the newest first, or why it cannot be read."""

    source: str
    offers: tuple[Offer, ...] = ()
    trouble: SourceError | None = None


def look(workspace: Workspace, names: Sequence[str] = (), opener: Opener = Fetcher) -> tuple[Looked, ...]:
    """Return what the sources of these names offer, or all of them.

    Raises NotFound for a name that there is not, and ConfigurationError where the settings have no source.
    """
    sources = workspace.settings.sources
    if not sources:
        raise ConfigurationError(
            "the settings name no source",
            why="a source is a web site whose feed says what is new",
            fix=f"add the section {section(workspace)} to {workspace.file.name}, with the line "
            'url = "https://www.example.org/feed"; or take a single page: newsletter fetch ADDRESS',
        )
    for name in names:
        if name not in sources:
            meant = did_you_mean(name, sources)
            raise NotFound(
                f"there is no source '{name}'{suggestion(meant)}",
                fix=f"the sources are {', '.join(sources)}; the address of a page begins with https://",
            )
    chosen = {name: sources[name] for name in (names or sources)}
    return asyncio.run(_look(chosen, workspace.settings.zone, opened(workspace, opener)))


def offered(looked: Iterable[Looked], first: date | None, last: date | None = None) -> list[tuple[str, Offer]]:
    """Return what was published from a first to a last day, each page once, with its source.

    What has no day may belong anywhere.
    """
    found: dict[str, tuple[str, Offer]] = {}
    for one in looked:
        for offer in one.offers:
            if offer.day is None or ((not first or offer.day >= first) and (not last or offer.day <= last)):
                found.setdefault(offer.key, (one.source, offer))
    return list(found.values())


def page(workspace: Workspace, url: str, opener: Opener = Fetcher) -> Offer:
    """Return what a single page offers; raise SourceError where it cannot be read or has no title."""
    return asyncio.run(_page(url, workspace, opened(workspace, opener)))


def opened(workspace: Workspace, opener: Opener) -> Fetcher:
    """Return what fetches as the settings say: from the organisation's own network, and through its proxy."""
    settings = workspace.settings
    private = {urlsplit(source.url).hostname or "" for source in settings.sources.values() if source.private}
    return opener(private, settings.proxy == "system")


def fresh(offers: Iterable[Offer], content: Content, workspace: Workspace) -> list[Offer]:
    """Return the offers that are no entry yet, each once."""
    known = leading(content, workspace)
    found: dict[str, Offer] = {}
    for offer in offers:
        if offer.key not in known:
            found.setdefault(offer.key, offer)
    return list(found.values())


def leading(content: Content, workspace: Workspace) -> Mapping[str, str]:
    """Return which pages are entries already: the id of each by the canonical address of its page.

    In any language, whatever its state; a file that cannot be used is searched for addresses.
    """
    known: dict[str, str] = {}
    for item in content.unreadable:
        with suppress(OSError):
            written = (workspace.root / item.file).read_text("utf-8", "replace")
            found = filter(None, (web_address(one, one) for one in _ADDRESS.findall(written)))
            known |= {canonical_url(address): item.id for address in found}
    for entry in content.entries:
        known |= dict.fromkeys(addresses(entry), entry.id)
    return known


async def _look(sources: dict[str, SourceSettings], zone: tzinfo, fetcher: Fetcher) -> tuple[Looked, ...]:
    async with fetcher:
        return tuple(await asyncio.gather(*(_looked(name, source, zone, fetcher) for name, source in sources.items())))


async def _looked(name: str, source: SourceSettings, zone: tzinfo, fetcher: Fetcher) -> Looked:
    try:
        offers = await _feed(source.url, zone, fetcher)
    except SourceError as error:
        return Looked(name, trouble=error)
    told = [
        replace(
            offer,
            # Of news and events in one feed some say themselves what they are.
            type=offer.type if offer.type and source.type == "news" else source.type,
            topics=(*source.topics, *offer.topics),
            language=source.language or offer.language,
        )
        for offer in offers
    ]
    return Looked(name, tuple(sorted(told, key=lambda offer: str(offer.day or ""), reverse=True)))


async def _feed(url: str, zone: tzinfo, fetcher: Fetcher) -> tuple[Offer, ...]:
    """Return what the feed at an address offers, or the one that a page at that address names."""
    fetched = await fetcher.fetch(url, _MOST_BYTES)
    offers = await _offers(fetched, zone)
    for other in pages.feeds(fetched.content, fetched.url, fetched.media_type)[:1] if offers is None else ():
        offers = await _offers(await fetcher.fetch(other, _MOST_BYTES), zone)
    if offers is None:
        raise SourceError(
            f"{url} is no feed, and names none",
            why="a source is a feed in RSS, Atom or JSON Feed, by which a web site says what is new",
            fix="ask whoever runs the web site for its feed, or take single pages: newsletter fetch ADDRESS",
        )
    return offers


async def _offers(fetched: Fetched, zone: tzinfo) -> tuple[Offer, ...] | None:
    return await asyncio.to_thread(apart.read, fetched.content, fetched.url, fetched.media_type, zone)


async def _page(url: str, workspace: Workspace, fetcher: Fetcher) -> Offer:
    zone = workspace.settings.zone
    async with fetcher:
        fetched = await fetcher.fetch(url, _MOST_BYTES)
    # Elsewhere than asked for, as where one logs in before.
    if fetched.url != url and pages.asks_for_a_password(fetched.content, fetched.media_type):
        raise refusal(url, 401)
    offer = pages.read(fetched.content, fetched.url, zone, fetched.media_type) if _is_page(fetched) else None
    if offer is None and await _offers(fetched, zone) is not None:
        raise SourceError(
            f"{url} is a feed, and no page",
            why="a feed tells of many pages, and is looked at again and again",
            fix=f'write into the settings, below {section(workspace)}: url = "{url}"; then newsletter fetch shows it',
        )
    if offer is None:
        raise SourceError(
            f"{url} is no page with a title",
            why="an entry begins with a title",
            fix="make the entry by hand: newsletter new news TITLE",
        )
    return offer


def _is_page(fetched: Fetched) -> bool:
    return "html" in fetched.media_type or b"<html" in fetched.content[:4096].lower()


def section(workspace: Workspace) -> str:
    """Return the heading of a source's section, as the workspace's settings have it."""
    return "[sources.website]" if workspace.file.name == "newsletter.toml" else "[tool.newsletter.sources.website]"
