"""What was changed from here, so that the last of it can be taken back."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.content.text import LARGEST
from newsletter.errors import Refused
from newsletter.files import replace_file

_MOST = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after; `before` is None for one that was not there."""

    sentence: str
    """What was done, such as `“New wells” is dropped`."""
    path: Path
    before: bytes | None
    after: bytes


class History:
    """The changes of one session, the newest last."""

    def __init__(self) -> None:
        self._done: list[Change] = []

    @property
    def last(self) -> Change | None:
        """What would be taken back."""
        return self._done[-1] if self._done else None

    def write(self, path: Path, after: bytes, sentence: str, *, seen: bytes | None) -> bool:
        """Write a file and remember what it said; return whether it says something else now.

        `seen` is what it said when the change was made of it, or None for a file that is new. Raises Refused for one
        that says something else by now or may be read only, and for a text that could not be read again.
        """
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
        self._done = [*self._done[1 - _MOST :], Change(sentence, path, before, after)]
        return True

    def undo(self) -> Change:
        """Take the last change back; raise Refused where somebody has changed the file since, or nothing is left."""
        if not self._done:
            raise Refused("there is nothing to take back", why="only what was changed here since it was started can be")
        change = self._done[-1]
        now = change.path.read_bytes() if change.path.exists() else None
        if now != change.after:
            self._done.pop()
            raise Refused(
                f"this cannot be taken back: {change.sentence}",
                why=f"the file {change.path.name} was changed elsewhere since, and that would get lost",
                fix="take it back by hand, where you see it",
            )
        if change.before is None:
            change.path.unlink()
            with suppress(OSError):
                # The folder of an issue is made with it; one that holds anything else stays.
                change.path.parent.rmdir()
        else:
            replace_file(change.path, change.before)
        # Only now: where the disk is full, it can be tried again.
        self._done.pop()
        return change
