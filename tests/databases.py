"""New databases whose tables are ready, and how to see who waits in one.

They are copied, because to bring each up to date takes longer than most tests do.
How tables are brought up to date is tested in tests/store.
"""

from __future__ import annotations

from concurrent.futures import Future
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import pytest
from sqlalchemy import text

from newsletter.config import Workspace
from newsletter.store import Database, migrating, open_database, opening
from tests import factories
from tests.waiting import until

_FILE = "sqlite:///"
_ALONE = Lock()


def open_ready(workspace: Workspace) -> Database:
    """Open a workspace's database; a file that is not there yet is a copy of one with its tables."""
    address = workspace.settings.database
    file = workspace.root / address.removeprefix(_FILE)
    if address.startswith(_FILE) and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o600, exist_ok=False)
        file.write_bytes(_with_tables())
    return open_database(workspace)


def find_ready(patch: pytest.MonkeyPatch) -> None:
    """Let every file of SQLite that this process makes begin as a copy of one with its tables."""
    tables, bring_up_to_date = _with_tables(), migrating.bring_up_to_date

    def begin(database: Database) -> None:
        if database.engine.dialect.name == "sqlite":
            file = Path(str(database.engine.url.database))
            with _ALONE:
                if file.stat().st_size == 0:
                    file.write_bytes(tables)
        bring_up_to_date(database)

    patch.setattr(opening, "bring_up_to_date", begin)


def until_so_many_wait(database: Database, number: int) -> None:
    """Return when a server has let so many wait for a lock."""
    until(lambda: _waiting(database) == number)


def _waiting(database: Database) -> int:
    """Return how many wait for a lock."""
    with database.engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) or 0)


def until_done_or_so_many_wait(database: Database, work: Future[Any], number: int) -> None:
    """Return when something is done, or so many wait for a lock."""
    until(lambda: work.done() or _waiting(database) == number)


@cache
def _with_tables() -> bytes:
    with TemporaryDirectory(prefix="newsletter-") as folder:
        workspace = factories.workspace(Path(folder))
        open_database(workspace).close()
        return (workspace.root / workspace.settings.database.removeprefix(_FILE)).read_bytes()
