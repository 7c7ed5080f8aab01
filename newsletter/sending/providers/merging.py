"""An edition in the syntax of a provider that puts readers' values in by itself.

Values are escaped here for the place where they stand, because providers disagree about it: a slot that occurs in HTML
and in plain text becomes two variables, and the provider copies both as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.model.edition import Edition
from newsletter.model.slot import Context, Slot, Slotted, shown


@dataclass(frozen=True, slots=True)
class Merged:
    """Texts with variables, and what each variable stands for."""

    subject: bytes
    text: bytes
    html: bytes
    variables: tuple[tuple[Slot, str, str], ...]
    """Each slot with its variable in plain text and that in HTML; empty where it does not occur."""

    def values(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the value of every variable for one reader: none is ever left out."""
        found = {}
        for slot, in_text, in_html in self.variables:
            # A subject wants no more than a text does: neither has line breaks in its values.
            text, page = shown(slot, values.get(slot.name, ""))
            if in_text:
                found[in_text] = text
            if in_html:
                found[in_html] = page
        return found


def merged(edition: Edition, variable: Callable[[str], str]) -> Merged:
    """Return an edition with `variable(name)` in the place of each slot; names are letters and digits."""
    names: dict[tuple[Slot, bool], str] = {}

    def write(part: Slotted) -> bytes:
        pieces = [part.chunks[0]]
        for slot, chunk in zip(part.slots, part.chunks[1:], strict=True):
            name = names.setdefault((slot, part.context is Context.HTML), f"s{len(names)}")
            pieces += (variable(name).encode(), chunk)
        return b"".join(pieces)

    subject, text, page = (write(part) for part in (edition.subject, edition.text, edition.html))
    slots = dict.fromkeys(slot for slot, _ in names)
    variables = ((slot, names.get((slot, False), ""), names.get((slot, True), "")) for slot in slots)
    return Merged(subject, text, page, tuple(variables))


def foreign(edition: Edition, delimiter: re.Pattern[bytes]) -> str:
    """Return the first text of an edition that a provider would take for a variable of its own, or nothing."""
    for part in (edition.subject, edition.text, edition.html):
        for chunk in part.chunks:
            found = delimiter.search(chunk)
            if found:
                return found[0].decode(errors="replace")
    return ""
