"""Files of readers that wait for a person's word: for the owner's eyes alone, and for no longer than needed."""

from __future__ import annotations

import os
import re
import secrets
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from newsletter.audience import Columns, ImportReport
from newsletter.errors import NewsletterError, NotFound, StorageError
from newsletter.web.composer.errands import Errand

if sys.platform != "win32":
    import fcntl

MOST_BYTES = 200_000_000
"""About three million addresses with names."""
_MOST = 4
"""Files that wait at the same time; the oldest makes room."""
_OURS = re.compile(r"[0-9a-f]{32}\.csv")
_LONGEST_NAME = 100


@dataclass(slots=True, eq=False)
class Upload:
    """A file, what is said about it, and what an import of it would do, or did."""

    path: Path
    name: str
    """As the computer that it comes from calls it."""
    list: str
    headers: tuple[str, ...] = ()
    """The names of its columns; none for a file of bare addresses."""
    columns: Columns | None = None
    mapping: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    """What a person says that columns are."""
    ignore: tuple[str, ...] = ()
    """The columns of which a person says that they do not tell who has left."""
    means: str = ""
    """What a person says that words of consent mean, one a line, as it was typed."""
    encoding: str = ""
    """What a person says that it is written in; nothing for UTF-8."""
    evidence: tuple[str, str] = ("", "")
    """When and how everybody in it agreed, as it was typed."""
    report: ImportReport | None = None
    trouble: NewsletterError | None = None
    """Why there is no plan."""
    topics: tuple[str, ...] = ()
    """Those that nothing here has."""
    errand: Errand[bool] | None = None
    """What is being done with it, or what was done while nobody waited."""
    importing: bool = False
    """Whether that is the import itself."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held by whoever begins to plan or import: a second press of the button waits for the first."""

    @property
    def token(self) -> str:
        """What stands for it in addresses."""
        return self.path.stem

    @property
    def is_done(self) -> bool:
        """Whether it was imported."""
        return self.report is not None and not self.report.planned

    @property
    def is_busy(self) -> bool:
        """Whether it is being read just now."""
        return self.errand is not None and not self.errand.is_over


class Uploads:
    """The files of one session, in a folder that sessions share.

    A file is held open for as long as it waits, so that others know that somebody does; whoever was killed holds none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, Upload] = {}
        self._held: dict[Path, int] = {}
        """The number by which each is open, until it goes, or this process does."""
        self._lock = threading.Lock()

    def begin(self) -> tuple[Path, BinaryIO]:
        """Return a new, empty file, that nobody else may read."""
        if self._folder.is_symlink():
            raise StorageError(
                f"{self._folder.name} in the folder of the database is a link",
                why="addresses would be written wherever it leads",
                fix="remove the link",
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        path = self._folder / f"{secrets.token_hex(16)}.csv"
        file = open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
        held = os.open(path, os.O_RDONLY)
        _is_nobodys(held)
        with self._lock:
            self._held[path] = held
        return path, file

    def keep(self, upload: Upload) -> None:
        """Remember a file; the oldest ones go, unless they are being imported."""
        with self._lock:
            self._kept[upload.token] = upload
            old = [other for other in list(self._kept.values())[:-_MOST] if not (other.lock.locked() or other.is_busy)]
        for other in old:
            self.drop(other)

    def find(self, token: str) -> Upload:
        """Return a file that is waiting, or was imported; raise NotFound for one that is gone."""
        with self._lock:
            found = self._kept.get(token)
        if found is None or not (found.is_done or found.path.is_file()):
            raise NotFound(
                "this file is no longer here",
                why="it is kept until it is imported or not, and no longer",
                fix="choose the file again on the page Readers",
            )
        return found

    def waiting(self) -> list[Upload]:
        """Return the files about which nobody has decided yet, the newest first."""
        with self._lock:
            return [upload for upload in reversed(self._kept.values()) if not upload.is_done]

    def drop(self, upload: Upload) -> None:
        """Forget a file and remove it."""
        with self._lock:
            self._kept.pop(upload.token, None)
        self.remove(upload.path)

    def remove(self, path: Path) -> None:
        """Remove a file of this session that may be gone."""
        with self._lock:
            held = self._held.pop(path, None)
        if held is not None:
            os.close(held)
        with suppress(OSError):
            path.unlink()

    def clear(self) -> None:
        """Remove what this session has left, and others that are gone."""
        with self._lock:
            self._kept.clear()
            own = list(self._held)
        for path in own:
            self.remove(path)
        # A folder that may not be looked into holds nothing of ours that could be removed.
        with suppress(OSError):
            if self._folder.is_symlink():
                return
            for path in self._folder.iterdir():
                if _OURS.fullmatch(path.name):
                    self._sweep(path)
            self._folder.rmdir()

    def _sweep(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                nobodys = _is_nobodys(file.fileno())
        except OSError:
            return
        # One that somebody holds open on Windows stays anyway.
        if nobodys:
            self.remove(path)


def _is_nobodys(file: int) -> bool:
    """Whether no session holds a file; it is held by this one from then on, until it is closed."""
    if sys.platform != "win32":
        # Some network drives have no locks.
        with suppress(OSError):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
    return True


def plain_name(told: str) -> str:
    """Return what a browser calls a file as a name that may stand in a sentence and beside a reader's consent."""
    last = re.split(r"[\\/]", told)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:_LONGEST_NAME] or "readers.csv"
