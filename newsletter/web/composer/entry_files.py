"""An entry by its file: where it is, what the file says, and which type it has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.config import Workspace
from newsletter.content import registry, text
from newsletter.content.mistake import Mistake
from newsletter.errors import ContentError, NotFound
from newsletter.model.entry import Entry
from newsletter.web.composer.desk import Desk


@dataclass(frozen=True, slots=True)
class Found:
    """An entry by its file, whether it can be used or not."""

    workspace: Workspace
    id: str
    type: str
    path: Path
    file: str
    entry: Entry | None

    @property
    def title(self) -> str:
        """What it is called; its id where nobody can tell."""
        return self.entry.title if self.entry else self.id

    @property
    def is_alone(self) -> bool:
        """Whether the file holds this entry and no other."""
        return self.path.suffix.lower() == ".md"

    def read(self) -> str:
        """Return what the file says, byte for byte; raise ContentError for one that is no text."""
        read = text.read(str(self.path))
        if isinstance(read, Mistake):
            raise ContentError(f"{self.file} cannot be shown", findings=[read.finding("ENT", self.file)])
        return self.path.read_bytes().decode("utf-8")

    def digest(self) -> str:
        """Return a sign of what the file says, by which a change is noticed."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:12]


def find(desk: Desk, name: str, file: str = "") -> Found:
    """Return an entry by its id, the one in `file` where several have it; raise NotFound where none has."""
    space, content = desk.read()
    found = [
        *((entry.type, entry.origin.file, entry) for entry in content.entries if entry.id == name),
        *((item.type, item.file, None) for item in content.unreadable if item.id == name),
    ]
    if found:
        # The one that a form has shown comes before others that have got its id since.
        type_, path, entry = min(found, key=lambda one: one[1] != file)
        return Found(space, name, type_, space.root / path, path, entry)
    raise NotFound(f"there is no entry '{name}'", why="it may have been renamed or deleted meanwhile")


def model_of(found: Found) -> type[Entry]:
    """Return the type of an entry; raise ContentError where nobody knows it."""
    model = registry.load(found.workspace).by_name.get(found.type)
    if model is None:
        raise ContentError(f"{found.file} has no type that is known", fix="correct it as text")
    return model


def lost(changes: Mapping[str, str], now: Mapping[str, str], was: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields that a form changes and that were changed elsewhere meanwhile, into something else."""
    return tuple(
        name
        for name, value in changes.items()
        if not same(now.get(name, ""), was.get(name, "")) and not same(now.get(name, ""), value)
    )


def same(one: str, other: str) -> bool:
    """Whether a form's field says what it said before; browsers add line breaks at its end."""
    return one.strip("\n").rstrip() == other.strip("\n").rstrip()
