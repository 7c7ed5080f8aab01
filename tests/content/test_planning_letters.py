"""The first issue of a letter to a list of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsletter import pipeline
from newsletter.config import Workspace
from newsletter.content import document
from newsletter.content.planning import next_issue
from tests import factories as make

SECTIONS = "sections: [{heading: News, take: news}]\n"


def plan(space: Workspace, name: str, days: str) -> None:
    """Write an issue to everybody."""
    folder = space.issues / name
    folder.mkdir(parents=True)
    text = f"title: T\nsubject: S\nnumber: 7\nperiod: {days}\nsend_at: 2026-11-02T09:00\nlists: [all]\n{SECTIONS}"
    (folder / "issue.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("days", "name", "expected"),
    [
        (
            "2026-10",
            "2026-10-press",
            {"number": 1, "period": "2026-10", "send_at": "2026-11-02T09:00", "lists": ["press"]},
        ),
        (
            "{since: last issue, to: 2026-10-28}",
            "2026-10-press",
            {
                "number": 1,
                "period": {"since": "2026-09", "to": "2026-10-28"},
                "send_at": "2026-11-02T09:00",
                "lists": ["press"],
            },
        ),
        (
            "2026-10",
            "2026-11-press",
            {
                "number": 1,
                "period": {"since": "2026-10", "to": "2026-11-30"},
                "send_at": "2026-12-01T09:00",
                "lists": ["press"],
            },
        ),
        (
            "2026-10",
            "2026-W41-press",
            {
                "number": 1,
                "period": {"from": "2026-10-05", "to": "2026-10-11"},
                "send_at": "2026-10-12T09:00",
                "lists": ["press"],
            },
        ),
        (
            "2026-10",
            "2026-11-05-press",
            {
                "number": 1,
                "period": {"from": "2026-10-29", "to": "2026-11-04"},
                "send_at": "2026-11-05T09:00",
                "lists": ["press"],
            },
        ),
        (
            "2026-10",
            "2026-10-extra",
            {
                "number": 8,
                "period": {"since": "last issue", "to": "2026-11-30"},
                "send_at": "2026-12-01T09:00",
                "lists": ["all"],
            },
        ),
    ],
)
def test_the_first_letter_to_a_list_stands_beside_the_issue_of_its_days(
    tmp_path: Path, days: str, name: str, expected: dict[str, object]
) -> None:
    """Its name says to whom it goes and which days it tells of; one that names no list goes on to the same readers."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}, "press": {"title": "Press"}})
    plan(space, "2026-09", "2026-09")
    plan(space, "2026-10", days)
    _, text = next_issue(space, name, pipeline.read(space).issues)
    planned = document.read(text).value
    assert {key: planned[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("days", "name", "first"),
    [
        ("{since: last issue, to: 2026-10-28}", "2026-10-press", dt.date(2026, 10, 1)),
        ("{since: last issue}", "2026-10-press", dt.date(2026, 10, 1)),
        ("2026-10", "2026-11-press", dt.date(2026, 11, 1)),
    ],
)
def test_the_first_letter_to_a_list_begins_where_the_issue_of_its_days_does(
    tmp_path: Path, days: str, name: str, first: dt.date
) -> None:
    """Not where that ends, whether it is planned before the letter or after it."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}, "press": {"title": "Press"}})
    plan(space, "2026-09", "2026-09")
    plan(space, "2026-10", days)
    path, text = next_issue(space, name, pipeline.read(space).issues)
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    plan(space, "2026-11", "{since: last issue, to: 2026-11-30}")
    assert pipeline.choose(space, name, pipeline.read(space)).period.start == first


@pytest.mark.parametrize(
    ("last", "days", "name", "expected"),
    [
        ("2027-02-press", "2027-02", "2027-03-press", ("March 2027", "2027-03-31")),
        ("2027-02-press", "{from: 2027-01-26, to: 2027-02-25}", "2027-03-press", ("March 2027", "2027-03-25")),
        ("2027-02", "2027-02", "2027-03-press", ("March 2027", "2027-03-31")),
        ("2027-02", "2027-02", "2027-02-extra", ("February 2027", "2027-03-28")),
    ],
)
def test_a_month_in_the_name_of_a_letter_is_moved_on(
    tmp_path: Path, last: str, days: str, name: str, expected: tuple[str, str]
) -> None:
    """Its title names the month, and what ends with February ends with March, not on the 28th for ever."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}, "press": {"title": "Press"}})
    plan(space, last, days)
    file = space.issues / last / "issue.yaml"
    text = file.read_text(encoding="utf-8").replace("title: T", "title: Press – February 2027")
    file.write_text(text, encoding="utf-8")
    _, text = next_issue(space, name, pipeline.read(space).issues)
    planned = document.read(text).value
    assert (planned["title"], planned["period"]["to"]) == (f"Press – {expected[0]}", expected[1])


def test_a_letter_to_a_list_may_be_the_first_issue_of_all(tmp_path: Path) -> None:
    """Then there is no last issue from which it could go on."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}, "press": {"title": "Press"}})
    _, text = next_issue(space, "2026-10-press", {})
    planned = document.read(text).value
    title = f"{space.settings.title} – October 2026"
    assert (planned["title"], planned["period"], planned["lists"]) == (title, "2026-10", ["press"])


def test_whom_another_letter_chose_is_no_choice_among_its_readers(tmp_path: Path) -> None:
    """A segment of everybody would leave out readers of a list that it was not written for."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}, "press": {"title": "Press"}})
    plan(space, "2026-10", "2026-10\nsegment: language = fr")
    known = pipeline.read(space).issues
    assert "segment: " in next_issue(space, "2026-11", known)[1]
    assert "segment" not in next_issue(space, "2026-10-press", known)[1]
