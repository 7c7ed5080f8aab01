"""Everything of one database into another, and copies to keep."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from newsletter import sending
from newsletter.audience import erase
from newsletter.errors import AuthenticationError, ConfigurationError, NewsletterError, NotFound, Refused, StorageError
from newsletter.model.mailing import Totals
from newsletter.sending import pacing
from newsletter.store import Database, moving, open_database, schema, stored
from tests import factories
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import ResendServer
from tests.sending.test_controls import deliver, resend, start

Row = tuple[Any, ...]
COUNTED = "list_counts"


@pytest.fixture(params=["sqlite", "postgresql"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database."""
    named = request.param == "postgresql"
    address = request.getfixturevalue("postgresql_address") if named else f"sqlite:///{tmp_path}/new.db"
    with open_database(factories.workspace(tmp_path / "new", database=address)) as database:
        yield database


def rows(database: Database) -> dict[str, list[Row]]:
    """Return every row of every table, in the order of the tables' keys."""
    with database.reading() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in schema.metadata.tables.items()
            if name != COUNTED
        }


def counted(database: Database) -> list[Row]:
    """Return how many are on each list."""
    query = f"SELECT list_id, state, sum(number) FROM {COUNTED} GROUP BY list_id, state ORDER BY list_id, state"
    with database.reading() as connection:
        return [(row[0], row[1], int(row[2])) for row in connection.execute(text(query))]


def fill(folder: Path, server: ResendServer) -> Path:
    """Make a database with something in each table and a mailing that was interrupted; return its file."""
    with make.database(folder) as database:
        make.subscribe(database, make.addresses(40), name="Zoë 🌍", language="de")
        make.subscribe(database, ["gone@example.org", "last@example.org"])
        make.suppress(database, "gone@example.org")
        with database.writing() as connection:
            connection.execute(
                schema.subscribers.update()
                .where(schema.subscribers.c.id < 5)
                .values(topics=("asylum", "borders"), attributes={"country": "AT", "since": 2019, "board": True})
            )
        server.fault = lambda number: "reset after" if number == 2 else "401" if number > 2 else None
        with pytest.raises(AuthenticationError):
            deliver(database, start(database, resend(server, in_flight=1)), resend(server, in_flight=1))
        server.fault = lambda _number: None
        # The newest person leaves no trace but their number, which must be nobody's ever after.
        erase(database, "last@example.org", now=make.NOW)
        pacing.postpone(database, "other", 60, make.NOW)
        moment = stored(make.NOW)
        with database.writing() as connection:
            connection.execute(insert(schema.limits), {"key": "0" * 64, "next_at": 1722150000.123456})
            connection.execute(
                insert(schema.signups),
                {"kind": "subscribe", "address": "new@example.org", "address_key": "new@example.org", "language": "en"}
                | {"choice": {"lists": ["monthly"], "topics": ["borders"]}, "state": "asked", "asked_at": moment},
            )
            connection.execute(
                insert(schema.events),
                {"provider": "main", "key": "msg_1", "mailing_id": 1, "subscriber_id": 1, "kind": "delivered"}
                | {"happened_at": moment, "received_at": moment, "by_machine": True},
            )
            flags = dict.fromkeys(("complained", "unsubscribed", "clicked"), False)
            arrival = {"mailing_id": 1, "subscriber_id": 1, "state": "delivered", "opened": True, **flags}
            connection.execute(insert(schema.arrivals), arrival)
            corrected = {"mailing_id": 1, "edition": 0, "note": "12 August, not 31 July", "corrected_by": "Ana"}
            kept = {"corrected_at": moment, "digest": "0" * 64, "content": b"\x00\xff"}
            connection.execute(insert(schema.corrections), corrected | kept)
            receipt = {"provider": "main", "key": "k", "body_sha256": "0" * 64, "received_at": moment}
            connection.execute(insert(schema.receipts), receipt)
        before = rows(database)
        assert [name for name, there in before.items() if not there] == []
    return folder / ".newsletter" / "newsletter.db"


