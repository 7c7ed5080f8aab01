"""Names in a workspace's own labels that look like those of shipped ones, and change none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from newsletter.model.finding import Finding, Place, Severity, position

MISSPELT = "REN006"
_ALIKE = 0.8
"""How much of a name must be another's to be meant for it; a team's own `types.vacancy` is like none."""


def misspelt(own: Mapping[str, Any], shipped: Mapping[str, Any], source: str, file: str) -> tuple[Finding, ...]:
    """Return a finding for each such name in `source`, which says `own` and lies at `file`."""
    return tuple(
        Finding(
            MISSPELT,
            Severity.WARNING,
            f"the label '{name}' is none that the templates know; did you mean '{meant}'?",
            _place(name, source, file),
            why="what it says is shown nowhere",
            fix=f"write {meant}",
        )
        for name, meant in _pairs(own, shipped)
    )


def _pairs(own: Mapping[str, Any], shipped: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    free = [name for name in shipped if name not in own]
    for name, value in own.items():
        known = shipped.get(name)
        # Another language may have plural forms that the shipped one has not.
        if isinstance(value, Mapping) and isinstance(known, Mapping) and "other" not in known:
            yield from _pairs(value, known)
        elif name not in shipped and (meant := get_close_matches(name, free, n=1, cutoff=_ALIKE)):
            yield name, meant[0]


def _place(name: str, source: str, file: str) -> Place:
    written = re.search(rf"^[ \t]*\[?[ \t]*[\"']?({re.escape(name)})[\"']?[ \t]*[=\].]", source, re.MULTILINE)
    at = written.start(1) if written else 0
    return Place(file, *position(source, at))
