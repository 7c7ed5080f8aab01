"""What readers read: clicks by the entry that they led to, and by type over several issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from newsletter.model.entry import Entry, addresses
from newsletter.model.url import canonical_url
from newsletter.tracking.reporting import Followed


@dataclass(frozen=True, slots=True)
class Popular:
    """An entry whose links were followed, or a link that leads to none."""

    title: str
    type: str
    """Empty for a link that leads to no entry."""
    entry: str
    """Its id."""
    link: str
    clicks: int
    by_machines: int
    readers: int

    def as_json(self) -> dict[str, Any]:
        """Return the object that `report --json` prints."""
        return {
            "entry": self.entry or None,
            "type": self.type or None,
            "title": self.title,
            "link": self.link,
            "clicks": self.clicks,
            "by_machines": self.by_machines,
            "readers": self.readers,
        }


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of entry over several issues."""

    type: str
    entries: int
    """How often one was shown."""
    clicks: int

    @property
    def each(self) -> float:
        """Clicks for each entry that was shown."""
        return self.clicks / self.entries


def by_entry(
    links: Iterable[Followed], entries: Iterable[Entry], calendars: Mapping[str, str] = MappingProxyType({})
) -> tuple[Popular, ...]:
    """Return what the links of an issue led to, the most followed first; `entries` are those that it shows.

    `calendars` are the names of its calendar files with the ids of their events. Readers who followed several links of
    one entry are counted once for each.
    """
    shown = {entry.id: entry for entry in entries}
    known = {address: entry for entry in shown.values() for address in addresses(entry)}
    found: dict[str, list[Followed]] = {}
    of_link: dict[str, Entry | None] = {}
    for one in links:
        address = canonical_url(one.link)
        entry = known.get(address) or shown.get(calendars.get(address.rpartition("/")[2], ""))
        key = entry.id if entry else address
        of_link[key] = entry
        found.setdefault(key, []).append(one)
    told = [_popular(some, of_link[key]) for key, some in found.items()]
    return tuple(sorted(told, key=lambda one: (-one.clicks, -one.by_machines, one.title)))


def by_type(issues: Sequence[tuple[Iterable[Entry], Iterable[Popular]]]) -> tuple[Kind, ...]:
    """Return the types of what several issues have shown, the one with the most clicks for each entry first."""
    shown: dict[str, int] = {}
    clicks: dict[str, int] = {}
    for entries, popular in issues:
        for entry in entries:
            # What has no page cannot be read on.
            if addresses(entry):
                shown[entry.type] = shown.get(entry.type, 0) + 1
        for one in popular:
            clicks[one.type] = clicks.get(one.type, 0) + one.clicks
    kinds = [Kind(name, number, clicks.get(name, 0)) for name, number in shown.items()]
    return tuple(sorted(kinds, key=lambda kind: (-kind.each, kind.type)))


def _popular(some: Sequence[Followed], entry: Entry | None) -> Popular:
    link = some[0].link
    clicks, machines = sum(one.clicks for one in some), sum(one.by_machines for one in some)
    readers = sum(one.readers for one in some)
    if entry is None:
        return Popular(link, "", "", link, clicks, machines, readers)
    return Popular(entry.title, entry.type, entry.id, link, clicks, machines, readers)
