"""What has changed in an issue, one sentence a change: for terminal, report and pull request."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of change it is."""

    EDITION_ADDED = "edition_added"
    EDITION_REMOVED = "edition_removed"
    TEXT_CHANGED = "text_changed"
    """Title, subject, preheader, introduction or a correction."""
    ENTRY_ADDED = "entry_added"
    ENTRY_REMOVED = "entry_removed"
    ENTRY_MOVED = "entry_moved"
    ENTRY_CHANGED = "entry_changed"
    SECTION_ADDED = "section_added"
    SECTION_REMOVED = "section_removed"
    SECTION_MOVED = "section_moved"
    SECTION_CHANGED = "section_changed"
    LINK_ADDED = "link_added"
    LINK_REMOVED = "link_removed"
    IMAGE_ADDED = "image_added"
    IMAGE_REMOVED = "image_removed"
    IMAGE_CHANGED = "image_changed"
    ALT_CHANGED = "alt_changed"
    SENDER_CHANGED = "sender_changed"
    AUDIENCE_CHANGED = "audience_changed"
    DESIGN_CHANGED = "design_changed"
    LOOK_CHANGED = "look_changed"
    """The HTML or the plain text differs, and nothing above tells why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was."""

    kind: Kind
    sentence: str
    editions: tuple[str, ...] = ()
    """The names of the editions that show it; none for what concerns the issue as a whole."""
    entry: str = ""
    """The id of the entry concerned."""
    field: str = ""
    """The name of the field, header or text concerned."""
    before: str = ""
    after: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the object in `diff.json` and `approve --check --json`."""
        return {**asdict(self), "kind": str(self.kind), "editions": list(self.editions)}


@dataclass(frozen=True, slots=True)
class Resized:
    """An edition whose size has changed, in bytes."""

    edition: str
    html_before: int
    html_after: int
    text_before: int
    text_after: int

    @property
    def sentence(self) -> str:
        """The sizes in one sentence."""
        parts = [
            f"the {name} has {after:,} bytes, {_more(after - before)} than before"
            for name, before, after in (
                ("HTML", self.html_before, self.html_after),
                ("plain text", self.text_before, self.text_after),
            )
            if before != after
        ]
        sentence = ", and ".join(parts)
        return f"{sentence[0].upper()}{sentence[1:]}."


def _more(bytes_more: int) -> str:
    return f"{abs(bytes_more):,} {'more' if bytes_more > 0 else 'fewer'}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed; it is false when nothing did."""

    before: str
    """The digest of the older outline."""
    after: str
    changes: tuple[Change, ...] = ()
    sizes: tuple[Resized, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.sizes)

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence a change, what matters most first; the sizes last."""
        several = len(self.sizes) > 1
        return (
            *(change.sentence for change in self.changes),
            *(f"{size.sentence[:-1]} ({size.edition})." if several else size.sentence for size in self.sizes),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the object that reports and scripts read."""
        return {
            "schema": 1,
            "before": self.before,
            "after": self.after,
            "changes": [change.as_json() for change in self.changes],
            "sizes": [asdict(size) for size in self.sizes],
        }
