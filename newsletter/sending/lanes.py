"""Who is sending a mailing: one process on SQLite, several on PostgreSQL, each in a lane of its own.

A lane's lock belongs to a transaction or an open file, so a process that dies gives its lane back at once, and what it
had claimed is known to be nobody's.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from newsletter.errors import Refused, StorageError
from newsletter.model.mailing import Mailing
from newsletter.store import Database

LANES = 8
"""How many may send the same mailing at once, on a shared database."""

A_MOMENT = 0.5
"""Seconds for which whoever only looks whether a lane is free may hold it."""
_BETWEEN_TRIES = 0.02
# Any number will do, as long as every version of the program takes the same.
_LOCKS = 7_305_805
_HELD = text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :locks"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND objid BETWEEN :first AND :last"
)
_TRY = text("SELECT pg_try_advisory_xact_lock(:locks, :number)")
# Without parameters: the cursor of a statement with some stays open until the next one, and as long as it does, the
# server's vacuum keeps whatever anybody deletes or changes.
# https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
_REST = text("SELECT 1")
# The lock is held by a transaction that waits, maybe for hours.
_WAITS = text(
    "SELECT set_config(name, '0', true) FROM pg_settings"
    " WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')"
)


class Busy(Refused):
    """Nobody else may send along for now."""


class Lane:
    """A place among those who send a mailing. That of a file is ours as long as this process lives."""

    number = 0

    def is_held(self) -> bool:
        """Whether it is ours still; to be asked by one thread at a time."""
        return True

    def take_again(self) -> None:
        """Take a free one, maybe another, in the place of one that was lost.

        Raises Busy where none is free, and StorageError while the database is out of reach.
        """


@contextmanager
def lane(database: Database, mailing: Mailing, *, patience: float = A_MOMENT) -> Iterator[Lane]:
    """Take a free lane; raise Busy where none is free.

    Where there is one lane only, whoever is in it may come to their end within `patience` seconds.
    """
    if not shared(database):
        with _file(database, mailing, patience):
            yield Lane()
        return
    taken = _LaneOfServer(database, mailing)
    try:
        yield taken
    finally:
        taken.give_back()


def shared(database: Database) -> bool:
    """Whether several processes may send the same mailing."""
    return database.engine.dialect.name == "postgresql"


def taken(connection: Connection, mailing_id: int) -> frozenset[int]:
    """Return the lanes in which somebody is sending now; on SQLite only the caller can be."""
    if connection.dialect.name != "postgresql":
        return frozenset()
    first = _number(mailing_id, 0)
    rows = connection.execute(_HELD, {"locks": _LOCKS, "first": first, "last": first + LANES - 1})
    return frozenset(number - first for number in rows.scalars())


def attended(database: Database, mailing: Mailing) -> bool:
    """Whether somebody is sending a mailing now, or waits for its moment in order to."""
    if shared(database):
        with database.reading() as connection:
            return bool(taken(connection, mailing.id))
    path = _path(database, mailing)
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


def _number(mailing_id: int, lane_number: int) -> int:
    return mailing_id * LANES + lane_number


@contextmanager
def _file(database: Database, mailing: Mailing, patience: float) -> Iterator[None]:
    path = _path(database, mailing)
    until = time.monotonic() + patience
    while (held := _hold(path)) is None:
        if time.monotonic() >= until:
            raise _busy(mailing)
        time.sleep(_BETWEEN_TRIES)
    with closing(held):
        try:
            yield
        finally:
            # Windows keeps a file that is open; it is empty, and the next sender uses it again.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)


def _hold(path: Path) -> sqlite3.Connection | None:
    """Return what holds a file until it is closed; nothing where somebody else does."""
    # An empty SQLite file is the one lock that every system has and that ends with its process.
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        opened = path.stat().st_ino
        connection.execute("BEGIN EXCLUSIVE")
        # Who was in the lane takes the file away. Whoever holds that one holds nothing: the next one makes another.
        if path.stat().st_ino == opened:
            return connection
    except FileNotFoundError:
        pass
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            connection.close()
            raise StorageError(
                f"{path.name} cannot be written",
                why=str(error),
                fix="make room on the disk, or give yourself the right to write in the folder of the database",
            ) from error
    connection.close()
    return None


def _path(database: Database, mailing: Mailing) -> Path:
    return Path(f"{database.engine.url.database}-sending-{mailing.id}").absolute()


class _LaneOfServer(Lane):
    def __init__(self, database: Database, mailing: Mailing) -> None:
        self._database = database
        self._mailing = mailing
        self._take()

    def is_held(self) -> bool:
        # As long as the transaction goes on: SQLAlchemy puts no other in the place of one that has broken.
        with suppress(SQLAlchemyError), self._bench.filling() as connection:
            connection.execute(_REST)
            return True
        return False

    def take_again(self) -> None:
        self.give_back()
        self._take()

    def give_back(self) -> None:
        # A lock whose connection was lost is given back already.
        with suppress(SQLAlchemyError, StorageError):
            self._open.close()

    def _take(self) -> None:
        with ExitStack() as opened:
            bench = opened.enter_context(self._database.workbench())
            # The lock belongs to the bench's transaction, which ends when this process dies, and for which a pooler
            # keeps the session.
            with bench.filling() as connection:
                connection.execute(_WAITS)
                free = (number for number in range(LANES) if _try(connection, self._mailing, number))
                number = next(free, None)
                connection.execute(_REST)
            if number is None:
                raise _busy(self._mailing)
            self.number, self._bench, self._open = number, bench, opened.pop_all()


def _try(connection: Connection, mailing: Mailing, number: int) -> bool:
    return bool(connection.execute(_TRY, {"locks": _LOCKS, "number": _number(mailing.id, number)}).scalar())


def _busy(mailing: Mailing) -> Busy:
    return Busy(
        f"issue {mailing.issue} is being sent by another newsletter command",
        why="two at once would count each other's work as interrupted",
        fix=f"watch it with: newsletter status {mailing.issue}",
    )
