"""Importing a million addresses: seconds and peak memory, beside a bare loop that checks and remembers nothing."""

from __future__ import annotations

import csv
import datetime as dt
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

ROWS = 1_000_000
ROUNDS = 3


def write_file(file: Path) -> None:
    """Write addresses in no order, as lists have them."""
    chance = random.Random(7)
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("email,name,language\r\n")
        for number in range(ROWS):
            out.write(f"reader.{chance.getrandbits(48):x}@n{number % 5000}.example.org,Reader {number},en\r\n")


def bare(folder: Path, file: Path) -> None:
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


def ours(folder: Path, file: Path) -> None:
    """Import the file into an empty database."""
    from newsletter.audience import import_file
    from newsletter.store import open_database
    from tests import factories as make

    workspace = make.workspace(folder)
    with open_database(workspace) as database:
        now = dt.datetime(2024, 7, 28, 9, 0, tzinfo=dt.UTC)
        report = import_file(database, file, "monthly", settings=workspace.settings, now=now)
    if report.added + report.unchanged != ROWS:
        raise SystemExit(f"counted wrongly: {report}")


def again(folder: Path, file: Path) -> None:
    """Import the file a second time."""
    ours(folder, file)


WAYS = {"bare csv and executemany": bare, "import_file": ours, "import_file, the same file again": again}


def main() -> None:
    """Print the medians of three rounds, each way in a process of its own."""
    if len(sys.argv) > 1:
        way, folder, file = sys.argv[1:]
        start = time.perf_counter()
        WAYS[way](Path(folder), Path(file))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(time.perf_counter() - start, peak)
        return
    found: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "readers.csv"
            write_file(file)
            for way in WAYS:
                command = [sys.executable, __file__, way, folder, file]
                output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                found[way].append([float(number) for number in output.split()])
    print(f"{ROWS:,} rows, medians of {ROUNDS}")
    for way, rounds in found.items():
        seconds, megabytes = (median(values) for values in zip(*rounds, strict=True))
        print(f"{way:<34} {seconds:6.1f} s {megabytes:6.0f} MB peak")


if __name__ == "__main__":
    main()
