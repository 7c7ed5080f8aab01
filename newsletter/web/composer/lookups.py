"""Who was looked up: a page's address holds a number that means something in this session alone, and never theirs."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from newsletter.errors import NotFound

_MOST = 20


@dataclass(slots=True, eq=False)
class Lookup:
    """A person who was looked up; their address is forgotten when they are erased."""

    token: str
    address: str
    erased: str = ""
    """What erasing them has removed."""
    remnants: str = ""
    """Why old content may still stand in the database's files."""


class Lookups:
    """The people of one session, the last of them."""

    def __init__(self) -> None:
        self._kept: dict[str, Lookup] = {}
        self._lock = threading.Lock()

    def keep(self, address: str) -> Lookup:
        """Remember a person."""
        found = Lookup(secrets.token_hex(16), address)
        with self._lock:
            self._kept[found.token] = found
            while len(self._kept) > _MOST:
                self._kept.pop(next(iter(self._kept)))
        return found

    def forget(self, erased: Lookup, told: str, remnants: str) -> None:
        """Forget the address of somebody who was erased, as often as it was looked up."""
        address = erased.address
        with self._lock:
            for found in self._kept.values():
                if found.address == address:
                    found.address, found.erased, found.remnants = "", told, remnants

    def find(self, token: str) -> Lookup:
        """Return a person; raise NotFound where they were looked up too long ago."""
        with self._lock:
            found = self._kept.get(token)
        if found is None:
            raise NotFound(
                "nobody was looked up here",
                why="who was looked up is forgotten when the composer ends",
                fix="look the address up once more, on the page Readers",
            )
        return found
