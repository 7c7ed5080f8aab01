"""Entries and an issue become a selection: what is in, what is out, and why.

Pure: neither the clock nor the order of files matters. Earlier issues are selected the same way first, so that nothing
appears twice by accident.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping

from newsletter.model.content import Content
from newsletter.model.entry import Entry
from newsletter.model.issue import Issue, Period, unknown
from newsletter.model.selection import Selection
from newsletter.selection.history import History
from newsletter.selection.judgement import Judge
from newsletter.selection.periods import resolve
from newsletter.selection.sections import fill

__all__ = ["resolve", "select", "select_several"]


def select(content: Content, name: str, *, zone: str, language: str) -> Selection:
    """Return the selection of the issue called `name`.

    `zone` is the newsletter's time zone, `language` the one of issues that name none. Raises NotFound for an unknown
    issue and ContentError for a period that cannot be resolved.
    """
    if name not in content.issues:
        raise unknown(name, content.issues)
    return next(select_several(content, {name}, zone=zone, language=language))


def select_several(
    content: Content, names: Collection[str], *, zone: str, language: str, left_out: bool = True
) -> Iterator[Selection]:
    """Return the selections of several issues that exist, by the ends of their periods, each made when it is its turn.

    Each issue before them is looked at once, not once for each of them. Without `left_out` a selection tells only what
    is in: of thousands of entries, those of other days are not asked why they are out. Raises ContentError as `select`
    does, at once.
    """
    return _in_turn(content, resolve(content.issues, zone), names, language, left_out=left_out)


def _in_turn(
    content: Content, periods: Mapping[str, Period], names: Collection[str], language: str, *, left_out: bool
) -> Iterator[Selection]:
    ordered = sorted(content.issues, key=lambda other: periods[other].rank(other))
    history, dated, waiting = History(), _Calendar(content.entries), set(names)
    for name in ordered:
        if not waiting:
            return
        issue, period = content.issues[name], periods[name]
        if name in waiting:
            waiting.remove(name)
            whole = (content.entries, content) if left_out else (dated.within(issue, period, recurring=True), Content())
            yield _select(issue, period, *whole, history, language, recurring=dated.recurring)
        if waiting:
            history.remember(_select(issue, period, dated.within(issue, period), Content(), history, language))


def _select(
    issue: Issue,
    period: Period,
    entries: tuple[Entry, ...],
    content: Content,
    history: History,
    language: str,
    recurring: tuple[Entry, ...] = (),
) -> Selection:
    judge = Judge(issue, period, issue.send_at.at if issue.send_at else period.closes_at, history, language)
    admitted, out = judge.divide(entries, content)
    sections, unplaced = fill(issue, period, admitted)
    return Selection(
        issue=issue,
        period=period,
        send_at=judge.send_at,
        sections=sections,
        out=tuple(sorted((*out, *unplaced), key=lambda left: (left.day is None, left.day, left.id))),
        recurring=tuple(entry for entry in recurring if not judge.withheld(entry)),
    )


class _Calendar:
    """The entries by day, so that a hundred earlier issues need not each look at all of them."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._by_id = {entry.id: entry for entry in entries}
        self._by_day: dict[dt.date | None, list[Entry]] = {}
        self._once: set[str] = set()
        self.recurring = tuple(entry for entry in entries if entry.recurs)
        for entry in entries:
            self._by_day.setdefault(entry.day, []).append(entry)
            if not entry.recurs:
                self._once.add(entry.type)
        self._days = sorted(day for day in self._by_day if day)

    def within(self, issue: Issue, period: Period, *, recurring: bool = False) -> tuple[Entry, ...]:
        """Return every entry that decides what the issue showed for the first time, or `recurring` what it showed."""
        found = {name: self._by_id[name] for name in (*issue.pin, *issue.feature) if name in self._by_id}
        for day in self._days[bisect_left(self._days, period.start) : bisect_left(self._days, period.end)]:
            found.update((entry.id, entry) for entry in self._by_day[day])
        for section in issue.sections:
            # A section of recurring types alone leaves no trace in the history.
            if section.period == "any" and (recurring or not self._once.isdisjoint(section.take)):
                for entry in self._by_id.values():
                    if entry.type in section.take:
                        found[entry.id] = entry
        return tuple(sorted(found.values(), key=lambda entry: entry.id))
