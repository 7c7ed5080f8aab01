"""Counting and paging a list of a million, on SQLite and on PostgreSQL: milliseconds."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter.audience import count_list, count_lists, page, read_segment
from newsletter.store import Database, open_database
from newsletter.store.counting import fold, recount
from tests import factories as make
from tests import postgresql

PEOPLE = int(os.environ.get("PEOPLE", "1_000_000"))
NOW = dt.datetime(2024, 7, 28, 9, 0, tzinfo=dt.UTC)

NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, :people))",
}


def fill(database: Database) -> None:
    """Put a million on a list, one in a hundred of them unsubscribed, one in fifty suppressed."""
    with database.writing() as connection:
        dialect = connection.dialect.name
        many, one = NUMBERS[dialect], {"people": PEOPLE}
        attributes = '\'{"country": "AT"}\'' + ("::jsonb" if dialect == "postgresql" else "")
        topics = "'[\"borders\"]'" + ("::jsonb" if dialect == "postgresql" else "")
        for statement in (
            "INSERT INTO lists (name, created_at) VALUES ('monthly', '2024-01-01')",
            f"""INSERT INTO subscribers (address, address_key, language, topics, attributes, created_at) {many}
            SELECT 'r' || i || '@example.org', 'r' || i || '@example.org', CASE WHEN i % 3 = 0 THEN 'de' ELSE 'en' END,
            CASE WHEN i % 4 = 0 THEN {topics} END, CASE WHEN i % 5 = 0 THEN {attributes} END, '2024-01-01 00:00:00'
            FROM n""",
            f"""INSERT INTO consents (list_id, subscriber_id, state, changed_at) {many}
            SELECT 1, i, CASE WHEN i % 100 = 0 THEN 'unsubscribed' ELSE 'confirmed' END, '2024-01-01 00:00:00'
            FROM n""",
            f"""INSERT INTO suppressions (address_key, reason, created_at) {many}
            SELECT 'r' || i || '@example.org', 'bounce', '2024-01-01 00:00:00' FROM n WHERE i % 50 = 1""",
        ):
            given = one if ":people" in statement else {}
            connection.execute(text(statement.replace("::jsonb", r"\:\:jsonb")), given)
        recount(connection)
        fold(connection)
        connection.execute(text("ANALYZE"))


def took(way: Callable[[], object], rounds: int = 7) -> float:
    """Return the median milliseconds."""
    way()
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        way()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds) * 1000


def measure(name: str, folder: Path, address: str = "") -> None:
    """Print how long each question takes."""
    workspace = make.workspace(
        folder, attributes={"country": {"type": "country"}}, **({"database": address} if address else {})
    )
    settings = workspace.settings
    segment = read_segment("country=AT and topic=borders and not language=de", settings)
    options: dict[str, Any] = {"settings": settings, "now": NOW}
    with open_database(workspace) as database:
        fill(database)
        middle = PEOPLE // 2
        for question, way in {
            "count all lists": lambda: count_lists(database, settings),
            "the first page": lambda: page(database, "monthly", **options),
            "a page in the middle": lambda: page(database, "monthly", after=middle, **options),
            "a page of a segment": lambda: page(database, "monthly", segment=segment, after=middle, **options),
        }.items():
            print(f"{name:<12} {question:<44} {took(way):10.1f} ms")
        counting = took(lambda: count_list(database, "monthly", segment=segment, **options), rounds=1)
        print(f"{name:<12} {'count a segment (looks at everybody)':<44} {counting:10.1f} ms")


def main() -> None:
    """Measure both databases."""
    print(f"{PEOPLE:,} people; {os.getloadavg()[0]:.0f} processes at work on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder))
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql.server(Path(folder) / "server") as server,
        postgresql.new_database(server) as address,
    ):
        measure("PostgreSQL", Path(folder), address)


if __name__ == "__main__":
    main()
