"""From the setting `database` to an open database with up-to-date tables."""

from __future__ import annotations

import os
import sqlite3
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from newsletter import extras
from newsletter.config import Workspace
from newsletter.errors import ConfigurationError
from newsletter.store.database import FILL, MODE, READ, WRITE, Database
from newsletter.store.failures import telling, unwritable
from newsletter.store.migrating import bring_up_to_date
from newsletter.store.misplaced import check_begun, check_log
from newsletter.store.whereabouts import away_from, moved

_PATIENCE = 30.0
"""Seconds to wait for another writer."""
_MOST_LOG_BYTES = 64 * 1024 * 1024
"""What a write-ahead log may keep of the disk when nothing in it is needed any more."""
_NOTICED = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""By what a server is noticed that is out of reach without a word: in seconds, the last in thousandths. By itself Linux
waits a quarter of an hour (tcp(7)), and a mailing with it. https://www.postgresql.org/docs/current/libpq-connect.html"""


def open_database(workspace: Workspace) -> Database:
    """Open the workspace's database; create it and bring its tables up to date where needed.

    Raises ConfigurationError for a setting that cannot be used, and for a database that a newer version wrote;
    StorageError for one that is busy, damaged or out of reach.
    """
    url = _url(workspace.settings.database)
    database = _sqlite(url, workspace) if url.get_backend_name() == "sqlite" else _postgresql(url)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def open_server(address: str) -> Database:
    """Open a database on a server as it is, to take what is in it."""
    return _postgresql(_url(address))


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text is not repeated: it may hold a password.
        raise ConfigurationError(
            "the setting `database` is not the address of a database",
            fix="write sqlite:///.newsletter/newsletter.db or postgresql://user@server/name",
        ) from None
    if url.drivername not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
        raise ConfigurationError(
            f"the setting `database` begins with {url.drivername}://, which is no database newsletter can use",
            fix="use SQLite (sqlite:///.newsletter/newsletter.db) or PostgreSQL (postgresql://user@server/name)",
        )
    return url


def _sqlite(url: URL, workspace: Workspace) -> Database:
    if url.database in {None, "", ":memory:"} or url.query or url.host:
        raise ConfigurationError(
            "the setting `database` names no file for SQLite",
            why="readers' consent is kept there, so it must outlive the command",
            fix="write sqlite:/// and a path, such as sqlite:///.newsletter/newsletter.db",
        )
    file = workspace.root / str(url.database)
    name = workspace.relative(file)
    away = away_from(file)
    if _has_moved(file, name):
        raise moved(name, f"give {away.name} another name")
    check_log(file, name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # It holds addresses: only its owner may read it. SQLite gives its side files the same rights.
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if not file.is_file():
            raise unwritable(name) from None
        check_begun(file, name)
    except OSError:
        raise unwritable(name) from None
    engine = create_engine(url.set(database=str(file)), connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Database(engine, name)


def _has_moved(file: Path, name: str) -> bool:
    try:
        return away_from(file).exists() and not file.exists()
    except PermissionError:
        raise unwritable(name) from None


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not open transactions by itself: `_begin` does.
    connection.isolation_level = None
    _use_write_ahead_log(connection)
    # A claimed delivery must survive a power cut: https://www.sqlite.org/pragma.html#pragma_synchronous
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    # What is deleted is about people: https://www.sqlite.org/pragma.html#pragma_secure_delete
    connection.execute("PRAGMA secure_delete=ON")
    # The log keeps the size of the largest transaction that there ever was, unless it is cut off.
    connection.execute(f"PRAGMA journal_size_limit={_MOST_LOG_BYTES}")
    connection.execute("PRAGMA cache_size=-16000")
    connection.execute("PRAGMA temp.cache_size=-32000")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # SQLite does not wait by itself when two connections switch the same new file.
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(MODE)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if mode in {FILL, WRITE} else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == WRITE else "BEGIN")


def _postgresql(url: URL) -> Database:
    name = url.set(drivername="postgresql").render_as_string(hide_password=True)
    if find_spec("psycopg") is None:
        raise ConfigurationError(
            "the setting `database` names a PostgreSQL server, for which a part is not installed",
            fix=f"install it with: {extras.command('postgresql')}",
        )
    arguments: dict[str, Any] = {name: value for name, value in _NOTICED.items() if name not in url.query}
    # A pooler may give each transaction another session, which knows no statements that were prepared before, or
    # others by the same names: https://www.psycopg.org/psycopg3/docs/advanced/prepare.html
    arguments["prepare_threshold"] = None
    with telling(name):
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args=arguments,
            pool_pre_ping=True,
            # A server may have another default. Who waits for others in a transaction must see what they wrote.
            isolation_level="READ COMMITTED",
        )
    event.listen(engine, "begin", _begin_on_server)
    return Database(engine, name)


def _begin_on_server(connection: Connection) -> None:
    if connection.get_execution_options().get(MODE) == READ:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
