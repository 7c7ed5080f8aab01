"""Tables that are brought up to date by themselves."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, select, text

from newsletter.config import Workspace
from newsletter.errors import ConfigurationError, StorageError
from newsletter.store import migrations, open_database, schema
from tests import factories as make
from tests import postgresql

OPEN = """
import sys
from pathlib import Path
from newsletter.store import open_database
from tests import factories as make
sys.stdin.readline()
with open_database(make.workspace(Path(sys.argv[1]))) as database, database.reading() as connection:
    print(connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar(), "alembic" in sys.modules)
"""

OLD = [
    "INSERT INTO keys VALUES (1, x'00', '2024-07-28 07:00:00')",
    """INSERT INTO mailings
    (id, issue, lists, audience, provider, envelope, key_id, candidates, state, digest, started_at)
    VALUES (1, '2024-07', '[]', 'monthly', 'main', '{}', 1, 1, 'sent', 'd', '2024-07-28 07:00:00')""",
    "INSERT INTO editions VALUES (1, 0, 'en', 'd', x'00')",
    "INSERT INTO batches (mailing_id, edition, first_id, last_id, size, state) VALUES (1, 0, 1, 1, 1, 'done')",
]


# What PostgreSQL knows of tables; each row begins with what it is about.
ON_SERVER = (
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    """SELECT conrelid::regclass::text AS name, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'""",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def migrate(connection: Connection, version: str) -> None:
    """Bring an empty database to what an older version of newsletter left."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def on_server(connection: Connection) -> list[tuple[Any, ...]]:
    """Return the columns, indexes, constraints, triggers and functions of a database on a server."""
    return [tuple(row) for query in ON_SERVER for row in connection.execute(text(f"{query} ORDER BY 1, 2"))]


def tables(connection: Connection) -> dict[str, list[str]]:
    """Return the columns and constraints of each table and index, sorted; Alembic writes them in another order."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
        " AND name NOT LIKE 'sqlite%'"
    )
    return {name: sorted(parts(statement)) for name, statement in rows}


def parts(statement: str) -> list[str]:
    """Return what stands between the outer brackets, cut at its own commas, and what stands around it."""
    flat = re.sub(r"\s*([(),])\s*", r"\1", " ".join(statement.replace('"', "").split()))
    flat = re.sub(r"DEFAULT\(('[^']*')\)", r"DEFAULT \1 ", flat)
    start, end = flat.find("("), flat.rfind(")")
    if start < 0:
        return [flat]
    found, depth = [""], 0
    for letter in flat[start + 1 : end]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [part.strip() for part in (flat[:start].strip(), flat[end:], *found)]


def test_the_migrations_lead_to_the_schema(tmp_path: Path) -> None:
    """A database that went through every migration has exactly the tables that `schema` describes."""
    drawn = create_engine("sqlite://")
    with drawn.begin() as connection:
        schema.metadata.create_all(connection)
        expected = tables(connection)
    drawn.dispose()
    with open_database(make.workspace(tmp_path)) as database, database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
        assert tables(connection) == expected


def test_the_migrations_lead_to_the_schema_on_a_server(tmp_path: Path, postgresql_server: str) -> None:
    """The same holds for PostgreSQL, where types, defaults, triggers and functions are others."""
    with postgresql.new_database(postgresql_server) as drawn, postgresql.new_database(postgresql_server) as migrated:
        engine = create_engine(make_url(drawn).set(drivername="postgresql+psycopg"))
        with engine.begin() as connection:
            schema.metadata.create_all(connection)
            expected = on_server(connection)
        engine.dispose()
        with open_database(make.workspace(tmp_path, database=migrated)) as database, database.reading() as connection:
            assert on_server(connection) == expected


