"""Old content in the database's own files, which outlives the rows that it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any

from newsletter.store import schema
from newsletter.store.database import Database
from newsletter.store.failures import telling

_AT_ONCE = 4_194_304
# Batches and mailings say what went wrong in the words of servers, which repeat addresses.
_ABOUT_PEOPLE = [
    *(table.name for table in schema.metadata.sorted_tables if schema.ERASURE in table.info),
    schema.batches.name,
    schema.mailings.name,
]


def overwrite(database: Database, words: Collection[str]) -> str:
    """Remove what is left of deleted rows; return why some of it may still be there, or nothing.

    On SQLite deleted content is overwritten with zeros (`secure_delete`) and the write-ahead log is emptied; where one
    of `words` is found in the file all the same, in the slack that a page keeps when it is written anew, the whole file
    is written anew. On PostgreSQL the tables are vacuumed, and sampled anew, because the planner keeps values of some
    rows; its write-ahead log, replicas and backups are not ours.
    """
    with telling(database.name), database.engine.connect() as connection:
        connection.detach()
        driver: Any = connection.connection.dbapi_connection
        if connection.dialect.name == "postgresql":
            driver.autocommit = True
            driver.execute(f"VACUUM (ANALYZE) {', '.join(_ABOUT_PEOPLE)}")
            return ""
        driver.execute("PRAGMA query_only=OFF")
        driver.execute("PRAGMA busy_timeout=3000")
        return _of_sqlite(driver, Path(str(database.engine.url.database)), [word.encode() for word in words if word])


def _of_sqlite(driver: sqlite3.Connection, file: Path, words: list[bytes]) -> str:
    try:
        busy = _empty_log(driver)
        if not busy and words and _found(file, words):
            driver.execute("VACUUM")
            busy = _empty_log(driver)
    except sqlite3.OperationalError as error:
        return f"the database could not be written anew ({error}); erase the address again when nothing else runs"
    if busy:
        return "another newsletter command still reads old content; erase the address again when it has ended"
    return ""


def _empty_log(driver: sqlite3.Connection) -> bool:
    """Write the log into the file and cut it off; return whether somebody reads from it still."""
    busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy)


def _found(file: Path, words: list[bytes]) -> bool:
    longest = max(map(len, words))
    end = b""
    with file.open("rb") as source:
        while part := source.read(_AT_ONCE):
            window = end + part
            if any(word in window for word in words):
                return True
            end = window[-longest:]
    return False
