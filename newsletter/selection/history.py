"""What earlier issues have shown."""

from __future__ import annotations

from newsletter.model.entry import Entry
from newsletter.model.selection import Selection


class History:
    """The entries that earlier issues have shown, by id and by canonical address."""

    def __init__(self) -> None:
        self._by_id: dict[str, str] = {}
        self._by_url: dict[str, tuple[str, str]] = {}

    def remember(self, selection: Selection) -> None:
        """Add what an issue shows; entries that may recur are not held against later issues."""
        for entry in selection.entries:
            if entry.recurs:
                continue
            self._by_id.setdefault(entry.id, selection.issue.name)
            if entry.canonical_url:
                self._by_url.setdefault(entry.canonical_url, (selection.issue.name, entry.id))

    def shown(self, entry: Entry) -> str:
        """Return in which issue the entry was shown, in words, or nothing."""
        if entry.recurs:
            return ""
        if entry.id in self._by_id:
            return f"in issue {self._by_id[entry.id]}"
        if entry.canonical_url in self._by_url:
            issue, other = self._by_url[entry.canonical_url]
            return f"in issue {issue}, as {other} with the same link"
        return ""
