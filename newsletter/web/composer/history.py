"""What was changed from here, so that the last of it can be taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.content.text import LARGEST
from newsletter.errors import Refused
from newsletter.files import one_at_a_time, replace_file

_MOST = 100


@dataclass(frozen=True, slots=True)
class Written:
    """A file before and after; None where there was none, or is none any more."""

    path: Path
    before: bytes | None
    after: bytes | None

    def now(self) -> bytes | None:
        """Return what the file says now; None where there is none."""
        return self.path.read_bytes() if self.path.exists() else None

    def take_back(self) -> None:
        """Write what the file said before; raise OSError where the system does not let it."""
        if self.before is not None:
            replace_file(self.path, self.before)
            return
        self.path.unlink(missing_ok=True)
        with suppress(OSError):
            # The folder of an issue is made with it; one that holds anything else stays.
            self.path.parent.rmdir()


@dataclass(frozen=True, slots=True)
class Change:
    """What was done at once, in one file or in several."""

    sentence: str
    """Such as `“New wells” is dropped`."""
    files: tuple[Written, ...]

    @property
    def is_new(self) -> bool:
        """Whether a file came to be by it."""
        return any(written.before is None for written in self.files)

    @property
    def overwritten(self) -> Path | None:
        """The file that was changed elsewhere since, if there is one."""
        # What was taken back before the disk was full says what it said before already.
        return next((one.path for one in self.files if one.now() not in {one.after, one.before}), None)


class History:
    """The changes of one session, the newest last."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._refused: set[Change] = set()
        self._together: dict[Path, Written] | None = None

    @property
    def last(self) -> Change | None:
        """What would be taken back; what was refused waits until its files say again what was written here."""
        return next((one for one in reversed(self._done) if one not in self._refused or not one.overwritten), None)

    def write(self, path: Path, after: bytes, sentence: str, *, seen: bytes | None) -> bool:
        """Write a file and remember what it said; return whether it says something else now.

        `seen` is what it said when the change was made of it, or None for a file that is new. Raises Refused for one
        that says something else by now or may be read only, and for a text that could not be read again.
        """
        with one_at_a_time(path.parent) if path.exists() else nullcontext():
            return self._write(path, after, sentence, seen=seen)

    def _write(self, path: Path, after: bytes, sentence: str, *, seen: bytes | None) -> bool:
        before = path.read_bytes() if path.exists() else None
        if before == after:
            return False
        if before != seen:
            raise Refused(
                f"{path.name} is not changed",
                why="somebody else has changed it at the same moment",
                fix="look at it again, then change what you meant",
            )
        if len(after) > LARGEST:
            raise Refused(
                f"{path.name} is not changed",
                why=f"it would have {len(after) / 1_000_000:.1f} MB, and an entry or an issue is a page or two of text",
                fix="shorten the text; pictures belong into the folder images",
            )
        if before is not None and not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK)):
            raise Refused(
                f"{path.name} is not changed",
                why="it is a file that may be read only",
                fix="ask whoever keeps it, or allow changes in the file's properties",
            )
        replace_file(path, after)
        written = Written(path, before, after)
        if self._together is None:
            self._keep(Change(sentence, (written,)))
        else:
            first = self._together.get(path, written)
            self._together[path] = replace(written, before=first.before)
        return True

    def delete(self, path: Path, sentence: str) -> None:
        """Delete a file and remember what it said."""
        before = path.read_bytes()
        path.unlink()
        self._keep(Change(sentence, (Written(path, before, None),)))

    @contextmanager
    def together(self, sentence: str) -> Iterator[None]:
        """Let everything that is written meanwhile be taken back at once."""
        written: dict[Path, Written] = {}
        self._together = written
        try:
            yield
        finally:
            self._together = None
            if written:
                self._keep(Change(sentence, tuple(written.values())))

    def _keep(self, change: Change) -> None:
        self._done = [*self._done[1 - _MOST :], change]
        # The same change once more is a new one.
        self._refused = (self._refused & set(self._done)) - {change}

    def undo(self) -> Change:
        """Take the last change back; raise Refused where somebody has changed the file since, or nothing is left."""
        change = self.last
        if change is None:
            raise Refused("there is nothing to take back", why="only what was changed here since it was started can be")
        theirs = change.overwritten
        if theirs:
            self._refused.add(change)
            raise Refused(
                f"this cannot be taken back: {change.sentence}",
                why=f"the file {theirs.name} was changed elsewhere since, and that would get lost",
                fix="take it back by hand, where you see it, or undo it as soon as that file is as it was",
            )
        for written in change.files:
            written.take_back()
        # Only now: where the disk is full, it can be tried again.
        self._done = [one for one in self._done if one is not change]
        return change
