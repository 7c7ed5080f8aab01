"""JSON in pieces: what all readers get is escaped once, what differs is put between."""

from __future__ import annotations

import json
from collections.abc import Mapping

from newsletter.model.slot import Slotted, escape

json_of = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact JSON; keys keep their order, so the same value gives the same text."""


def inside(value: bytes) -> bytes:
    """Return UTF-8 text as it stands inside a JSON string."""
    return json_of(value.decode())[1:-1].encode()


class EscapedPart:
    """A part of an edition whose chunks may stand inside a JSON string."""

    def __init__(self, part: Slotted) -> None:
        self._first, *self._others = [inside(chunk) for chunk in part.chunks]
        self._slots = tuple(dict.fromkeys(part.slots))
        self._places = [self._slots.index(slot) for slot in part.slots]
        self._context = part.context
        self.size = len(self._first) + sum(map(len, self._others))

    def fill(self, values: Mapping[str, str], parts: list[bytes]) -> None:
        """Append the part for one reader, in pieces."""
        context = self._context
        filled = [inside(escape(slot, values.get(slot.name, ""), context)) for slot in self._slots]
        parts.append(self._first)
        for place, chunk in zip(self._places, self._others, strict=True):
            parts += (filled[place], chunk)
