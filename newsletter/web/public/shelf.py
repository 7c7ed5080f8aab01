"""Answers that were made, kept in memory as long as there is room: what is asked for often is made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, RLock

from starlette.requests import Request

_MOST_BYTES = 32_000_000


@dataclass
class Shelf:
    """The least asked for leaves first."""

    since: datetime
    """When the service began, and with it the settings by which everything is made."""
    most_bytes: int = _MOST_BYTES
    _kept: OrderedDict[Hashable, bytes] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)
    _making: RLock = field(default_factory=RLock)
    """Whoever asks for what is being made waits for it; what is there is handed out meanwhile."""

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a key, made first where it is not there; `make` may ask for other keys."""
        found = self._look(key)
        if found is not None:
            return found
        with self._making:
            found = self._look(key)
            if found is None:
                found = make()
                self._keep(key, found)
            return found

    def _look(self, key: Hashable) -> bytes | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: Hashable, made: bytes) -> None:
        with self._lock:
            self._kept[key] = made
            self._bytes += len(made)
            while self._bytes > self.most_bytes:
                self._bytes -= len(self._kept.popitem(last=False)[1])


def shelf_of(request: Request) -> Shelf:
    """Return what was made for everybody."""
    shelf = request.app.state.shelf
    assert isinstance(shelf, Shelf)  # noqa: S101
    return shelf
