"""Transactions that are safe by default."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from newsletter.errors import NewsletterError
from newsletter.store import Database, open_database, opening
from tests import factories as make

INSERT = text("INSERT INTO lists (name, created_at) VALUES (:name, '2024-07-28 07:00:00.000000')")


def names(connection: Connection) -> list[str]:
    """Return the names of the lists."""
    return list(connection.execute(text("SELECT name FROM lists ORDER BY name")).scalars())


def test_what_is_written_is_kept(tmp_path: Path) -> None:
    """Leaving the block keeps the changes."""
    with open_database(make.workspace(tmp_path)) as database:
        with database.writing() as connection:
            connection.execute(INSERT, {"name": "monthly"})
        with database.reading() as connection:
            assert names(connection) == ["monthly"]


def test_an_error_takes_everything_back(tmp_path: Path) -> None:
    """Nothing of a block that raises is kept."""
    with open_database(make.workspace(tmp_path)) as database:
        with pytest.raises(RuntimeError), database.writing() as connection:
            connection.execute(INSERT, {"name": "monthly"})
            raise RuntimeError
        with database.reading() as connection:
            assert names(connection) == []


def test_reading_cannot_write(tmp_path: Path) -> None:
    """A change in a reading block would be lost in silence, so the database refuses it."""
    with open_database(make.workspace(tmp_path)) as database:
        with pytest.raises(NewsletterError), database.reading() as connection:
            connection.execute(INSERT, {"name": "monthly"})
        with database.writing() as connection:
            connection.execute(INSERT, {"name": "weekly"})
            assert names(connection) == ["weekly"]


def test_reading_sees_one_moment_and_waits_for_nobody(tmp_path: Path) -> None:
    """A reader goes on while somebody writes, and sees nothing that came after its first look."""
    with open_database(make.workspace(tmp_path)) as database, database.reading() as reader:
        assert names(reader) == []
        with database.writing() as writer:
            writer.execute(INSERT, {"name": "monthly"})
        assert names(reader) == []


def test_writers_take_turns(tmp_path: Path) -> None:
    """Reading first and writing then is safe: nobody comes in between."""
    with open_database(make.workspace(tmp_path)) as database:
        threads = [threading.Thread(target=_count_up, args=(database,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.reading() as connection:
            assert names(connection) == [f"{number:03}" for number in range(40)]


def _count_up(database: Database) -> None:
    for _ in range(10):
        with database.writing() as connection:
            connection.execute(INSERT, {"name": f"{len(names(connection)):03}"})


def test_a_workbench_prepares_while_others_write(tmp_path: Path) -> None:
    """Its temporary tables outlive a transaction, keep nobody waiting, and vanish with it."""
    with open_database(make.workspace(tmp_path)) as database:
        with database.workbench() as bench:
            with bench.filling() as connection:
                connection.execute(text("CREATE TEMPORARY TABLE incoming (name TEXT)"))
                connection.execute(text("INSERT INTO incoming VALUES ('monthly')"))
                with database.writing() as other:
                    other.execute(INSERT, {"name": "weekly"})
            with bench.writing() as connection:
                connection.execute(text("INSERT INTO lists (name, created_at) SELECT name, '2024-07-28' FROM incoming"))
        with database.reading() as connection:
            assert names(connection) == ["monthly", "weekly"]
            assert connection.execute(text("SELECT count(*) FROM sqlite_temp_master")).scalar() == 0


def test_ids_of_subscribers_are_never_used_again(tmp_path: Path) -> None:
    """The link of somebody who was erased must not become the next person's."""
    insert = text(
        "INSERT INTO subscribers (address, address_key, created_at) VALUES (:a, :a, '2024-07-28') RETURNING id"
    )
    with open_database(make.workspace(tmp_path)) as database, database.writing() as connection:
        first = connection.execute(insert, {"a": "a@example.org"}).scalar_one()
        connection.execute(text("DELETE FROM subscribers"))
        assert connection.execute(insert, {"a": "b@example.org"}).scalar_one() == first + 1


def test_a_log_does_not_keep_the_size_of_the_largest_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one large import needed is given back to the disk by those who write afterwards."""
    monkeypatch.setattr(opening, "_MOST_LOG_BYTES", 100_000)
    log = tmp_path / ".newsletter" / "newsletter.db-wal"
    with open_database(make.workspace(tmp_path)) as database:
        for name in ("a" * 8_000_000, "b", "c"):
            with database.writing() as connection:
                connection.execute(INSERT, {"name": name})
        assert log.stat().st_size < 1_000_000


def test_between_two_parts_of_long_work_the_log_is_emptied(tmp_path: Path) -> None:
    """However many parts there are, others write in between, and the disk need not hold them all twice."""
    log = tmp_path / ".newsletter" / "newsletter.db-wal"
    with open_database(make.workspace(tmp_path)) as database:
        with database.writing() as connection:
            connection.execute(INSERT, {"name": "monthly"})
        database.give_way()
        assert not log.exists() or log.stat().st_size == 0
        with database.writing() as connection:
            connection.execute(INSERT, {"name": "weekly"})


def test_giving_way_does_not_wait_for_a_long_look(tmp_path: Path) -> None:
    """Somebody who reads for long keeps the log, and nobody else from writing."""
    with open_database(make.workspace(tmp_path)) as database:
        with database.writing() as connection:
            connection.execute(INSERT, {"name": "monthly"})
        with database.reading() as reader:
            assert names(reader) == ["monthly"]
            with database.writing() as connection:
                connection.execute(INSERT, {"name": "weekly"})
            database.give_way()
            with database.writing() as connection:
                connection.execute(INSERT, {"name": "yearly"})
