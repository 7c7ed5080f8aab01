"""`database`: from the first SQLite file to a database for several people, and copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.app import run
from tests.cli.conftest import Output, read

FILE = ".newsletter/newsletter.db"


def test_a_team_that_outgrows_its_file_takes_everything_along(
    space: Path, issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch, postgresql_address: str
) -> None:
    """With the new address in the settings, one command; afterwards what was sent stays sent."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    capsys.readouterr()
    number = read(capsys, "lists", "--json")["lists"][0]["confirmed"]
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", str(number)]) == 0
    assert run(["database", "move", FILE]) == 5
    assert f"error: {FILE} is the database that the settings name\n" in capsys.readouterr().err
    monkeypatch.setenv("NEWSLETTER_DATABASE", postgresql_address)
    assert run(["database", "move", FILE]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert f"the old file is {FILE}-moved: keep it until you are sure" in told.err
    assert read(capsys, "lists", "--json")["lists"][0]["confirmed"] == number
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", str(number)]) == 5
    assert "was already sent to" in capsys.readouterr().err
    assert (space / f"{FILE}-moved").is_file()
    assert not (space / FILE).exists()
    monkeypatch.delenv("NEWSLETTER_DATABASE")
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", str(number)]) == 2
    assert (
        f"error: what was in {FILE} has moved into another database, and `database` names the old one\n"
        in capsys.readouterr().err
    )
    assert not (space / FILE).exists()
    (space / f"{FILE}-moved").rename(space / "kept.db")
    assert read(capsys, "lists", "--json")["lists"][0]["confirmed"] == 0
    assert run(["database", "move", postgresql_address]) == 0
    assert f"everything is in {FILE} now; nobody goes on with postgresql://" in capsys.readouterr().err
    assert read(capsys, "lists", "--json")["lists"][0]["confirmed"] == number


def test_a_copy_is_made_by_one_command(space: Path, capsys: Output) -> None:
    """And never over another."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    capsys.readouterr()
    assert run(["database", "copy", "monday.db"]) == 0
    assert capsys.readouterr().err == (
        "the copy is monday.db\n"
        "note: it lies in the newsletter's folder and holds every address; never let it get into git\n"
    )
    for elsewhere in ("../monday.db", ".newsletter/monday.db"):
        assert run(["database", "copy", elsewhere]) == 0
        assert capsys.readouterr().err == f"the copy is {elsewhere}\n"
    assert run(["database", "copy", "monday.db"]) == 2
    assert "monday.db is there already" in capsys.readouterr().err


def test_a_worker_without_a_database_says_that_it_begins_one(space: Path, capsys: Output) -> None:
    """The disk on which it lies may not be there; afterwards it is told no more."""
    assert run(["worker", "--once"]) == 0
    assert "note: there was no database, so a new one is begun" in capsys.readouterr().err
    assert run(["worker", "--once"]) == 0
    assert capsys.readouterr().err == f"working for {FILE}; stop with Ctrl-C\n"
