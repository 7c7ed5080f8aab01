"""What goes wrong with a database, in words for the comms team."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from newsletter.errors import ConfigurationError, DatabaseAway, NewsletterError, StorageError


@contextmanager
def telling(name: str) -> Iterator[None]:
    """Raise ConfigurationError or StorageError for what a person can act on; let our own mistakes pass as they are."""
    try:
        yield
    except _kinds() as error:
        told = _told(error, name)
        if told is None:
            raise
        raise told from error


def _kinds() -> tuple[type[Exception], ...]:
    return DBAPIError, PoolTimeoutError, sqlite3.Error, *_of_server()


def _of_server() -> tuple[type[Exception], ...]:
    """Return what PostgreSQL's driver raises where it is used without SQLAlchemy, as for many rows at once."""
    driver = sys.modules.get("psycopg")
    return (driver.OperationalError,) if driver else ()


def _told(error: Exception, name: str) -> NewsletterError | None:
    if isinstance(error, PoolTimeoutError):
        return _busy(name)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _sqlite(cause, name)
    return _server(cause, name) if isinstance(error, (OperationalError, *_of_server())) else None


def _busy(name: str) -> DatabaseAway:
    return DatabaseAway(
        f"the database {name} is busy",
        why="another newsletter command kept it to itself for more than 30 seconds",
        fix="wait until that command has finished, then try again",
    )


def _sqlite(cause: sqlite3.Error, name: str) -> NewsletterError | None:
    # The lower byte is the primary result code: https://www.sqlite.org/rescode.html
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return _busy(name)
    if code == sqlite3.SQLITE_FULL:
        return StorageError(
            f"the database {name} could not grow",
            why="the disk that it lies on, or the one for temporary files, is full",
            fix="free some space, then try again; nothing was written by halves",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return ConfigurationError(
            f"{name} is not a database",
            why="the file has other content than SQLite writes",
            fix="name another file in the setting `database`, or move this one away",
        )
    if code == sqlite3.SQLITE_CORRUPT:
        return StorageError(
            f"the database {name} is damaged",
            why=f"SQLite reports: {cause}",
            fix="put back your latest copy of the file; keep the damaged one for whoever helps you",
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}:
        return unwritable(name)
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(
            f"the database {name} cannot be read or written",
            why=f"the disk reports: {cause}",
            fix="see whether the disk is full, gone or damaged, then try again",
        )
    return None


def unwritable(name: str) -> ConfigurationError:
    """Return the error for a file or folder that may not be written."""
    return ConfigurationError(
        f"the database {name} cannot be written",
        why="you may not write in its folder, or not the file itself",
        fix="give yourself the right to write there, or name another file in the setting `database`",
    )


def _server(cause: BaseException | None, name: str) -> NewsletterError:
    # What comes after the first part quotes rows, which are about people.
    why = getattr(getattr(cause, "diag", None), "message_primary", None) or " ".join(str(cause).split())
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    state = getattr(cause, "sqlstate", None)
    if state == "53100":
        return StorageError(f"the disk of the database {name} is full", fix="free some space, then try again")
    if state == "57014":
        return StorageError(
            f"the database {name} broke off what takes long",
            why=why,
            fix="set its `statement_timeout` to 0 for this user, then try again; nothing was written by halves",
        )
    return DatabaseAway(
        f"the database {name} cannot be used",
        why=why,
        fix="see whether the server runs, can be reached from here, and knows this user and database",
    )
