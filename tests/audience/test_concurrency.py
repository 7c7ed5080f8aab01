"""Several processes at one database."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.audience import Evidence, Newcomer, Verdict, add, erase, tidy, unsubscribe
from newsletter.config import Workspace
from newsletter.store import Database
from tests.audience.people import NOW, put, sign_up, states, write
from tests.audience.test_retention import keeping

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


def forget_ben(database: Database, workspace: Workspace) -> None:
    """Erase him at his own wish."""
    erase(database, "ben@example.org", now=NOW)


def tidy_ben_away(database: Database, workspace: Workspace) -> None:
    """Forget him because he was asked long ago and never answered."""
    settings = keeping(workspace, unconfirmed="30 days").settings
    assert tidy(database, settings=settings, now=NOW + dt.timedelta(days=60)).unconfirmed == 1


def until_so_many_wait(database: Database, number: int) -> None:
    """Return when a server has let so many wait for a lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with database.engine.connect() as connection:
        while connection.scalar(waiting) != number:
            time.sleep(0.01)


@pytest.mark.parametrize("forget", [forget_ben, tidy_ben_away])
@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
def test_who_is_added_and_who_is_forgotten_never_wait_for_each_other(
    database: Database, workspace: Workspace, forget: Callable[[Database, Workspace], None]
) -> None:
    """Both write to the same tables, in another order; a server would end one of them as a deadlock."""
    sign_up(database, "ben@example.org", "monthly", now=NOW)
    agreed = Evidence(NOW, "email to the press office")
    with ThreadPoolExecutor() as people:
        with database.writing() as connection:
            connection.execute(text("LOCK TABLE subscribers IN SHARE MODE"))
            added = people.submit(
                add,
                database,
                Newcomer("anna@example.org"),
                "monthly",
                agreed,
                settings=workspace.settings,
                source="by hand",
                now=NOW,
            )
            until_so_many_wait(database, 1)
            forgotten = people.submit(forget, database, workspace)
            until_so_many_wait(database, 2)
        assert added.result(30) is Verdict.ADDED
        forgotten.result(30)
    assert states(database) == {("anna@example.org", "monthly"): "confirmed"}
