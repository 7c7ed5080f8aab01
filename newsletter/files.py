"""Files: written whole or not at all, and known to have changed without being read."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unicodedata import normalize

if sys.platform != "win32":
    import fcntl

Stamp = tuple[str, int, int, int]
"""A file's path, when it was changed (nanoseconds), its size and its number: another one once it was written anew.

The number, because some disks tell times by the second, and whoever moves an entry to and fro changes no size.
"""
_IN_USE = frozenset({5, 32})
"""How Windows calls a file that somebody has open: ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION."""
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
_WRITING = threading.Lock()
"""The threads of one process would share the file's new text."""


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never half of it; who may use it stays."""
    if path.is_symlink():
        # A link stays a link: what is written is the file that it leads to.
        path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with _WRITING:
            # What lies there may be a link, which came with the files of somebody else and leads anywhere.
            part.unlink(missing_ok=True)
            with part.open("xb") as file:
                file.write(content)
            if path.exists():
                shutil.copymode(path, part)
            _put(part, path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError):
            # The part is nothing that anybody knows of.
            error.filename = str(path)
        raise


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a text file by what it says; where somebody else has written it meanwhile, by what it says then."""
    with one_at_a_time(path.parent):
        text = None
        while (now := path.read_bytes()) != text:
            text = now
            changed = change(text.decode("utf-8")).encode()
        if changed != text:
            replace_file(path, changed)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other command changes a file of a folder by what it says, and keep others waiting."""
    if sys.platform == "win32":
        yield
    else:
        handle = os.open(folder, os.O_RDONLY)
        try:
            # Some network drives have no locks; it is free again once the handle is closed, whatever becomes of us.
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _put(part: Path, path: Path) -> None:
    """Give a file its final name; on Windows nobody may read the one that has it, as scanners do for a moment."""
    for pause in _PAUSES:
        try:
            part.replace(path)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _IN_USE:
                raise
            time.sleep(pause)
        else:
            return
    part.replace(path)


def is_below(path: str | Path, folder: str | Path) -> bool:
    """Whether a file truly lies below a folder, wherever links on the way lead."""
    return os.path.realpath(path).startswith(os.path.realpath(folder).rstrip(os.sep) + os.sep)


def spelled(folder: str, path: str) -> str:
    """Return where a path below a folder leads, whichever way its letters are put together.

    macOS keeps é as e and an accent, and other systems take the two for different names.
    """
    whole = f"{folder}/{path}"
    if path.isascii() or os.path.exists(whole):  # noqa: PTH110  for each picture at each rendering
        return whole
    others = (f"{folder}/{normalize(form, path)}" for form in ("NFC", "NFD"))
    return next(filter(os.path.exists, others), whole)


def stamps(folder: str) -> Iterator[Stamp]:
    """Yield the stamp of every file below a folder, in no order."""
    # Ten times faster than pathlib and twice as fast as os.walk, at each rendering. What goes away meanwhile, such as
    # an editor's own file, is not there.
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from stamps(entry.path)
                continue
            with suppress(OSError):
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size, status.st_ino


def stamp(path: str | Path) -> Stamp:
    """Return the stamp of a file, whether it is there or not."""
    try:
        status = os.stat(path)  # noqa: PTH116  for each entry at each reading
    except OSError:
        return str(path), 0, 0, 0
    return str(path), status.st_mtime_ns, status.st_size, status.st_ino
