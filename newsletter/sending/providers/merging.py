"""An edition in the syntax of a provider that puts readers' values in by itself.

Values are escaped here for the place where they stand, because providers disagree about it: a slot that occurs in HTML
and in plain text becomes two variables, and the provider copies both as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.model.edition import Edition
from newsletter.model.slot import Context, Slot, Slotted, escape


@dataclass(frozen=True, slots=True)
class Merged:
    """Texts with variables, and what each variable stands for."""

    subject: bytes
    text: bytes
    html: bytes
    variables: tuple[tuple[str, Slot, Context], ...]

    def values(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the value of every variable for one reader: none is ever left out."""
        return {
            name: escape(slot, values.get(slot.name, ""), context).decode() for name, slot, context in self.variables
        }


def merged(edition: Edition, variable: Callable[[str], str]) -> Merged:
    """Return an edition with `variable(name)` in the place of each slot; names are letters and digits."""
    names: dict[tuple[Slot, Context], str] = {}

    def write(part: Slotted) -> bytes:
        pieces = [part.chunks[0]]
        for slot, chunk in zip(part.slots, part.chunks[1:], strict=True):
            name = names.setdefault((slot, part.context), f"s{len(names)}")
            pieces += (variable(name).encode(), chunk)
        return b"".join(pieces)

    subject, text, html = (write(part) for part in (edition.subject, edition.text, edition.html))
    return Merged(subject, text, html, tuple((name, slot, context) for (slot, context), name in names.items()))


def foreign(edition: Edition, delimiter: re.Pattern[bytes]) -> str:
    """Return the first text of an edition that a provider would take for a variable of its own, or nothing."""
    for part in (edition.subject, edition.text, edition.html):
        for chunk in part.chunks:
            found = delimiter.search(chunk)
            if found:
                return found[0].decode(errors="replace")
    return ""
