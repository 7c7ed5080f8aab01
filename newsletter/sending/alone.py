"""One process at a time sends a mailing; a process that dies gives its right back at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, func, select

from newsletter.errors import Refused, StorageError
from newsletter.model.mailing import Mailing
from newsletter.store import Database

# Any number will do, as long as every version of the program takes the same.
_LOCKS = 7_305_805


@contextmanager
def alone(database: Database, mailing: Mailing) -> Iterator[None]:
    """Be the only sender of a mailing; raise Refused while another process is."""
    lock = _server(database, mailing) if database.engine.dialect.name == "postgresql" else _file(database, mailing)
    with lock:
        yield


@contextmanager
def _file(database: Database, mailing: Mailing) -> Iterator[None]:
    # An empty SQLite file is the one lock that every system has and that ends with its process.
    path = Path(f"{database.engine.url.database}-sending-{mailing.id}")
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise _busy(mailing) from None
            raise StorageError(f"{path.name} cannot be written", why=str(error)) from error
        try:
            yield
        finally:
            # Windows keeps a file that is open; it is empty, and the next sender uses it again.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)


@contextmanager
def _server(database: Database, mailing: Mailing) -> Iterator[None]:
    with database.workbench() as bench:
        # The lock belongs to the connection, not to the transaction, and ends with it when this process dies.
        with bench.filling() as connection:
            taken = _ask(connection, "pg_try_advisory_lock", mailing)
        if not taken:
            raise _busy(mailing)
        try:
            yield
        finally:
            with bench.filling() as connection:
                _ask(connection, "pg_advisory_unlock", mailing)


def _ask(connection: Connection, function: str, mailing: Mailing) -> bool:
    query = select(getattr(func, function)(_LOCKS, mailing.id))
    return bool(connection.execute(query).scalar())


def _busy(mailing: Mailing) -> Refused:
    return Refused(
        f"issue {mailing.issue} is being sent by another newsletter command",
        why="two at once would count each other's work as interrupted",
        fix=f"watch it with: newsletter status {mailing.issue}",
    )
