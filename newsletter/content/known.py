"""What entry files said when they were read before: whoever looks again reads those alone that have changed since."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from newsletter.files import Stamp, stamp
from newsletter.model.content import Unreadable
from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Place

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file has another time when it is written again, on disks of every kind."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One entry of a file: as it can be used, or that it cannot; whatever other files say."""

    id: str
    claim: Place
    """Where the file claims the id."""
    entry: Entry | None
    unreadable: Unreadable | None
    findings: tuple[Finding, ...]
    lasts: bool = True
    """Whether it would be judged alike again, as long as the file is the same."""


class Known:
    """The entries of files by one process; they go on counting as long as what they were judged by is the same."""

    def __init__(self) -> None:
        self._by: Hashable = None
        self._before: dict[str, tuple[Stamp, tuple[Judged, ...]]] = {}
        self._now: dict[str, tuple[Stamp, tuple[Judged, ...]]] = {}

    def begin(self, by: Hashable) -> None:
        """Begin a reading of all files, whose entries are judged by something."""
        self._before, self._now = self._now if by == self._by else {}, {}
        self._by = by

    def read(self, path: str, judge: Callable[[], tuple[Judged, ...]]) -> tuple[Judged, ...]:
        """Return the entries of a file, judged anew where it has changed."""
        now = stamp(path)
        before, judged = self._before.get(path, (None, ()))
        if before != now:
            judged = judge()
            # Written once more within the same moment it would look the same.
            if time.time_ns() - now[1] < _SETTLED or not all(one.lasts for one in judged):
                return judged
        self._now[path] = now, judged
        return judged
