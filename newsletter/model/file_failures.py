"""What goes wrong with files and disks, in words for the comms team."""

from __future__ import annotations

import errno
import os

from newsletter.errors import ConfigurationError

_RIGHTS = (
    "newsletter may not read or write there",
    "give yourself the right to it, or choose another place",
)
_FULL = ("the disk has no more room", "free some space, then try again")
_SHAPE = (
    "a file lies where a folder is needed, or a folder where a file is",
    "move it away, or choose another place",
)
_IN_USE = ("another program has it open", "close it there, then try again")
_SHARED = frozenset({32, 33})
"""How Windows, which else speaks of rights, calls such a file: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION."""
_OPEN = (
    "this computer lets a program open no more files at once",
    "close other programs, or raise the limit: ulimit -n 1024",
)
_WHY_AND_FIX = {
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: ("the disk can only be read", "choose another place"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: ("you have used up the room that you are given on this disk", "free some space, then try again"),
    errno.EFBIG: ("files may not be as large as this there", "choose another place, or raise the limit: ulimit -f"),
    errno.ENOTDIR: _SHAPE,
    errno.EISDIR: _SHAPE,
    errno.EEXIST: _SHAPE,
    errno.ELOOP: ("links there lead to each other", "put the real file or folder in the place of the link"),
    errno.ENAMETOOLONG: ("the disk takes no name as long as this", "choose a shorter one"),
    errno.EMFILE: _OPEN,
    errno.ENFILE: _OPEN,
    errno.ENOMEM: ("this computer has no more memory to give", "close other programs, then try again"),
    errno.EIO: ("the disk, or the way to it, fails", "see whether it is still there; keep a copy of what you can read"),
}


def told(error: OSError) -> ConfigurationError:
    """Return what the system says of a file or disk, with why and what to do where that is known."""
    name = os.fspath(error.filename) if isinstance(error.filename, (str, os.PathLike)) else ""
    what = f"{name}: " if name else ""
    why, fix = _WHY_AND_FIX.get(error.errno or 0, ("", "see whether the disk is there, has room, and is yours to use"))
    if getattr(error, "winerror", None) in _SHARED:
        why, fix = _IN_USE
    return ConfigurationError(f"{what}{(error.strerror or str(error)).lower()}", why=why, fix=fix)
