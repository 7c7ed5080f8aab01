"""Admitted entries find their sections: matching, order, limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from newsletter.model.entry import Entry
from newsletter.model.issue import Issue, Order, Period, Section
from newsletter.model.selection import Chosen, FilledSection, In, Left, Out, asks_for

_DEFAULT_ORDER = {"call": Order.DEADLINE, "event": Order.START, "project": Order.TITLE}


def is_forced(issue: Issue, entry: Entry) -> bool:
    """Whether a person put the entry in by name."""
    return entry.id in issue.pin or entry.id in issue.feature


def suits(issue: Issue, section: Section, entry: Entry) -> bool:
    """Whether a section takes an entry, its date aside."""
    speaks = not section.languages or any(map(entry.speaks, section.languages))
    return speaks and asks_for(issue, section, entry)


def fill(issue: Issue, period: Period, admitted: list[Entry]) -> tuple[tuple[FilledSection, ...], list[Left]]:
    """Return the issue's sections with their entries, and the entries that found no place.

    Featured sections choose first, then the others from top to bottom. What a limit turns away goes on to the next
    section that takes it; an entry that a person named is never turned away by a limit.
    """
    remaining = {entry.id: entry for entry in admitted}
    taken: dict[int, list[Entry]] = {number: [] for number in range(len(issue.sections))}
    turned_away: dict[str, str] = {}
    for number, section in sorted(enumerate(issue.sections), key=lambda pair: not pair[1].featured):
        matching = [entry for entry in remaining.values() if _takes(issue, period, section, entry)]
        ordered = sorted(matching, key=_precedence(issue, section))
        kept = _within_limit(issue, section, ordered)
        taken[number] = sorted(kept, key=_reading_order(issue, section))
        for entry in kept:
            del remaining[entry.id]
        for entry in ordered:
            if entry.id in remaining:
                turned_away[entry.id] = section.heading
    for entry in list(remaining.values()):
        place = _any_section(issue, entry) if is_forced(issue, entry) else None
        if place is not None:
            taken[place] = sorted([*taken[place], entry], key=_reading_order(issue, issue.sections[place]))
            del remaining[entry.id]
    sections = tuple(
        FilledSection(section, tuple(Chosen(entry, _reason(issue, section, entry)) for entry in taken[number]))
        for number, section in enumerate(issue.sections)
    )
    return sections, [_left(issue, entry, turned_away) for entry in remaining.values()]


def _left(issue: Issue, entry: Entry, turned_away: dict[str, str]) -> Left:
    if entry.id in turned_away:
        return Left(entry.id, entry.type, entry.day, Out.OVER_LIMIT, f"the section {turned_away[entry.id]} is full")
    return Left(entry.id, entry.type, entry.day, Out.NO_SECTION, nowhere(issue, entry))


def nowhere(issue: Issue, entry: Entry) -> str:
    """Return why an entry has no section: that none takes its type, or what those want that do."""
    takers = [section for section in issue.sections if entry.type in section.take]
    told = f"no section takes this {entry.type}"
    if not takers:
        return told
    featured = all(section.featured for section in takers)
    wanted = "what is featured" if featured else "other topics, regions, countries or languages"
    return f"{told}; {takers[0].heading} takes only {wanted}"


def _takes(issue: Issue, period: Period, section: Section, entry: Entry) -> bool:
    return suits(issue, section, entry) and (
        section.period == "any" or is_forced(issue, entry) or (entry.day is not None and entry.day in period)
    )


def _any_section(issue: Issue, entry: Entry) -> int | None:
    """Return the first section that takes the entry's type, whatever else it asks for."""
    takers = [number for number, section in enumerate(issue.sections) if entry.type in section.take]
    return min(takers, key=lambda number: (issue.sections[number].featured, number), default=None)


def _within_limit(issue: Issue, section: Section, ordered: list[Entry]) -> list[Entry]:
    if section.limit is None:
        return ordered
    # A featured section turns away even what a person named: it then leads its ordinary section.
    forced = set() if section.featured else {entry.id for entry in ordered if is_forced(issue, entry)}
    room = max(0, section.limit - len(forced))
    kept = []
    for entry in ordered:
        if entry.id in forced:
            kept.append(entry)
        elif room:
            kept.append(entry)
            room -= 1
    return kept


def _reason(issue: Issue, section: Section, entry: Entry) -> In:
    if entry.id in issue.feature or (section.featured and entry.id not in issue.pin):
        return In.FEATURED
    return In.PINNED if entry.id in issue.pin else In.IN_PERIOD


def _precedence(issue: Issue, section: Section) -> Callable[[Entry], Any]:
    """Return who comes first when room is short: what is featured, then the section's order.

    Order by hand has no say here, so that moving an entry never moves it, or another, into another section.
    """
    order = section.order or (_DEFAULT_ORDER.get(section.take[0]) if len(section.take) == 1 else None)
    natural = _NATURAL[order or Order.NEWEST_FIRST]
    featured = {name: number for number, name in enumerate(issue.feature)}
    return lambda entry: (featured.get(entry.id, len(featured)), natural(entry), entry.id)


def _reading_order(issue: Issue, section: Section) -> Callable[[Entry], Any]:
    """Return how a section is read: what is featured, then the order by hand, then the section's order."""
    precedence = _precedence(issue, section)
    by_hand = {name: number for number, name in enumerate(issue.order)}

    def key(entry: Entry) -> tuple[Any, ...]:
        featured, *natural = precedence(entry)
        return (featured, by_hand.get(entry.id, len(by_hand)), *natural)

    return key


def _at(moment: datetime | None, *, newest_first: bool = False) -> tuple[bool, float]:
    """Sort undated entries last, in either direction."""
    if moment is None:
        return (True, 0.0)
    return (False, -moment.timestamp() if newest_first else moment.timestamp())


_NATURAL: dict[Order, Callable[[Entry], Any]] = {
    Order.NEWEST_FIRST: lambda entry: _at(entry.date.at if entry.date else None, newest_first=True),
    Order.OLDEST_FIRST: lambda entry: _at(entry.date.at if entry.date else None),
    Order.DEADLINE: lambda entry: _at(entry.closes.at if entry.closes else None),
    Order.START: lambda entry: _at(entry.starts.at if entry.starts else None),
    Order.TITLE: lambda entry: (entry.title.casefold(), 0.0),
}
