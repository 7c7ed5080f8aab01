"""From one database to another: all of it, or nothing; and a copy to keep.

The ledger is the truth, and there must be one of it: who could still write to the old file while it is read, or go on
with it afterwards, would send what the new database knows nothing of.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, create_engine, func, inspect, select, text

from newsletter.errors import ConfigurationError, NotFound, Refused, StorageError
from newsletter.store import migrations, schema
from newsletter.store.bulk import fill
from newsletter.store.counting import recount
from newsletter.store.database import Database
from newsletter.store.failures import telling
from newsletter.store.migrating import MOVED_TABLE
from newsletter.store.misplaced import check_log
from newsletter.store.opening import open_server
from newsletter.store.whereabouts import MOVED, away_from

_AT_ONCE = 5_000
_PATIENCE = 5.0
"""Seconds in which another command may come to its end."""
_VERSIONS = "alembic_version"
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND coalesce(backend_type, 'client backend') = 'client backend'"
)
"""Sessions of others in the database; what those of another user are for is not shown to everybody."""
_SEQUENCE = text("SELECT pg_get_serial_sequence(:name, 'id')")
_TAKEN = (schema.subscribers, schema.suppressions, schema.signups, schema.mailings)
"""A database in which these are empty holds nothing that anybody could miss."""


def move(file: Path, database: Database, progress: Callable[[int, int], None] = lambda _done, _whole: None) -> Path:
    """Put everything from a SQLite file into an empty database; return what the file is called from then on.

    `progress` is told how many rows are there, of how many. Raises NotFound where there is no such file,
    ConfigurationError for one that is no database or of another version, Refused where either database is in use, or
    holds people or mailings already, and StorageError where the two do not hold the same in the end.
    """
    if not file.is_file():
        raise NotFound(
            f"there is no file {file}", fix="name the database that you used so far, such as .newsletter/newsletter.db"
        )
    check_log(file, str(file))
    with _alone(file) as source:
        _check_version(source, str(file))
        with database.writing() as target:
            _check_empty(target, database.name)
            _copy(source, target, progress)
    return _put_away(file)


def move_back(address: str, database: Database, progress: Callable[[int, int], None] = lambda _d, _w: None) -> str:
    """Put everything from a PostgreSQL database into an empty file of SQLite; return what the old one is called.

    Whoever opens that one from then on is told so. Raises as `move` does.
    """
    if database.engine.dialect.name != "sqlite":
        raise Refused(
            f"the settings name {database.name}, which is no file",
            why="from one PostgreSQL to another lead pg_dump and pg_restore",
            fix="write the file into the settings, or into NEWSLETTER_DATABASE: sqlite:///.newsletter/newsletter.db",
        )
    with open_server(address) as server, server.writing() as source:
        _check_version(source, server.name)
        if source.execute(_OTHERS).scalar_one():
            raise _in_use(server.name)
        tables = ", ".join(table.name for table in schema.metadata.sorted_tables)
        # Who connects from now on waits.
        source.execute(text(f"LOCK TABLE {_VERSIONS}, {tables} IN ACCESS EXCLUSIVE MODE"))
        with database.writing() as target:
            _check_empty(target, database.name)
            _copy(source, target, progress)
        source.execute(text(f"ALTER TABLE {_VERSIONS} RENAME TO {MOVED_TABLE}"))
        return server.name


def copy(database: Database, file: Path) -> None:
    """Write a copy of a SQLite database, as it is at this moment, to a new file; others may go on meanwhile.

    Raises ConfigurationError for another kind of database, and where the file is there already or cannot be written;
    StorageError where the database is damaged, or the disk is full. Then there is no copy.
    """
    if database.engine.dialect.name != "sqlite":
        raise ConfigurationError(
            "a copy of a PostgreSQL database is made by PostgreSQL itself",
            fix=f"pg_dump --format=custom --file {file} and the address of the database; "
            "`newsletter docs sending` tells more",
        )
    # Whoever finds a copy under its own name finds all of it, whatever has stopped a command that was making one.
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    _check_new(file)
    try:
        # It holds addresses: only its owner may read it.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        error.filename = str(file)
        raise
    try:
        with closing(sqlite3.connect(str(database.engine.url.database))) as source:
            source.execute("VACUUM INTO ?", (str(part),))
        _check_new(file)
        part.rename(file)
    except BaseException as error:
        part.unlink(missing_ok=True)
        # What is damaged is the database itself; where there is no room, or a disk fails, it is the copy.
        with telling(str(file) if isinstance(error, sqlite3.OperationalError) else database.name):
            raise


def _check_new(file: Path) -> None:
    if file.exists():
        raise ConfigurationError(
            f"{file} is there already", why="a copy never writes over another", fix="choose another name"
        )


@contextmanager
def _alone(file: Path) -> Iterator[Connection]:
    """Give a connection to a file that nobody else has open, nor opens meanwhile."""
    address = URL.create("sqlite", database=str(file))
    engine = create_engine(address, connect_args={"timeout": _PATIENCE, "isolation_level": None})
    try:
        with telling(str(file)), engine.connect() as connection:
            try:
                # Only whoever is alone may leave the write-ahead log: https://www.sqlite.org/wal.html
                connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
                connection.exec_driver_sql("BEGIN EXCLUSIVE")
            except Exception as error:
                if _is_busy(error):
                    raise _in_use(str(file)) from None
                raise
            try:
                yield connection
            finally:
                connection.rollback()
    finally:
        engine.dispose()


def _in_use(name: str) -> Refused:
    return Refused(
        f"{name} is in use",
        why="what is written into it meanwhile would be missing from the new database",
        fix="stop newsletter serve, compose, worker and send, wherever they run, then try again",
    )


def _is_busy(error: Exception) -> bool:
    cause = getattr(error, "orig", None)
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _check_version(source: Connection, name: str) -> None:
    if not inspect(source).has_table(_VERSIONS):
        raise ConfigurationError(f"{name} is no database of newsletter", fix="name the one that you used so far")
    version = source.exec_driver_sql(f"SELECT version_num FROM {_VERSIONS}").scalar()  # noqa: S608
    if version != migrations.NEWEST:
        raise ConfigurationError(
            f"{name} is of another version of newsletter",
            why=f"its tables are of revision {version}, those of the new database of {migrations.NEWEST}",
            fix="use any command with it once, such as newsletter lists, which brings it up to date",
        )


def _check_empty(target: Connection, name: str) -> None:
    for table in _TAKEN:
        if target.execute(select(table).limit(1)).first() is not None:
            raise Refused(
                f"the database {name} is not empty",
                why=f"it has {table.name} already, and two databases cannot be made one",
                fix="name an empty database in the setting `database`",
            )


def _copy(source: Connection, target: Connection, progress: Callable[[int, int], None]) -> None:
    # Those are counted anew: triggers would count what is copied a second time.
    tables = [table for table in schema.metadata.sorted_tables if table is not schema.list_counts]
    for table in reversed(schema.metadata.sorted_tables):
        target.execute(table.delete())
    sizes = {table.name: source.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}
    whole, done = sum(sizes.values()), 0

    def counted(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        nonlocal done
        for row in rows:
            yield row
            done += 1
            if not done % _AT_ONCE:
                progress(done, whole)

    refusals: Any = target.dialect.loaded_dbapi
    for table in tables:
        try:
            fill(target, table, counted(_rows(source, target, table)))
        except refusals.DataError as error:
            raise StorageError(
                f"a row of {table.name} does not fit into the new database",
                # What comes after the first line quotes the row, which may be about a person.
                why=str(error).partition("\n")[0],
                fix="nothing was changed; go on with the old one, and write to whoever gave you newsletter",
            ) from None
    recount(target)
    _go_on_counting(source, target, tables)
    for table in tables:
        found = target.execute(select(func.count()).select_from(table)).scalar_one()
        if found != sizes[table.name]:
            raise StorageError(
                f"of {sizes[table.name]:,} rows of {table.name} only {found:,} arrived", fix="nothing was changed"
            )
    progress(whole, whole)


def _rows(source: Connection, target: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield a table's rows as the driver of the other database takes them."""
    dialect = target.dialect
    writers = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
    found = source.execute(select(table).execution_options(yield_per=_AT_ONCE))
    for row in found:
        yield tuple(write(value) if write else value for write, value in zip(writers, row, strict=True))


