"""Slots on their way through the templates: as tokens that no entry can write, until the result is cut at them.

A token holds 96 bits of chance, drawn when the process starts. None of it comes out again: only its place matters, and
its length is always the same, so that the same entries give the same bytes.
"""

from __future__ import annotations

import re
import secrets

from newsletter.errors import RenderingError
from newsletter.model.explanation import did_you_mean
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.slot import SLOTS, Context, Slot, SlotKind, Slotted

_MARKER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?:\|([^{}|\n]*))?\}")
# A reserved name (RFC 6761): Markdown, nh3 and MJML let the token pass as the address that it stands for.
_HOST = "https://slot.invalid/"
# Of letters that are rare in mails, because what is rare is found ten times faster.
_NONCE = "".join(secrets.choice("JKQVWXYZ") for _ in range(32))


class Slots:
    """The slots of one edition, each with the token that stands for it."""

    def __init__(self) -> None:
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
        token = f"{_NONCE}{self._slots.index(slot)}x"
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

    def cut(self, text: str | bytes, context: Context) -> Slotted:
        """Return the bytes of `text`, cut at its tokens."""
        data = text.encode() if isinstance(text, str) else text
        # Splitting at a fixed string is a hundred times faster than searching for a pattern that begins with an option.
        first, *rest = data.split(_NONCE.encode())
        chunks, slots = [first], []
        for part in rest:
            number, _, after = part.partition(b"x")
            slot = self._slots[int(number)]
            if SLOTS[slot.name] is SlotKind.URL:
                chunks[-1] = chunks[-1].removesuffix(_HOST.encode())
            slots.append(slot)
            chunks.append(after)
        return Slotted(tuple(chunks), tuple(slots), context)

    def show(self, text: str) -> str:
        """Return `text` with each token as the marker that a person would write."""
        shown, *rest = text.split(_NONCE)
        parts = [shown]
        for part in rest:
            number, _, after = part.partition("x")
            slot = self._slots[int(number)]
            if SLOTS[slot.name] is SlotKind.URL:
                parts[-1] = parts[-1].removesuffix(_HOST)
            parts += (_marker(slot), after)
        return "".join(parts)

    def expect_same(self, before: str, after: bytes) -> None:
        """Raise RenderingError unless both have the same slots equally often."""
        for number, slot in enumerate(self._slots):
            token = f"{_NONCE}{number}x"
            if before.count(token) != after.count(token.encode()):
                raise RenderingError(
                    f"the slot {slot.name} was lost or doubled on the way through MJML",
                    why="a reader would miss their link, or find it where it does not belong",
                    fix="place slots in the text or in a link of a template, not in its head",
                )


def _marker(slot: Slot) -> str:
    return f"{{{slot.name}|{slot.fallback}}}" if slot.fallback else f"{{{slot.name}}}"


def _known(name: str) -> str:
    meant = did_you_mean(name, SLOTS)
    return f"did you mean {{{meant}}}?" if meant else f"the slots are {', '.join(f'{{{known}}}' for known in SLOTS)}"
