"""Importing a million addresses: seconds and peak memory, beside a bare loop that checks and remembers nothing.

The database is SQLite, and PostgreSQL from its wheel. Seconds of the processor are those of the importing process
alone; on PostgreSQL the server's come on top, and are in the seconds of the clock.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests import postgresql

ROWS = int(os.environ.get("ROWS", "1_000_000"))
ROUNDS = int(os.environ.get("ROUNDS", "1"))


def write_file(file: Path) -> None:
    """Write addresses in no order, as lists have them."""
    chance = random.Random(7)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("email,name,language\r\n")
        for number in range(ROWS):
            out.write(f"reader.{chance.getrandbits(48):x}@n{number % 5000}.example.org,Reader {number},en\r\n")


def bare(folder: Path, file: Path, _: str) -> None:
    """Read the file and write its rows into one table with a unique address."""
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, address TEXT UNIQUE, name TEXT, language TEXT)")
    database.execute("BEGIN")
    with file.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        database.executemany("INSERT INTO people (address, name, language) VALUES (?, ?, ?)", rows)
    database.execute("COMMIT")
    database.close()


def ours(folder: Path, file: Path, address: str) -> None:
    """Import the file."""
    from newsletter.audience import import_file
    from newsletter.store import open_database
    from tests import factories as make

    workspace = make.workspace(folder, **({"database": address} if address else {}))
    with open_database(workspace) as database:
        now = dt.datetime(2024, 7, 28, 9, 0, tzinfo=dt.UTC)
        report = import_file(database, file, "monthly", settings=workspace.settings, now=now)
    if report.added + report.unchanged != ROWS:
        raise SystemExit(f"counted wrongly: {report}")


WAYS = {
    "bare csv and executemany, SQLite": bare,
    "import_file, SQLite": ours,
    "import_file, SQLite, the same file again": ours,
    "import_file, PostgreSQL": ours,
    "import_file, PostgreSQL, the same file again": ours,
}


def main() -> None:
    """Print the medians, each way in a process of its own."""
    if len(sys.argv) > 1:
        way, folder, file, address = sys.argv[1:]
        start, cpu = time.perf_counter(), time.process_time()
        WAYS[way](Path(folder), Path(file), address)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(time.perf_counter() - start, time.process_time() - cpu, peak)
        return
    found: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as server_folder, postgresql.server(Path(server_folder)) as server:
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder, postgresql.new_database(server) as address:
                readers = Path(folder) / "readers.csv"
                write_file(readers)
                for way in WAYS:
                    command = [
                        sys.executable,
                        __file__,
                        way,
                        folder,
                        str(readers),
                        address if "PostgreSQL" in way else "",
                    ]
                    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                    found[way].append([float(number) for number in output.split()])
    print(
        f"{ROWS:,} rows, medians of {ROUNDS}; {os.getloadavg()[0]:.0f} processes at work on {os.cpu_count()} processors"
    )
    for way, rounds in found.items():
        seconds, cpu, megabytes = (median(values) for values in zip(*rounds, strict=True))
        print(f"{way:<46} {seconds:6.1f} s {cpu:6.1f} s of the processor {megabytes:6.0f} MB peak")


if __name__ == "__main__":
    main()
