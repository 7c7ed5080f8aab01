"""Slots: the places in an edition that are filled for each reader, and byte strings cut at them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SlotKind(StrEnum):
    """What a slot's value is."""

    TEXT = "text"
    URL = "url"


SLOTS: Mapping[str, SlotKind] = {
    "first_name": SlotKind.TEXT,
    "unsubscribe_url": SlotKind.URL,
    "view_url": SlotKind.URL,
}


class Context(StrEnum):
    """Where a slot stands, which decides how its value is escaped."""

    HTML = "html"
    PLAIN = "plain"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Slot:
    """One use of a slot: its name, and what stands there for a reader without a value."""

    name: str
    fallback: str = ""

    @property
    def marker(self) -> str:
        """The slot as a person writes it: `{first_name|reader}`."""
        return f"{{{self.name}|{self.fallback}}}" if self.fallback else f"{{{self.name}}}"


_SPACE = re.compile(r"\s+")
# Without TLS only on the machine itself, where a team tries things out.
_ADDRESS = re.compile(
    r"(?:https://|mailto:|http://(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|\Z))[^\s<>\"']+", re.IGNORECASE
)
# Nothing in it has to be cleaned or escaped anywhere; most values are nothing else.
_PLAIN = re.compile(r"[!#-%(-;=?-~]+(?: [!#-%(-;=?-~]+)*")
# Such as almost every address is.
_PLAIN_ADDRESS = re.compile(r"https://[!#-%(-;=?-~]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def escape(slot: Slot, value: str, context: Context) -> bytes:
    """Return a reader's value as it may stand in `context`; raise ValueError as `shown` does."""
    # Every reader of a mailing comes through here: names of one word and plain addresses take one look.
    if (value.isalnum() and SLOTS[slot.name] is SlotKind.TEXT) or _PLAIN_ADDRESS.fullmatch(value):
        return value.encode()
    in_text, in_html = shown(slot, value)
    return (in_html if context is Context.HTML else in_text).encode()


def shown(slot: Slot, value: str) -> tuple[str, str]:
    """Return a reader's value as it may stand in plain text and headers, and as it may stand in HTML.

    Text loses control characters and line breaks everywhere, so that a name can be neither a header nor markup.
    Raises ValueError for an address that is neither https nor mailto; http leads to the machine itself only.
    """
    plain = _PLAIN.fullmatch(value) is not None
    text = value if plain else _SPACE.sub(" ", _CONTROL.sub("", value)).strip() or slot.fallback
    if SLOTS[slot.name] is SlotKind.URL and not _ADDRESS.fullmatch(text):
        raise ValueError(f"{slot.name} is not an https or mailto address: {text!r}")
    return text, text if plain else html.escape(text)


@dataclass(frozen=True, slots=True)
class Slotted:
    """Bytes cut at their slots: `chunks[0] slots[0] chunks[1] … slots[-1] chunks[-1]`."""

    chunks: tuple[bytes, ...]
    slots: tuple[Slot, ...]
    context: Context

    def __post_init__(self) -> None:
        if len(self.chunks) != len(self.slots) + 1:
            raise ValueError("a slot stands between two chunks")

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return the bytes for one reader; a slot without a value shows its fallback."""
        parts = [b""] * (len(self.chunks) + len(self.slots))
        parts[::2] = self.chunks
        parts[1::2] = [escape(slot, values.get(slot.name, ""), self.context) for slot in self.slots]
        return b"".join(parts)

    @property
    def marked(self) -> str:
        """The text with each slot as its marker."""
        markers = [*(slot.marker for slot in self.slots), ""]
        return "".join(chunk.decode() + marker for chunk, marker in zip(self.chunks, markers, strict=True))