def test_what_an_older_version_kept_stays(tmp_path: Path) -> None:
    """A mailing with its batch and its edition comes through every migration, references included."""
    file = tmp_path / ".newsletter" / "newsletter.db"
    file.parent.mkdir()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        migrate(connection, "0001")
        for statement in OLD:
            connection.exec_driver_sql(statement)
    engine.dispose()
    with open_database(make.workspace(tmp_path)) as database, database.reading() as connection:
        row = connection.execute(text("SELECT issue, state, round, wave, on_unknown FROM mailings")).one()
        assert tuple(row) == ("2024-07", "sent", 1, 1, "hold")
        assert connection.execute(text("SELECT mailing_id, state, wave FROM batches")).all() == [(1, "done", 1)]
        assert connection.execute(text("SELECT mailing_id, language FROM editions")).all() == [(1, "en")]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_file_whose_rows_refer_to_missing_ones_is_left_as_it_is(tmp_path: Path) -> None:
    """Such as one that a program for SQLite has changed by hand: what it means nobody can tell, so nothing is done."""
    file = tmp_path / ".newsletter" / "newsletter.db"
    file.parent.mkdir()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        migrate(connection, "0001")
        connection.exec_driver_sql("INSERT INTO editions VALUES (7, 0, 'en', 'd', x'00')")
        before = tables(connection)
    with pytest.raises(StorageError) as caught:
        open_database(make.workspace(tmp_path))
    assert (caught.value.message, caught.value.why) == (
        "the database .newsletter/newsletter.db cannot be brought up to date",
        "rows in it refer to others that are missing",
    )
    with engine.connect() as connection:
        assert tables(connection) == before
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0001"
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose database has no tables yet."""
    (tmp_path / ".newsletter").mkdir()
    if request.param == "sqlite":
        yield make.workspace(tmp_path)
        return
    with postgresql.new_database(request.getfixturevalue("postgresql_server")) as address:
        yield make.workspace(tmp_path, database=address)


def test_subscribers_of_an_older_version_come_along(empty: Workspace) -> None:
    """Their words are counted, what they never said has its default, and their topics can be compared."""
    url = make_url(empty.settings.database)
    file = url.set(database=str(empty.root / str(url.database)))
    engine = create_engine(file if url.drivername == "sqlite" else url.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        migrate(connection, "0002")
        for statement in (
            "INSERT INTO lists (id, name, created_at) VALUES (1, 'monthly', '2024-01-01 00:00:00')",
            """INSERT INTO subscribers (id, address, address_key, topics, created_at)
            VALUES (1, 'a@example.org', 'a@example.org', '["a", "b"]', '2024-01-01 00:00:00')""",
            """INSERT INTO consents (list_id, subscriber_id, state, changed_at)
            VALUES (1, 1, 'confirmed', '2024-01-01 00:00:00')""",
            """INSERT INTO suppressions (address_key, reason, created_at)
            VALUES ('a@example.org', 'bounce', '2024-01-01 00:00:00')""",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    with open_database(empty) as database, database.reading() as connection:
        people = schema.subscribers
        found = connection.execute(
            select(people.c.frequency, people.c.topics, people.c.preferred_at, people.c.preferred_by).where(
                people.c.topics == ("b", "A")
            )
        )
        assert [tuple(row) for row in found] == [("every issue", ("a", "b"), None, "")]
        counts = connection.execute(text("SELECT state, number FROM list_counts WHERE number > 0 ORDER BY state"))
        assert [tuple(row) for row in counts] == [("confirmed", 1), ("suppressed", 1)]


def test_whoever_waits_for_a_migration_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A new database needs no word; one with years in it takes its time, and nothing else shows."""
    workspace = make.workspace(tmp_path)
    open_database(workspace).close()
    assert caplog.messages == []
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{tmp_path}/.newsletter/newsletter.db")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0006'")
        connection.exec_driver_sql("ALTER TABLE batches DROP COLUMN put_off")
        connection.exec_driver_sql("ALTER TABLE events DROP COLUMN link")
        connection.exec_driver_sql("DROP TABLE corrections")
        connection.exec_driver_sql("ALTER TABLE mailings DROP COLUMN noticed")
        connection.exec_driver_sql("ALTER TABLE subscribers DROP COLUMN preferred_at")
        connection.exec_driver_sql("ALTER TABLE subscribers DROP COLUMN preferred_by")
        connection.exec_driver_sql("ALTER TABLE subscribers DROP COLUMN unsuppressed_at")
        connection.exec_driver_sql("DROP INDEX ix_batches_claimed_at")
        connection.exec_driver_sql("DROP INDEX ix_events_mailing_id_subscriber_id")
    engine.dispose()
    open_database(workspace).close()
    assert [text[:59] for text in caplog.messages] == ["bringing the database .newsletter/newsletter.db up to date "]


def test_the_newest_revision_is_the_last_migration() -> None:
    """The number that is compared without Alembic is the one that Alembic ends with."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.NEWEST]


def test_many_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    """One of them makes the tables, the others wait; afterwards opening needs no Alembic."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN, tmp_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=60) for process in processes]
    assert [(output[:2], error) for output, error in ends] == [("1 ", "")] * 4
    last = subprocess.run(
        [sys.executable, "-c", OPEN, tmp_path], input="\n", capture_output=True, text=True, check=True, timeout=60
    )
    assert last.stdout == "1 False\n"


def test_a_migration_that_fails_leaves_no_table(tmp_path: Path) -> None:
    """Either all tables are there or none, so that the next start can try again."""
    workspace = make.workspace(tmp_path)
    with open_database(workspace) as database, database.writing() as connection:
        schema.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("CREATE VIEW suppressions AS SELECT 1"))
    with pytest.raises(Exception, match="suppressions"):
        open_database(workspace)
    file = create_engine(f"sqlite:///{tmp_path}/.newsletter/newsletter.db")
    with file.connect() as connection:
        assert list(tables(connection)) == ["suppressions"]
    file.dispose()


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """An older program does not guess what newer tables mean."""
    workspace = make.workspace(tmp_path)
    with open_database(workspace) as database, database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(ConfigurationError) as caught:
        open_database(workspace)
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "the database .newsletter/newsletter.db was written by a newer version of newsletter",
        f"its tables are of revision 0999, and this version knows up to {migrations.NEWEST}",
        "install the newer version from where you have this one",
    )


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """Tables that happen to have our names are somebody else's."""
    (tmp_path / ".newsletter").mkdir()
    other = create_engine(f"sqlite:///{tmp_path}/.newsletter/newsletter.db")
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE lists (title TEXT)"))
    other.dispose()
    with pytest.raises(ConfigurationError) as caught:
        open_database(make.workspace(tmp_path))
    assert caught.value.message == "the database .newsletter/newsletter.db belongs to another program"
    assert caught.value.why == "it already has tables called lists, which newsletter did not make"
