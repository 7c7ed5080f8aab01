"""Several processes at one database."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.audience import (
    Evidence,
    Newcomer,
    Verdict,
    Wishes,
    add,
    confirm,
    count_lists,
    erase,
    import_file,
    prefer,
    suppress,
    tidy,
    unsubscribe,
)
from newsletter.config import Workspace
from newsletter.model.consent import Suppression
from newsletter.store import Database, open_database
from newsletter.store.counting import fold, recount
from tests import factories as make
from tests.audience.people import NOW, put, sign_up, states, subscribe, write
from tests.audience.test_retention import keeping
from tests.databases import until_done_or_so_many_wait, until_so_many_wait
from tests.forking import Forked, forked
from tests.waiting import until

GO = "go"


def child(root: str, file: str, url: str) -> None:
    """Import a file when it is told to, and say what came of it."""
    warnings.simplefilter("error")
    workspace = make.workspace(Path(root), lists={"monthly": {"title": "Monthly"}}, database=url)
    print("ready", flush=True)
    until((workspace.root / GO).exists)
    with open_database(workspace) as database:
        report = import_file(database, Path(file), "monthly", settings=workspace.settings, now=NOW)
    print(json.dumps(report.as_json()), flush=True)


@contextmanager
def importing(workspace: Workspace, file: Path) -> Iterator[Forked]:
    """Give a process that imports a file when it is told to."""
    with forked(child, str(workspace.root), str(file), workspace.settings.database) as process:
        assert process.output.readline() == "ready\n"
        yield process


def report_of(process: Forked) -> dict[str, int]:
    """Wait for what came of an import."""
    report: dict[str, int] = json.loads(process.output.read())
    assert (process.ended(60), process.errors.read()) == (0, "")
    return report


def test_two_imports_at_once_add_everybody_once(database: Database, workspace: Workspace) -> None:
    """One of them adds an address, the other finds it unchanged, and their reports say which."""
    file = write(workspace.root, b"email\n" + b"".join(b"a%d@example.org\n" % number for number in range(5_000)))
    with importing(workspace, file) as one, importing(workspace, file) as other:
        (workspace.root / GO).touch()
        reports = [report_of(process) for process in (one, other)]
    assert sorted((report["added"], report["unchanged"]) for report in reports) == [(0, 5_000), (5_000, 0)]
    assert len(states(database)) == 5_000


def test_readers_who_leave_during_an_import_have_left(database: Database, workspace: Workspace) -> None:
    """Whichever comes first, nobody who clicked is on the list afterwards."""
    leaving = [f"a{number}@example.org" for number in range(0, 3_000, 100)]
    put(database, workspace, "email\n" + "\n".join(leaving))
    file = write(workspace.root, b"email\n" + b"".join(b"a%d@example.org\n" % number for number in range(3_000)))
    with importing(workspace, file) as process:
        (workspace.root / GO).touch()
        for address in leaving:
            unsubscribe(database, address, source="link", now=NOW)
        report = report_of(process)
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


def counted(database: Database, workspace: Workspace) -> dict[str, tuple[int, int, int, int]]:
    """Return for each list how many are confirmed, pending, unsubscribed, and suppressed of the confirmed."""
    return {
        found.name: (found.confirmed, found.pending, found.unsubscribed, found.suppressed)
        for found in count_lists(database, workspace.settings)
    }


def add_by_hand(database: Database, workspace: Workspace, person: Newcomer, list_name: str) -> Verdict:
    """Add somebody who has agreed by mail."""
    agreed = Evidence(NOW, "email to the press office")
    return add(database, person, list_name, agreed, settings=workspace.settings, source="by hand", now=NOW)


def suppress_ben(database: Database) -> None:
    """Never write to him again."""
    suppress(database, "ben@example.org", reason=Suppression.BOUNCE, source="test", now=NOW)


def count_anew(database: Database) -> None:
    """Do what tidying does at its end."""
    with database.writing() as connection:
        recount(connection)


@pytest.mark.parametrize("forget", [forget_ben, tidy_ben_away])
@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
def test_who_is_added_and_who_is_forgotten_never_wait_for_each_other(
    database: Database, workspace: Workspace, forget: Callable[[Database, Workspace], None]
) -> None:
    """Both write to the same tables, in another order; a server would end one of them as a deadlock."""
    sign_up(database, "ben@example.org", "monthly", now=NOW)
    with ThreadPoolExecutor() as people:
        with database.writing() as connection:
            connection.execute(text("LOCK TABLE subscribers IN SHARE MODE"))
            added = people.submit(add_by_hand, database, workspace, Newcomer("anna@example.org"), "monthly")
            until_so_many_wait(database, 1)
            forgotten = people.submit(forget, database, workspace)
            until_so_many_wait(database, 2)
        assert added.result(30) is Verdict.ADDED
        forgotten.result(30)
    assert states(database) == {("anna@example.org", "monthly"): "confirmed"}


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
def test_who_leaves_and_is_suppressed_at_the_same_moment_is_counted_right(
    database: Database, workspace: Workspace
) -> None:
    """Neither writer would see what the other has written, and both would count him as the first."""
    subscribe(database, "ben@example.org", "events", "monthly", now=NOW)
    monthly = text("SELECT 1 FROM consents WHERE list_id = (SELECT id FROM lists WHERE name = 'monthly') FOR UPDATE")
    with ThreadPoolExecutor() as people:
        with database.writing() as connection:
            connection.execute(monthly)
            left = people.submit(unsubscribe, database, "ben@example.org", source="link", now=NOW)
            until_so_many_wait(database, 1)
            suppressed = people.submit(suppress_ben, database)
            until_done_or_so_many_wait(database, suppressed, 2)
        assert left.result(30) == ("events", "monthly")
        suppressed.result(30)
    assert counted(database, workspace) == {"monthly": (0, 0, 1, 0), "events": (0, 0, 1, 0)}


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
def test_what_is_written_while_lists_are_counted_anew_is_counted_once(database: Database, workspace: Workspace) -> None:
    """It is in the new sum or stands beside it, never both."""
    subscribe(database, "ben@example.org", "monthly", now=NOW)
    with ThreadPoolExecutor() as people:
        with database.writing() as connection:
            connection.execute(text("LOCK TABLE lists IN ACCESS EXCLUSIVE MODE"))
            anew = people.submit(count_anew, database)
            until_so_many_wait(database, 1)
            suppress_ben(database)
        anew.result(30)
    assert counted(database, workspace) == {"monthly": (1, 0, 0, 1), "events": (0, 0, 0, 0)}


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
def test_differences_that_are_added_up_while_lists_are_counted_anew_count_once(
    database: Database, workspace: Workspace
) -> None:
    """Whoever counts anew waits for the sum, instead of leaving it beside their own."""
    subscribe(database, "ben@example.org", "monthly", now=NOW)
    with ThreadPoolExecutor() as people:
        with database.writing() as connection:
            fold(connection)
            anew = people.submit(count_anew, database)
            until_so_many_wait(database, 1)
        anew.result(30)
    assert counted(database, workspace) == {"monthly": (1, 0, 0, 0), "events": (0, 0, 0, 0)}


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
def test_who_confirms_and_who_adds_them_never_wait_for_each_other(database: Database, workspace: Workspace) -> None:
    """The one would hold the person and want the table, the other the table and want the person."""
    signup = sign_up(database, "ben@example.org", "monthly", now=NOW)
    assert signup is not None
    with ThreadPoolExecutor() as people:
        with database.writing() as connection:
            connection.execute(text("LOCK TABLE suppressions IN ACCESS EXCLUSIVE MODE"))
            confirmed = people.submit(confirm, database, signup.id, proof="opened the link", now=NOW)
            until_so_many_wait(database, 1)
            added = people.submit(add_by_hand, database, workspace, Newcomer("ben@example.org"), "events")
            until_so_many_wait(database, 2)
        assert confirmed.result(30) is not None
        assert added.result(30) is Verdict.ADDED
    assert counted(database, workspace) == {"monthly": (1, 0, 0, 0), "events": (1, 0, 0, 0)}


@pytest.mark.parametrize("workspace", ["postgresql"], indirect=True)
def test_whose_wish_is_changed_and_who_adds_them_never_wait_for_each_other(
    database: Database, workspace: Workspace
) -> None:
    """The one would hold the person and want the table, the other the table and want the person."""
    subscribe(database, "ben@example.org")
    with ThreadPoolExecutor() as people:
        with database.writing() as connection:
            connection.execute(text("SELECT 1 FROM subscribers FOR UPDATE"))
            wish = Wishes(language="fr")
            wished = people.submit(prefer, database, "ben@example.org", wish, source="test", zone=dt.UTC, now=NOW)
            until_so_many_wait(database, 1)
            added = people.submit(
                add_by_hand, database, workspace, Newcomer("ben@example.org", language="de"), "events"
            )
            until_so_many_wait(database, 2)
        assert wished.result(30) == ("language",)
        assert added.result(30) is Verdict.ADDED