def test_everything_moves_and_a_mailing_goes_on_there(
    tmp_path: Path, new: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row, in each table; whoever had it does not get it again, and no number is given a second time."""
    monkeypatch.setattr(moving, "_AT_ONCE", 50)
    told: list[tuple[int, int]] = []
    with serving(ResendServer()) as server:
        file = fill(tmp_path / "old", server)
        with open_database(factories.workspace(tmp_path / "old")) as old:
            before, lists = rows(old), counted(old)
        away = moving.move(file, new, lambda done, whole: told.append((done, whole)))
        assert (rows(new), counted(new)) == (before, lists)
        number = sum(map(len, before.values()))
        assert told == [*((done, number) for done in range(50, number + 1, 50)), (number, number)]
        assert (file.exists(), away.name, away.is_file()) == (False, "newsletter.db-moved", True)
        make.subscribe(new, ["next@example.org"])
        with new.reading() as connection:
            newest = connection.execute(text("SELECT max(id) FROM subscribers")).scalar_one()
        assert newest == 43
        mailing = sending.resume(new, "2024-07")
        assert deliver(new, mailing, resend(server)) == Totals(accepted=41, suppressed=1)
        assert server.accepted == dict.fromkeys([*make.addresses(40), "last@example.org"], 1)


def test_everything_moves_back_and_a_mailing_goes_on_there(tmp_path: Path, postgresql_address: str) -> None:
    """As before; whoever still names the server is told that it has moved."""
    there = factories.workspace(tmp_path / "there", database=postgresql_address)
    with serving(ResendServer()) as server, make.database(tmp_path / "back") as back:
        file = fill(tmp_path / "old", server)
        with open_database(there) as new:
            moving.move(file, new)
            before, lists = rows(new), counted(new)
            with new.reading(), pytest.raises(Refused, match=r" is in use$"):
                moving.move_back(postgresql_address, back)
        assert not any(rows(back).values())
        moving.move_back(postgresql_address, back)
        assert (rows(back), counted(back)) == (before, lists)
        with pytest.raises(ConfigurationError, match=" has moved into another database, "):
            open_database(there)
        with pytest.raises(ConfigurationError, match=r" is no database of newsletter$"):
            moving.move_back(postgresql_address, back)
        make.subscribe(back, ["next@example.org"])
        assert max(row[0] for row in rows(back)["subscribers"]) == 43
        mailing = sending.resume(back, "2024-07")
        assert deliver(back, mailing, resend(server)) == Totals(accepted=41, suppressed=1)
        assert server.accepted == dict.fromkeys([*make.addresses(40), "last@example.org"], 1)


def test_from_one_server_to_another_leads_another_program(tmp_path: Path, postgresql_address: str) -> None:
    """One that asks the server itself."""
    with (
        open_database(factories.workspace(tmp_path, database=postgresql_address)) as new,
        pytest.raises(Refused) as caught,
    ):
        moving.move_back(postgresql_address, new)
    assert caught.value.why == "from one PostgreSQL to another lead pg_dump and pg_restore"


def test_the_number_of_whoever_was_erased_stays_taken(tmp_path: Path, new: Database) -> None:
    """It stands in links and logs that are out of reach; nobody else must be found by it, even if all are gone."""
    with make.database(tmp_path / "old") as database:
        make.subscribe(database, ["anna@example.org"])
        erase(database, "anna@example.org", now=make.NOW)
        assert rows(database)["subscribers"] == []
    moving.move(tmp_path / "old" / ".newsletter" / "newsletter.db", new)
    make.subscribe(new, ["bea@example.org"])
    assert [row[0] for row in rows(new)["subscribers"]] == [2]


def test_a_second_file_is_put_away_under_another_name(tmp_path: Path, new: Database) -> None:
    """What was put away before stays."""
    with make.database(tmp_path / "old") as database:
        make.subscribe(database, ["anna@example.org"])
    file = tmp_path / "old" / ".newsletter" / "newsletter.db"
    file.with_name("newsletter.db-moved").write_text("from before")
    assert moving.move(file, new).name == "newsletter.db-moved-2"
    assert file.with_name("newsletter.db-moved").read_text() == "from before"


def test_no_sign_in_the_name_of_a_folder_leads_to_another_file(tmp_path: Path, new: Database) -> None:
    """A path is no address, in which ? begins something else and %20 is a space."""
    with make.database(tmp_path / "news? 100%20") as database:
        make.subscribe(database, ["anna@example.org"])
    file = tmp_path / "news? 100%20" / ".newsletter" / "newsletter.db"
    assert moving.move(file, new).parent == file.parent
    assert len(rows(new)["subscribers"]) == 1


def test_a_file_in_use_does_not_move(tmp_path: Path, new: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever still has it open could write what the new database would lack; both stay as they were."""
    monkeypatch.setattr(moving, "_PATIENCE", 0.1)
    with make.database(tmp_path / "old") as database:
        make.subscribe(database, ["anna@example.org"])
        file = tmp_path / "old" / ".newsletter" / "newsletter.db"
        with database.reading(), pytest.raises(Refused, match="is in use") as caught:
            moving.move(file, new)
        assert "stop newsletter serve" in (caught.value.fix or "")
        make.subscribe(database, ["bea@example.org"])
        assert len(rows(database)["subscribers"]) == 2
    assert rows(new)["subscribers"] == []
    moving.move(file, new)
    assert len(rows(new)["subscribers"]) == 2


def test_a_database_with_people_in_it_takes_no_others(tmp_path: Path, new: Database) -> None:
    """Two cannot be made one; the file keeps its name."""
    make.subscribe(new, ["theirs@example.org"])
    with make.database(tmp_path / "old") as database:
        make.subscribe(database, ["anna@example.org"])
    file = tmp_path / "old" / ".newsletter" / "newsletter.db"
    with pytest.raises(Refused, match="is not empty"):
        moving.move(file, new)
    assert [row[1] for row in rows(new)["subscribers"]] == ["theirs@example.org"]
    assert file.is_file()


def test_a_move_that_fails_in_the_middle_has_done_nothing(tmp_path: Path, postgresql_address: str) -> None:
    """SQLite keeps texts of any length and with any character, PostgreSQL does not; nobody is quoted."""
    with make.database(tmp_path / "old") as database:
        make.subscribe(database, make.addresses(3))
        make.subscribe(database, ["anna@example.org"], name="An\0na")
    file = tmp_path / "old" / ".newsletter" / "newsletter.db"
    with open_database(factories.workspace(tmp_path / "new", database=postgresql_address)) as new:
        with pytest.raises(StorageError, match="a row of subscribers does not fit") as caught:
            moving.move(file, new)
        assert "anna" not in str(caught.value)
        assert not any(rows(new).values())
    with open_database(factories.workspace(tmp_path / "old")) as database:
        assert len(rows(database)["subscribers"]) == 4


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TABLE alembic_version", "is no database of newsletter"),
        ("UPDATE alembic_version SET version_num = '0001'", "is of another version of newsletter"),
        ("UPDATE alembic_version SET version_num = '0999'", "is of another version of newsletter"),
    ],
)
def test_only_a_database_with_the_tables_of_this_version_moves(
    tmp_path: Path, new: Database, statement: str, words: str
) -> None:
    """Of others nobody knows what their columns mean; both stay as they were."""
    with make.database(tmp_path / "old") as database:
        make.subscribe(database, ["anna@example.org"])
        with database.writing() as connection:
            connection.execute(text(statement))
    file = tmp_path / "old" / ".newsletter" / "newsletter.db"
    with pytest.raises(ConfigurationError, match=words):
        moving.move(file, new)
    assert (file.is_file(), rows(new)["subscribers"]) == (True, [])


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [(None, NotFound, "there is no file"), (b"x" * 5000, ConfigurationError, "not a database")],
)
def test_what_is_no_database_is_told(
    content: bytes | None, kind: type[NewsletterError], words: str, tmp_path: Path, new: Database
) -> None:
    """And left alone."""
    file = tmp_path / "other.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(kind, match=words):
        moving.move(file, new)
    assert content is None or file.read_bytes() == content


