"""What `send` says last: of entries that nobody would get any more, and of those that readers would get twice."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from newsletter.cli.app import run
from tests.cli.conftest import Output
from tests.cli.test_journey import read_count


def test_what_stays_out_for_good_is_told_before_sending(space: Path, issue: str, capsys: Output) -> None:
    """Nobody looks for a draft, or for what no section takes, once the email has left without it."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    for kind, more in (("studies", "kind: report\n"), ("news", "status: draft\n")):
        entry = f"---\ntitle: Of {kind}\ndate: {issue}-02\nsummary: S\n{more}---\n"
        (space / f"issues/entries/{kind}/{kind}.md").write_text(entry, encoding="utf-8")
    capsys.readouterr()
    assert run(["send", issue, "--dry-run"]) == 0
    unplaced = "no section takes this study; Featured study takes only what is featured"
    assert [line for line in capsys.readouterr().err.splitlines() if "of these days" in line] == [
        "note: “Of news” is of these days and stays out: it is a draft",
        f"note: “Of studies” is of these days and in no issue: {unplaced}",
    ]


def test_what_comes_twice_or_was_never_sent_is_told_before_sending(space: Path, issue: str, capsys: Output) -> None:
    """A date has changed since, an entry came late, and the issue between was forgotten."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    assert run(["send", issue, "--yes", "--expect", str(read_count(capsys))]) == 0
    year, month = map(int, issue.split("-"))
    months = [f"{year + (month + more - 1) // 12}-{(month + more - 1) % 12 + 1:02d}" for more in (1, 2)]
    for name in months:
        assert run(["new", "issue", name]) == 0
    news = sorted((space / "issues/entries/news").glob("*.md"))
    again = next(path for path in news if f"date: {issue}" in path.read_text("utf-8"))
    again.write_text(re.sub("(?m)^date: .*", f"date: {months[1]}-02", again.read_text("utf-8")), encoding="utf-8")
    late = f"---\ntitle: It came late\ndate: {issue}-02\nsummary: S\n---\n"
    (space / "issues/entries/news/late.md").write_text(late, encoding="utf-8")
    capsys.readouterr()
    assert run(["send", months[1], "--dry-run"]) == 0
    remedy = "send it first, or delete its folder, and let this one begin where the last one ended"
    words = ("readers have had", "has left without it", "has not left")
    assert [line for line in capsys.readouterr().err.splitlines() if any(map(line.__contains__, words))] == [
        f"note: issue {months[0]}, whose days come before, has not left: what it shows will reach nobody; {remedy}",
        f"note: readers have had {again.stem} in issue {issue}",
        f"note: late is dated {issue}-02, but issue {issue} of these days has left without it",
    ]


def test_a_damaged_edition_of_another_issue_keeps_nothing_from_leaving(space: Path, issue: str, capsys: Output) -> None:
    """What that one showed is unknown, so of what may have been in it nothing is said."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    assert run(["send", issue, "--yes", "--expect", str(read_count(capsys))]) == 0
    (file,) = (space / ".newsletter").glob("*.db")
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("UPDATE editions SET content = x'00'")
    year, month = map(int, issue.split("-"))
    following = f"{year + month // 12}-{month % 12 + 1:02d}"
    assert run(["new", "issue", following]) == 0
    late = f"---\ntitle: It came late\ndate: {issue}-02\nsummary: S\n---\n"
    (space / "issues/entries/news/late.md").write_text(late, encoding="utf-8")
    capsys.readouterr()
    assert run(["send", following, "--dry-run"]) == 0
    assert "late" not in capsys.readouterr().err
