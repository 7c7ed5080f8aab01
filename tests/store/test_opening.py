"""From a setting to an open database."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import ConfigurationError, StorageError
from newsletter.store import open_database
from tests import factories as make


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    """The database holds addresses."""
    with open_database(make.workspace(tmp_path)) as database, database.writing():
        files = sorted((tmp_path / ".newsletter").iterdir())
        rights = {file.name: stat.filemode(file.stat().st_mode) for file in files}
    assert rights == {
        "newsletter.db": "-rw-------",
        "newsletter.db-shm": "-rw-------",
        "newsletter.db-wal": "-rw-------",
    }


def test_a_relative_path_begins_at_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders are made, and the current folder does not matter."""
    monkeypatch.chdir("/")
    workspace = make.workspace(tmp_path / "a team's 100 % own", database="sqlite:///data/of us/letters.db")
    with open_database(workspace) as database:
        assert database.name == "data/of us/letters.db"
    assert (tmp_path / "a team's 100 % own" / "data" / "of us" / "letters.db").stat().st_size > 0


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    """Four slashes begin at the root of the disk."""
    with open_database(make.workspace(tmp_path / "team", database=f"sqlite:///{tmp_path}/shared.db")) as database:
        assert database.name == f"{tmp_path.as_posix()}/shared.db"
    assert not (tmp_path / "team").exists()


def test_a_database_is_durable_and_patient(tmp_path: Path) -> None:
    """A power cut loses nothing that was claimed, references hold, and other writers are waited for."""
    with open_database(make.workspace(tmp_path)) as database, database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///a.db?mode=ro"])
def test_sqlite_needs_a_file(tmp_path: Path, url: str) -> None:
    """Consent that vanishes with the command would be worse than none."""
    with pytest.raises(ConfigurationError, match=r"^the setting `database` names no file for SQLite$"):
        open_database(make.workspace(tmp_path, database=url))


def test_other_databases_are_refused(tmp_path: Path) -> None:
    """The message says which two can be used."""
    with pytest.raises(ConfigurationError) as caught:
        open_database(make.workspace(tmp_path, database="mysql://team:hush@db.example.org/letters"))
    assert (
        caught.value.message == "the setting `database` begins with mysql://, which is no database newsletter can use"
    )
    assert caught.value.fix == (
        "use SQLite (sqlite:///.newsletter/newsletter.db) or PostgreSQL (postgresql://user@server/name)"
    )


def test_an_address_that_is_none_is_not_repeated(tmp_path: Path) -> None:
    """It may hold a password."""
    with pytest.raises(ConfigurationError) as caught:
        open_database(make.workspace(tmp_path, database="postgresql//team:hush@db.example.org"))
    assert caught.value.message == "the setting `database` is not the address of a database"
    assert "hush" not in f"{caught.value.message}{caught.value.why}{caught.value.fix}"


def test_postgresql_without_its_driver_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver is an extra, because most teams need no server."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError) as caught:
        open_database(make.workspace(tmp_path, database="postgresql://team:hush@db.example.org/letters"))
    assert (caught.value.message, caught.value.fix) == (
        "the setting `database` names a PostgreSQL server, for which a part is not installed",
        'install it with: pip install "newsletter[postgresql]"',
    )


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    """Port 1 of the own machine refuses at once."""
    with pytest.raises(StorageError) as caught:
        open_database(make.workspace(tmp_path, database="postgresql://team:hush@127.0.0.1:1/letters"))
    assert caught.value.message == "the database postgresql://team:***@127.0.0.1:1/letters cannot be used"
    assert "hush" not in f"{caught.value.message}{caught.value.why}{caught.value.fix}"


def test_a_server_that_falls_silent_is_noticed(tmp_path: Path, postgresql_address: str) -> None:
    """Within half a minute and not a quarter of an hour, unless the address says otherwise."""
    space = make.workspace(tmp_path, database=f"{postgresql_address}&keepalives_idle=7")
    with open_database(space) as database, database.reading() as connection:
        driver: Any = connection.connection.dbapi_connection
        told = driver.info.get_parameters()
        names = ("connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
        assert [told[name] for name in names] == ["10", "7", "10", "3", "30000"]
