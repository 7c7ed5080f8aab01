"""Bringing a database's tables up to date, whoever opens it first."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from newsletter.errors import ConfigurationError, StorageError
from newsletter.store import migrations, schema
from newsletter.store.database import Database
from newsletter.store.whereabouts import moved

_VERSION_TABLE = "alembic_version"
MOVED_TABLE = "alembic_version_moved"
"""What that is called on a server once everything has moved away."""
_log = logging.getLogger("newsletter.store")
# Any number will do, as long as every version of the program takes the same.
_LOCK = 7_305_804


def bring_up_to_date(database: Database) -> None:
    """Apply the migrations that a database lacks; leave one that is up to date alone, without loading Alembic."""
    with database.reading() as connection:
        if _revision(connection) == migrations.NEWEST:
            return
    with database.workbench() as bench:
        if bench.connection.dialect.name == "sqlite":
            # A table that others refer to can be written anew only so: https://sqlite.org/lang_altertable.html#otheralter
            driver: Any = bench.connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        with bench.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
            # Another process may have been faster while this one waited.
            revision = _revision(connection)
            if revision != migrations.NEWEST:
                _upgrade(connection, revision, database.name)
                _check_references(connection, database.name)


def _check_references(connection: Connection, name: str) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StorageError(
            f"the database {name} cannot be brought up to date",
            why="rows in it refer to others that are missing",
            fix="put back your latest copy of it, or write to whoever gave you newsletter; nothing was changed",
        )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608
    return found


def _upgrade(connection: Connection, revision: str | None, name: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # A percent sign begins a reference in Alembic's settings.
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is None:
        _refuse_strangers(connection, name)
    elif revision not in known:
        raise ConfigurationError(
            f"the database {name} was written by a newer version of newsletter",
            why=f"its tables are of revision {revision}, and this version knows up to {migrations.NEWEST}",
            fix="install the newer version from where you have this one",
        )

    if revision is not None:
        # Told before it begins: a table of many years is read from end to end, and nothing else shows.
        _log.warning(
            "bringing the database %s up to date for this version of newsletter; with years of mailings it takes some "
            "minutes. Interrupted, it changes nothing, and the next command begins anew",
            name,
        )
    command.upgrade(config, "head")


def _refuse_strangers(connection: Connection, name: str) -> None:
    there = set(inspect(connection).get_table_names())
    if MOVED_TABLE in there:
        raise moved(name, "make another one on the server")
    taken = sorted(there & set(schema.metadata.tables))
    if taken:
        raise ConfigurationError(
            f"the database {name} belongs to another program",
            why=f"it already has tables called {', '.join(taken)}, which newsletter did not make",
            fix="name another database in the setting `database`",
        )
