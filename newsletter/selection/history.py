"""What earlier issues have shown to the same readers."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.model.entry import Entry
from newsletter.model.issue import Issue
from newsletter.model.selection import Selection


class History:
    """The entries that earlier issues have shown, by id and by canonical address."""

    def __init__(self) -> None:
        self._by_id: dict[str, list[tuple[Issue, str]]] = {}
        self._by_url: dict[str, list[tuple[Issue, str]]] = {}

    def remember(self, selection: Selection) -> None:
        """Add what an issue shows; entries that may recur are not held against later issues."""
        for entry in selection.entries:
            if entry.recurs:
                continue
            self._by_id.setdefault(entry.id, []).append((selection.issue, entry.id))
            if entry.canonical_url:
                self._by_url.setdefault(entry.canonical_url, []).append((selection.issue, entry.id))

    def shown(self, entry: Entry, issue: Issue) -> str:
        """Return in which issue the readers of this one were shown the entry, in words, or nothing."""
        if entry.recurs:
            return ""
        if found := _first(self._by_id.get(entry.id, ()), issue):
            return f"in issue {found[0].name}"
        if found := _first(self._by_url.get(entry.canonical_url or "", ()), issue):
            return f"in issue {found[0].name}, as {found[1]} with the same link"
        return ""


def _first(shown: Iterable[tuple[Issue, str]], issue: Issue) -> tuple[Issue, str] | None:
    return next((one for one in shown if one[0].shares_readers(issue)), None)
