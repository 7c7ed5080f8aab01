"""What earlier issues have shown to the same readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from newsletter.model.entry import Entry, is_repeat
from newsletter.model.issue import Issue
from newsletter.model.selection import SAME_LINK, Selection

_EVERYBODY = ""
"""Stands for the lists of an issue that names none yet."""


class History:
    """The entries that earlier issues have shown, by id and by canonical address, and how far each list's ones went."""

    def __init__(self) -> None:
        self._ends: dict[str, date] = {}
        self._whole_ends: dict[str, date] = {}
        """As far as everybody on a list has had issues, and not only a segment of it."""
        self._by_id: dict[str, list[tuple[Issue, Entry]]] = {}
        self._by_url: dict[str, list[tuple[Issue, Entry]]] = {}

    def remember(self, selection: Selection) -> None:
        """Add what an issue shows; entries that may recur are not held against later issues."""
        for name in selection.issue.lists or (_EVERYBODY,):
            for ends in (self._ends,) if selection.issue.segment else (self._ends, self._whole_ends):
                ends[name] = max(selection.period.end, ends.get(name, date.min))
        for entry in selection.entries:
            if entry.recurs:
                continue
            self._by_id.setdefault(entry.id, []).append((selection.issue, entry))
            if entry.canonical_url:
                self._by_url.setdefault(entry.canonical_url, []).append((selection.issue, entry))

    def itself_in(self, entry: Entry, issue: Issue) -> str:
        """Return the issue in which the readers of this one were shown the entry itself, or nothing."""
        found = _first(self._by_id.get(entry.id, ()), issue)
        return found[0].name if found else ""

    def shown(self, entry: Entry, issue: Issue) -> str:
        """Return in which issue the readers of this one were shown the entry, in words, or nothing."""
        if entry.recurs:
            return ""
        if found := _first(self._by_id.get(entry.id, ()), issue):
            return f"in issue {found[0].name}"
        if found := _first(self._repeated(entry), issue):
            return f"in issue {found[0].name}, as {found[1].id} with {SAME_LINK}"
        return ""

    def unseen_by(self, entry: Entry, issue: Issue) -> tuple[str, ...]:
        """Return the lists of an issue of whose readers some have not been shown the entry by an earlier one."""
        known = [*self._by_id.get(entry.id, ()), *self._repeated(entry)]
        return tuple(name for name in issue.lists if not any(other.reaches_all(name, issue) for other, _ in known))

    def _repeated(self, entry: Entry) -> list[tuple[Issue, Entry]]:
        """Return what has been shown of which the entry would be a repeat."""
        return [one for one in self._by_url.get(entry.canonical_url or "", ()) if is_repeat(entry, one[1])]

    def behind(self, day: date, issue: Issue) -> tuple[str, ...]:
        """Return the lists of an issue whose earlier ones ended before a day that readers of its other lists have had.

        A list to which nothing has gone yet has missed nothing.
        """
        known = [end for name in issue.lists if (end := _end(self._ends, name))]
        if not known or day >= max(known):
            return ()
        ends = self._ends if issue.segment else self._whole_ends
        return tuple(name for name in issue.lists if (end := _end(ends, name)) and end <= day)


def _end(ends: Mapping[str, date], name: str) -> date | None:
    return max((ends[one] for one in (name, _EVERYBODY) if one in ends), default=None)


def _first(shown: Iterable[tuple[Issue, Entry]], issue: Issue) -> tuple[Issue, Entry] | None:
    return next((one for one in shown if one[0].shares_readers(issue)), None)
