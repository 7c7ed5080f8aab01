"""The database as the stages use it: transactions that are safe by default, and failures in words."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine

from newsletter.errors import StorageError
from newsletter.store.failures import telling, unwritable

_BETWEEN_LOOKS = 0.12
"""Seconds. https://www.sqlite.org/c3ref/busy_timeout.html; the longest sleep of its handler is 100 ms."""
_LEAST_ROOM = 1_000_000
"""Bytes. A reader who leaves takes some pages of 4 KB in the log."""
READ, FILL, WRITE = "read", "fill", "write"
MODE = "newsletter_mode"
"""The execution option by which the engine's `begin` knows what a transaction is for."""


@dataclass(frozen=True, slots=True, eq=False)
class Database:
    """An open database whose tables are those of `schema`."""

    engine: Engine
    name: str
    """As people know it: a path in the workspace, or an address without its password."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database and cannot change it."""
        with telling(self.name), self.engine.connect() as connection, _transaction(connection, READ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together, or not at all when the block raises.

        On SQLite it waits at its beginning, up to 30 s, until no other writer is left.
        """
        with telling(self.name), self.engine.connect() as connection, _transaction(connection, WRITE):
            yield connection

    def give_way(self) -> None:
        """Let others write between the parts of a long piece of work, who would wait for all of it otherwise.

        SQLite tells nobody that it is their turn: whoever waits looks again every tenth of a second. And its log would
        grow by every part while others read, unless it is emptied in between.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with telling(self.name), self.engine.connect() as connection:
            connection.detach()
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA query_only=OFF")
            # Writers wait while it waits for readers.
            driver.execute("PRAGMA busy_timeout=300")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        time.sleep(_BETWEEN_LOOKS)

    @contextmanager
    def workbench(self) -> Iterator[Workbench]:
        """Give a connection of its own for work in steps, with temporary tables that vanish at the end."""
        with telling(self.name), self.engine.connect() as connection:
            connection.detach()
            yield Workbench(connection)

    def check_room(self) -> None:
        """Raise StorageError where the disk has no room for what somebody says; a server looks after its own."""
        if self.engine.dialect.name != "sqlite":
            return
        try:
            free = shutil.disk_usage(Path(str(self.engine.url.database)).parent).free
        except OSError:
            raise unwritable(self.name) from None
        if free < _LEAST_ROOM:
            raise StorageError(
                f"the disk of the database {self.name} is full",
                why="nothing that readers or providers say could be kept",
                fix="free some space",
            )

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True, eq=False)
class Workbench:
    """A connection for work that prepares in temporary tables what it then writes at once.

    On a server all of its steps, up to the writing, are one transaction: behind a pooler the next transaction may be
    given another session, where its temporary tables and locks are not.
    """

    connection: Connection

    @contextmanager
    def filling(self) -> Iterator[Connection]:
        """Write temporary tables and read the others, without keeping anybody else from writing."""
        if self.connection.dialect.name == "sqlite":
            with _transaction(self.connection, FILL):
                yield self.connection
            return
        if not self.connection.in_transaction():
            self.connection.execution_options(**{MODE: FILL})
            self.connection.begin()
        yield self.connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write all tables, as `Database.writing` does."""
        begun = self.connection.get_transaction()
        if begun is None:
            with _transaction(self.connection, WRITE):
                yield self.connection
            return
        with begun:
            yield self.connection


@contextmanager
def _transaction(connection: Connection, mode: str) -> Iterator[None]:
    connection.execution_options(**{MODE: mode})
    with connection.begin():
        yield
