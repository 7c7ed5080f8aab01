"""What goes wrong with a database, in words."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, Text, text
from sqlalchemy.exc import IntegrityError

from newsletter.errors import ConfigurationError, StorageError
from newsletter.store import Database, has_database, open_database
from newsletter.store.bulk import fill
from newsletter.store.remnants import overwrite
from tests import factories as make

UNWRITABLE = (
    "the database .newsletter/newsletter.db cannot be written",
    "you may not write in its folder, or not the file itself",
    "give yourself the right to write there, or name another file in the setting `database`",
)


@contextmanager
def as_ordinary_person() -> Iterator[None]:
    """Give up the rights of root for a while, which no file can refuse."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """The message names the file, and its content stays."""
    file = tmp_path / ".newsletter" / "newsletter.db"
    file.parent.mkdir()
    file.write_text("address;name\nreader@example.org;Reader\n" * 100)
    with pytest.raises(ConfigurationError) as caught:
        open_database(make.workspace(tmp_path))
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        ".newsletter/newsletter.db is not a database",
        "the file has other content than SQLite writes",
        "name another file in the setting `database`, or move this one away",
    )
    assert file.read_text().startswith("address;name\n")


@pytest.mark.parametrize("work", [Database.give_way, lambda database: overwrite(database, ["reader@example.org"])])
def test_a_file_that_becomes_something_else_is_told_wherever_it_is_noticed(
    tmp_path: Path, work: Callable[[Database], object]
) -> None:
    """Also between the parts of a long piece of work, and after it."""
    with open_database(make.workspace(tmp_path)) as database:
        database.close()
        (tmp_path / ".newsletter" / "newsletter.db").write_text("address;name\n" * 100)
        with pytest.raises(ConfigurationError, match=r"newsletter\.db is not a database"):
            work(database)


def test_a_folder_where_the_file_belongs_is_told(tmp_path: Path) -> None:
    """A folder cannot be written as a file."""
    (tmp_path / ".newsletter" / "newsletter.db").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match=r"^the database \.newsletter/newsletter\.db cannot be written$"):
        open_database(make.workspace(tmp_path))


def test_a_file_where_the_folder_belongs_is_told(tmp_path: Path) -> None:
    """A file cannot hold another one."""
    (tmp_path / ".newsletter").write_text("")
    with pytest.raises(ConfigurationError, match=r"^the database \.newsletter/newsletter\.db cannot be written$"):
        open_database(make.workspace(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_folder_that_may_not_be_written_is_told() -> None:
    """Neither a new database nor an existing one can be used there."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        workspace = make.workspace(root)
        root.chmod(0o555)
        with pytest.raises(ConfigurationError) as caught, as_ordinary_person():
            open_database(workspace)
        assert (caught.value.message, caught.value.why, caught.value.fix) == UNWRITABLE
        root.chmod(0o755)
        open_database(workspace).close()
        workspace.state.chmod(0o000)
        with pytest.raises(ConfigurationError) as caught, as_ordinary_person():
            # It is there, as far as anybody can tell.
            assert has_database(workspace)
            open_database(workspace)
        assert (caught.value.message, caught.value.why, caught.value.fix) == UNWRITABLE
        (root / ".newsletter").chmod(0o555)
        (root / ".newsletter" / "newsletter.db").chmod(0o444)
        with pytest.raises(ConfigurationError) as caught, as_ordinary_person():
            open_database(workspace)
        assert (caught.value.message, caught.value.why, caught.value.fix) == UNWRITABLE
        (root / ".newsletter").chmod(0o755)


def test_a_busy_database_is_told(tmp_path: Path) -> None:
    """Somebody who writes for longer than one waits is named as the reason."""
    with open_database(make.workspace(tmp_path)) as database, database.writing():
        other = open_database(make.workspace(tmp_path))
        with other.reading() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(StorageError) as caught, other.writing():
            pass
        other.close()
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "the database .newsletter/newsletter.db is busy",
        "another newsletter command kept it to itself for more than 30 seconds",
        "wait until that command has finished, then try again",
    )


def test_a_full_disk_is_told_and_nothing_is_written_by_halves(tmp_path: Path) -> None:
    """SQLite's own limit stands in for the disk's."""
    insert = text("INSERT INTO lists (name, created_at) VALUES (:name, '2024-07-28')")
    with open_database(make.workspace(tmp_path)) as database:
        with pytest.raises(StorageError) as caught, database.writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1")
            connection.execute(insert, [{"name": f"{number:0100}"} for number in range(1000)])
        with database.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM lists")).scalar() == 0
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "the database .newsletter/newsletter.db could not grow",
        "the disk that it lies on, or the one for temporary files, is full",
        "free some space, then try again; nothing was written by halves",
    )


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    """Rubbish in the middle of the file is found when it is read."""
    workspace = make.workspace(tmp_path)
    open_database(workspace).close()
    file = tmp_path / ".newsletter" / "newsletter.db"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\x99" * (len(content) - 4096))
    with pytest.raises(StorageError) as caught:
        open_database(workspace)
    assert caught.value.message == "the database .newsletter/newsletter.db is damaged"
    assert caught.value.fix == "put back your latest copy of the file; keep the damaged one for whoever helps you"


def test_a_server_that_breaks_off_is_told_without_whom_it_was_about(postgresql_address: str, tmp_path: Path) -> None:
    """Hosted databases let nothing take long; what they say then quotes the row, in the middle of a file of people."""

    def rows() -> Iterator[tuple[str]]:
        yield ("anna@example.org",)
        time.sleep(0.3)
        yield from [("ben@example.org",)] * 10_000

    with open_database(make.workspace(tmp_path, database=postgresql_address)) as database:
        people = Table("people", MetaData(), Column("address", Text), prefixes=["TEMPORARY"])
        with pytest.raises(StorageError) as told, database.writing() as connection:
            people.create(connection)
            connection.execute(text("SET LOCAL statement_timeout = 100"))
            fill(connection, people, rows())
        assert (told.value.message, told.value.why) == (
            f"the database {database.name} broke off what takes long",
            "canceling statement due to statement timeout",
        )
        with database.reading() as connection:
            assert connection.scalar(text("SELECT 1")) == 1


def test_our_own_mistakes_are_not_told_as_the_users(tmp_path: Path) -> None:
    """A broken rule of the schema stays what it is, for whoever has to mend the program."""
    insert = text("INSERT INTO lists (name, created_at) VALUES (NULL, '2024-07-28')")
    with (
        open_database(make.workspace(tmp_path)) as database,
        pytest.raises(IntegrityError) as caught,
        database.writing() as connection,
    ):
        connection.execute(insert)
    assert isinstance(caught.value.orig, sqlite3.IntegrityError)
