"""What earlier visits found, so that nobody's server is asked again each time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from newsletter.files import replace_file
from newsletter.model.visit import Outcome, Visit

_GOOD_FOR = 7 * 86_400.0
_BAD_FOR = 900.0
"""Seconds: what was mended should be seen at once, but not within one afternoon's tries."""


class Memory:
    """A file with the last visit of each address."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._visits = self._read()

    def fresh(self, url: str, now: float) -> Visit | None:
        """Return the last visit of an address, unless it is too long ago."""
        visit = self._visits.get(url)
        if visit is None:
            return None
        lasts = _GOOD_FOR if visit.outcome is Outcome.OK else _BAD_FOR
        return visit if 0 <= now - visit.at < lasts else None

    def keep(self, visits: Iterable[Visit]) -> None:
        """Write visits down; what could not be reached is not worth remembering."""
        self._visits |= {visit.url: visit for visit in visits if visit.outcome is not Outcome.UNREACHABLE}
        rows = [asdict(visit) for visit in self._visits.values()]
        replace_file(self._file, json.dumps({"schema": 1, "visits": rows}, ensure_ascii=False, indent=1).encode())

    def _read(self) -> dict[str, Visit]:
        try:
            rows = json.loads(self._file.read_text(encoding="utf-8"))["visits"]
            visits = [Visit(**(row | {"outcome": Outcome(row["outcome"])})) for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            # A cache that is not there, or of another version, is an empty one.
            return {}
        return {visit.url: visit for visit in visits}
