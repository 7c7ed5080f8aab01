"""Slots on their way through the templates: as tokens that no entry can write, until the result is cut at them.

A token is made of the SHA-256 of everything that is shown. To write one into an entry, its author would have to know
the hash of a text that contains this very hash.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from newsletter.errors import RenderingError
from newsletter.model.explanation import did_you_mean
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.slot import SLOTS, Context, Slot, SlotKind, Slotted

_MARKER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?:\|([^{}|\n]*))?\}")
# A reserved name (RFC 6761): Markdown, nh3 and MJML let the token pass as the address that it stands for.
_HOST = "https://slot.invalid/"


class Slots:
    """The slots of one edition, each with the token that stands for it."""

    def __init__(self, content: bytes) -> None:
        """Make tokens that cannot occur in `content`, which is everything the edition shows."""
        self._nonce = "x" + hashlib.sha256(content).hexdigest()[:24] + "x"
        self._slots: list[Slot] = []

    def token(self, name: str, fallback: str = "") -> str:
        """Return the token for a slot; templates call this `slot`.

        Raises RenderingError for a name that no slot has.
        """
        if name not in SLOTS:
            raise RenderingError(f"there is no slot '{name}'", why=_known(name), fix="correct the slot's name")
        slot = Slot(name, fallback)
        if slot not in self._slots:
            self._slots.append(slot)
        token = f"{self._nonce}{self._slots.index(slot)}x"
        return _HOST + token if SLOTS[name] is SlotKind.URL else token

    def mark(self, text: str, place: Place, field: str) -> str:
        """Return the team's text with `{first_name|reader}` and the like turned into tokens.

        Raises RenderingError for a name that no slot has.
        """

        def replace(match: re.Match[str]) -> str:
            if match[1] not in SLOTS:
                raise RenderingError(
                    f"`{field}` has a slot that does not exist",
                    findings=[
                        Finding(
                            "REN001",
                            Severity.ERROR,
                            f"there is no slot `{{{match[1]}}}`",
                            place,
                            why=_known(match[1]),
                            fix="correct the name, or leave out the braces",
                            field=field,
                        )
                    ],
                )
            return self.token(match[1], (match[2] or "").strip())

        return _MARKER.sub(replace, text)

    def cut(self, text: str, context: Context) -> Slotted:
        """Return the bytes of `text`, cut at its tokens."""
        chunks, slots = self._divided(text)
        return Slotted(tuple(chunk.encode() for chunk in chunks), tuple(slots), context)

    def show(self, text: str) -> str:
        """Return `text` with each token as the marker that a person would write."""
        chunks, slots = self._divided(text)
        return "".join(
            part for pair in zip(chunks, [*(slot.marker for slot in slots), ""], strict=True) for part in pair
        )

    def expect_same(self, before: str, after: str) -> None:
        """Raise RenderingError unless both texts have the same slots equally often."""
        one, other = Counter(self._divided(before)[1]), Counter(self._divided(after)[1])
        if one != other:
            names = sorted({slot.name for slot in (one - other) + (other - one)})
            raise RenderingError(
                f"the slot {', '.join(names)} was lost or doubled on the way through MJML",
                why="a reader would miss their link, or find it where it does not belong",
                fix="place slots in the text or in a link of a template, not in its head",
            )

    def _divided(self, text: str) -> tuple[list[str], list[Slot]]:
        # Splitting at a fixed string is a hundred times faster than searching for a pattern that begins with an option.
        first, *rest = text.split(self._nonce)
        chunks, slots = [first], []
        for part in rest:
            number, _, after = part.partition("x")
            slot = self._slots[int(number)]
            if SLOTS[slot.name] is SlotKind.URL:
                chunks[-1] = chunks[-1].removesuffix(_HOST)
            slots.append(slot)
            chunks.append(after)
        return chunks, slots


def _known(name: str) -> str:
    meant = did_you_mean(name, SLOTS)
    return f"did you mean {{{meant}}}?" if meant else f"the slots are {', '.join(f'{{{known}}}' for known in SLOTS)}"
