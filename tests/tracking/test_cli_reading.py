"""`report`, as far as it tells what readers read: of an issue, and of several side by side."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter import config
from newsletter.model.event import EventKind
from newsletter.store import Database, schema
from newsletter.tracking import record_events
from tests.databases import open_ready
from tests.tracking import making as make
from tests.tracking.test_cli import SETTINGS, run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace on disk."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    """Its database."""
    with open_ready(config.load(folder)) as opened:
        yield opened


ISSUE = """\
title: July
period: 2024-07
subject: July
lists: [monthly]
sections: [{heading: News, take: news}, {heading: Studies, take: study}]
"""


def written(folder: Path) -> None:
    """Let the July issue show two news and a study."""
    entries = {
        "news/wells": "title: New wells\nurl: https://www.example.org/wells",
        "news/forum": "title: A forum\nurl: https://www.example.org/forum",
        "studies/labour": "title: Labour mobility\nurl: https://www.example.org/labour",
    }
    for name, fields in entries.items():
        path = folder / "issues/entries" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{fields}\ndate: 2024-07-20\n---\n", encoding="utf-8")
    (folder / "issues/2024-07").mkdir()
    (folder / "issues/2024-07/issue.yaml").write_text(ISSUE, encoding="utf-8")


def follow(database: Database) -> None:
    """Let readers of the July issue follow links, and one of June's another."""
    july, june = (
        list(make.sent(database, ["anna@example.org", "ben@example.org"], issue=issue).values())
        for issue in ("2024-07", "2024-06")
    )
    clicks = [("labour", july[0]), ("labour", july[1]), ("labour", july[1]), ("wells", july[0]), ("old", june[0])]
    told = [
        make.event(EventKind.CLICKED, delivery=token, key=f"c{n}", link=f"https://www.example.org/{page}")
        for n, (page, token) in enumerate(clicks)
    ]
    record_events(database, "main", told, config.TrackingSettings(), now=make.NOW + dt.timedelta(hours=1))


def test_a_report_says_what_readers_read(folder: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """By the entries of the issue as its files are; where they are gone, by the links."""
    follow(database)
    written(folder)
    code, out, _ = run(["report", "2024-07"], capsys)
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines() if line.strip()]
    assert lines[-3:] == ["read on type clicks", "Labour mobility study 3", "New wells news 1"]
    _, out, _ = run(["report", "2024-06", "--json"], capsys)
    assert json.loads(out)["read"] == [
        {
            "entry": None,
            "type": None,
            "title": "https://www.example.org/old",
            "link": "https://www.example.org/old",
            "clicks": 1,
            "by_machines": 0,
            "readers": 0,
        }
    ]


def test_a_report_is_of_all_mailings_of_an_issue(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever joined later got it in another one; clicks on links that are not kept are told, so that all add up."""
    follow(database)
    written(folder)
    token = make.sent(database, ["cleo@example.org"])["cleo@example.org"]
    told = [
        make.event(EventKind.CLICKED, delivery=token, key=f"late{n}", link=link)
        for n, link in enumerate(("https://www.example.org/wells", ""))
    ]
    record_events(database, "main", told, config.TrackingSettings(), now=make.NOW + dt.timedelta(hours=1))
    code, out, _ = run(["report", "2024-07"], capsys)
    assert code == 0
    assert [" ".join(line.split()) for line in out.splitlines() if line.strip()] == [
        "2024-07: sent; 1 candidates = 1 accepted",
        "2024-07: sent; 2 candidates = 2 accepted",
        "of the accepted deliveries",
        "delivered, by the provider's word 3 100.0%",
        "readers",
        "called it spam 0",
        "left by a link in it 0",
        "opens, an estimate 0",
        "clicks, an estimate 6",
        "read on type clicks",
        "Labour mobility study 3",
        "New wells news 2",
        "readers' own links, and what was not told – 1",
    ]
    found = json.loads(run(["report", "2024-07", "--json"], capsys)[1])
    assert (found["mailing"], [one["mailing"] for one in found["others"]]) == (3, [1])


def test_issues_are_shown_side_by_side(folder: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """With which types of entry readers read: a study three times, the two news half a time each."""
    follow(database)
    written(folder)
    code, out, err = run(["report"], capsys)
    assert code == 0
    assert [" ".join(line.split()) for line in out.splitlines() if line.strip()] == [
        "issue sent accepted delivered came back spam left opens clicks",
        "2024-06 2024-07-28 2 1 (50.0%) 0 0 0 0 1",
        "2024-07 2024-07-28 2 2 (100.0%) 0 0 0 0 4",
        "type entries clicks for each entry",
        "study 1 3 3.0",
        "news 2 1 0.5",
    ]
    assert err == "opens and clicks are estimates: programs open and follow links, too, and not everybody's are told\n"
    _, out, _ = run(["report", "--last", "1", "--json"], capsys)
    told = json.loads(out)
    assert [issue["issue"] for issue in told["issues"]] == ["2024-06"]
    assert told["types"] == []


def test_no_issue_is_shown_before_one_was_sent(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else is said; what is only scheduled has not been sent."""
    assert run(["report"], capsys) == (0, "", "no issue has been sent yet\n")
    make.sent(database)
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(state="scheduled"))
    assert run(["report"], capsys) == (0, "", "no issue has been sent yet\n")