def _go_on_counting(source: Connection, target: Connection, tables: list[Table]) -> None:
    """Let the next number of each table be one that was never anybody's."""
    used = _numbers(source)
    for table in tables:
        if [column.name for column in table.primary_key] != ["id"]:
            continue
        latest = max(used.get(table.name, 0), target.execute(select(func.max(table.c.id))).scalar() or 0)
        if not latest:
            continue
        if target.dialect.name == "postgresql":
            query = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :latest)")
            target.execute(query, {"name": table.name, "latest": latest})
        elif table.name in used:
            changed = text("UPDATE sqlite_sequence SET seq = :latest WHERE name = :name")
            if not target.execute(changed, {"name": table.name, "latest": latest}).rowcount:
                target.execute(
                    text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :latest)"),
                    {"name": table.name, "latest": latest},
                )


def _numbers(source: Connection) -> dict[str, int]:
    """Return the highest number that each table with numbers of its own has ever given."""
    if source.dialect.name == "postgresql":
        found = {}
        for table in schema.metadata.sorted_tables:
            if table.dialect_options["sqlite"]["autoincrement"]:
                sequence = source.execute(_SEQUENCE, {"name": table.name}).scalar_one()
                found_there = source.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
                last, is_called = found_there.one()
                found[table.name] = last if is_called else 0
        return found
    tallies = source.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'").first()
    told = source.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all() if tallies else []
    numbers: dict[str, int] = dict(told)
    return numbers


def _put_away(file: Path) -> Path:
    """Rename a file whose contents have moved: with its old name somebody would go on with it."""
    away = away_from(file)
    number = 1
    while away.exists():
        number += 1
        away = file.with_name(f"{file.name}{MOVED}-{number}")
    return file.rename(away)
