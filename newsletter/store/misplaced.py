"""Files that are not what their names say: SQLite would go on with them, and lose or damage what they hold."""

from __future__ import annotations

import time
from pathlib import Path

from newsletter.errors import ConfigurationError

_BEGUN_WITHIN = 3.0
"""Seconds from a new file to the first page in it."""
_MARK = b"SQLite format 3\0"


def check_log(file: Path, name: str) -> None:
    """Refuse a write-ahead log that is not the file's own: SQLite would write it into the file, or delete it."""
    log = file.with_name(f"{file.name}-wal")
    try:
        if not log.stat().st_size or _has_log(file):
            return
    except OSError:
        # What is wrong with it is told by whoever opens it.
        return
    raise ConfigurationError(
        f"beside {name} lies the log of another database, {log.name}",
        why="what it holds would be written into this one and damage it, or be lost",
        fix="stop newsletter serve, worker and whatever else runs; where you have put back a copy, move "
        f"{log.name} and {file.name}-shm away, and otherwise put back the database that they belong to",
    )


def check_begun(file: Path, name: str) -> None:
    """Refuse an empty file; a command that has just made it writes the first page at once, and is waited for."""
    deadline = time.monotonic() + _BEGUN_WITHIN
    while not file.stat().st_size:
        if time.monotonic() > deadline:
            raise ConfigurationError(
                f"the database {name} is an empty file",
                why="if there was one, who has left and what was sent is lost, and a new one would not know it",
                fix="put back your latest copy, as `newsletter docs sending` says; to begin with a new database, "
                "delete the file",
            )
        time.sleep(0.01)


def _has_log(file: Path) -> bool:
    """Return whether a database says of itself that it has a log; a copy says no, and nothing else has one."""
    try:
        with file.open("rb") as source:
            head = source.read(20)
    except FileNotFoundError:
        return False
    # It says so before there is one, and until that is gone: https://www.sqlite.org/fileformat.html#the_database_header
    return head[18:20] == b"\2\2" if head.startswith(_MARK) else bool(head)