def test_a_copy_is_what_was_there_at_one_moment(tmp_path: Path) -> None:
    """Beside others that write, for its owner's eyes alone; it opens as the database itself does."""
    with make.database(tmp_path / "old") as database:
        make.subscribe(database, make.addresses(3))
        copied = tmp_path / "copy.db"
        with database.writing() as connection:
            connection.execute(text("UPDATE subscribers SET name = 'Later'"))
            moving.copy(database, copied)
        assert stat.S_IMODE(copied.stat().st_mode) == 0o600
        with open_database(factories.workspace(tmp_path / "new", database=f"sqlite:///{copied}")) as opened:
            assert [row[3] for row in rows(opened)["subscribers"]] == [""] * 3
        with pytest.raises(ConfigurationError, match="is there already"):
            moving.copy(database, copied)


def test_what_is_found_under_the_name_of_a_copy_is_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed while copying leaves a part that says so, not half a file that would be put back one day."""
    seen: list[str] = []
    rename = Path.rename

    def watched(part: Path, file: Path) -> Path:
        seen.extend(sorted(found.name for found in tmp_path.iterdir()))
        return rename(part, file)

    monkeypatch.setattr(Path, "rename", watched)
    with make.database(tmp_path / "old") as database:
        moving.copy(database, tmp_path / "copy.db")
    assert seen == [f"copy.db.{os.getpid()}.part", "old"]
    assert sorted(found.name for found in tmp_path.iterdir()) == ["copy.db", "old"]


def test_a_copy_that_fails_leaves_no_file(tmp_path: Path, postgresql_address: str) -> None:
    """Half a copy would be taken for one; PostgreSQL has a program of its own."""
    with make.database(tmp_path / "old") as database, pytest.raises(OSError, match="No such file or directory"):
        moving.copy(database, tmp_path / "nowhere" / "copy.db")
    file = tmp_path / "old" / ".newsletter" / "newsletter.db"
    held = file.read_bytes()
    file.write_bytes(held[:8192] + b"x" * (len(held) - 8192))
    with pytest.raises(StorageError, match=r"^the database \.newsletter/newsletter\.db is damaged$"):
        moving.copy(database, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    with (
        open_database(factories.workspace(tmp_path / "new", database=postgresql_address)) as database,
        pytest.raises(ConfigurationError) as caught,
    ):
        moving.copy(database, tmp_path / "copy.db")
    assert "pg_dump" in (caught.value.fix or "")
    assert not (tmp_path / "copy.db").exists()
