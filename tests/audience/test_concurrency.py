"""Several processes at one database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from newsletter.audience import unsubscribe
from newsletter.config import Workspace
from newsletter.store import Database
from tests.audience.people import NOW, put, states, write

IMPORT = """
import json, sys
from pathlib import Path
from newsletter.audience import import_file
from newsletter.store import open_database
from tests import factories as make
from tests.audience.people import NOW
root, file, url = sys.argv[1:]
workspace = make.workspace(Path(root), lists={"monthly": {"title": "Monthly"}}, database=url)
print("ready", flush=True)
sys.stdin.readline()
with open_database(workspace) as database:
    report = import_file(database, Path(file), "monthly", settings=workspace.settings, now=NOW)
print(json.dumps(report.as_json()))
"""


def start(workspace: Workspace, file: Path) -> subprocess.Popen[str]:
    """Start a process that imports a file when it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", IMPORT, workspace.root, file, workspace.settings.database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_imports_at_once_add_everybody_once(database: Database, workspace: Workspace) -> None:
    """One of them adds an address, the other finds it unchanged, and their reports say which."""
    file = write(workspace.root, b"email\n" + b"".join(b"a%d@example.org\n" % number for number in range(5_000)))
    processes = [start(workspace, file) for _ in range(2)]
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    reports = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert sorted((report["added"], report["unchanged"]) for report in reports) == [(0, 5_000), (5_000, 0)]
    assert len(states(database)) == 5_000


def test_readers_who_leave_during_an_import_have_left(database: Database, workspace: Workspace) -> None:
    """Whichever comes first, nobody who clicked is on the list afterwards."""
    leaving = [f"a{number}@example.org" for number in range(0, 3_000, 100)]
    put(database, workspace, "email\n" + "\n".join(leaving))
    file = write(workspace.root, b"email\n" + b"".join(b"a%d@example.org\n" % number for number in range(3_000)))
    process = start(workspace, file)
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    for address in leaving:
        unsubscribe(database, address, source="link", now=NOW)
    report = json.loads(process.communicate(timeout=60)[0])
    found = states(database)
    assert [found[address, "monthly"] for address in leaving] == ["unsubscribed"] * 30
    assert report["added"] == 2_970
    assert report["blocked"] + report["unchanged"] == 30
