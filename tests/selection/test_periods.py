"""Periods as people write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from newsletter.errors import ContentError
from newsletter.model.content import Content
from newsletter.model.issue import Period, PeriodPlan, unknown_since
from newsletter.selection import select_several
from newsletter.selection.periods import resolve
from tests import factories as make


def ranges(**plans: Any) -> dict[str, tuple[str, str]]:
    """Return first and last day of issues given by name, as `i2024_07={...}`."""
    issues = {}
    for name, plan in plans.items():
        issue = make.issue(name=name, **(plan if isinstance(plan, dict) and "period" in plan else {"period": plan}))
        issues[name] = issue
    return {name: (str(period.start), str(period.last)) for name, period in resolve(issues, "Europe/Vienna").items()}


@pytest.mark.parametrize(
    ("month", "last"),
    [("2024-02", "2024-02-29"), ("2023-02", "2023-02-28"), ("2024-12", "2024-12-31"), ("1900-02", "1900-02-28")],
)
def test_a_month_lasts_from_its_first_day_to_its_last(month: str, last: str) -> None:
    """`2024-02` is the whole of February 2024."""
    assert ranges(a=month) == {"a": (f"{month}-01", last)}


def test_the_last_day_of_a_range_is_inside() -> None:
    """`to` in a file is inclusive, as people mean it; inside it is exclusive."""
    issues = {"a": make.issue(name="a", period={"from": "2024-06-28", "to": "2024-07-26"})}
    period = resolve(issues, "Europe/Vienna")["a"]
    assert (period.start, period.end) == (dt.date(2024, 6, 28), dt.date(2024, 7, 27))


def test_since_the_last_issue_begins_where_it_ended() -> None:
    """Neither a hole nor an overlap: the next day after the last issue's last day."""
    assert ranges(
        a={"period": {"from": "2024-06-28", "to": "2024-07-26"}},
        b={"period": {"since": "last issue", "to": "2024-08-31"}},
        c={"period": {"since": "b"}, "send_at": "2024-10-01T09:00"},
    ) == {"a": ("2024-06-28", "2024-07-26"), "b": ("2024-07-27", "2024-08-31"), "c": ("2024-09-01", "2024-09-30")}


def test_issues_that_are_counted_follow_each_other_by_their_numbers() -> None:
    """Letter by letter, 10 would stand before 9 and after 1."""
    assert ranges(
        **{
            "1": {"from": "2023-11-01", "to": "2023-11-30"},
            "9": {"from": "2024-07-01", "to": "2024-07-31"},
            "10": {"since": "last issue", "to": "2024-08-31"},
            "11": {"since": "last issue", "to": "2024-09-30"},
        }
    ) == {
        "1": ("2023-11-01", "2023-11-30"),
        "9": ("2024-07-01", "2024-07-31"),
        "10": ("2024-08-01", "2024-08-31"),
        "11": ("2024-09-01", "2024-09-30"),
    }


def test_the_last_issue_is_the_last_one_to_the_same_lists() -> None:
    """A monthly letter to the press does not move the weeks of another one; a first one follows whatever there is."""
    assert ranges(
        a={"period": {"from": "2024-07-01", "to": "2024-07-07"}, "lists": ["all"]},
        a_press={"period": "2024-07", "lists": ["press"]},
        b={"period": {"since": "last issue", "to": "2024-07-14"}, "lists": ["all"]},
        c={"period": {"since": "last issue", "to": "2024-07-21"}, "lists": ["new"]},
    ) == {
        "a": ("2024-07-01", "2024-07-07"),
        "a_press": ("2024-07-01", "2024-07-31"),
        "b": ("2024-07-08", "2024-07-14"),
        "c": ("2024-07-15", "2024-07-21"),
    }


@pytest.mark.parametrize(
    ("plans", "message", "fix"),
    [
        (
            {"a": {"since": "last issue", "to": "2024-08-31"}},
            "there is no issue before this one",
            "give the first issue a `from` date",
        ),
        (
            {"a": "2024-07", "b": {"since": "last issue"}},
            "the period has no end",
            "add `to:` with the last day, or `send_at:` with the planned time",
        ),
        (
            {"a": "2024-07", "b": {"since": "last issue", "to": "2024-07-31"}},
            "the period begins on 2024-08-01, after issue a, but ends on 2024-07-31",
            "give `to:` a day from 2024-08-01 on",
        ),
        (
            {"a": {"since": "b", "to": "2024-08-31"}, "b": {"since": "a", "to": "2024-09-30"}},
            "the period goes in a circle: a → b → a",
            "give one of them a `from` date",
        ),
    ],
)
def test_a_period_that_cannot_be_worked_out_says_why(plans: Any, message: str, fix: str) -> None:
    """Each finding says what is wrong and what to write instead."""
    with pytest.raises(ContentError) as caught:
        ranges(**plans)
    why = "without its first and last day it is not clear which entries belong to the issue"
    assert [(finding.message, finding.why, finding.fix, finding.field) for finding in caught.value.findings] == [
        (message, why, fix, "period")
    ]


@pytest.mark.parametrize(
    ("since", "message", "fix"),
    [
        ("agust", "the period begins after the issue 'agust', which does not exist", "write `since: august`"),
        ("x", "the period begins after the issue 'x', which does not exist", "write `since: last issue`"),
        ("b", "the period begins after the issue 'b', which is this one", "write `since: last issue`"),
        (
            "2024-08-31",
            "`since` names an issue, and '2024-08-31' is a day",
            "write `from: 2024-08-31`, if that is the first day",
        ),
    ],
)
def test_a_period_begins_after_an_issue_that_there_is(since: str, message: str, fix: str) -> None:
    """In the words in which reading the files has told it, so that `lint` tells it once; never after itself."""
    with pytest.raises(ContentError) as caught:
        ranges(august="2024-08", b={"since": since, "to": "2024-09-30"})
    (found,) = caught.value.findings
    issue = make.issue(name="b", period={"since": since, "to": "2024-09-30"})
    assert found == unknown_since(issue, {"august", "b"})
    assert (found.message, found.fix) == (message, fix)


@pytest.mark.parametrize("since", ["last", "b", "x"])
def test_the_first_issue_is_not_told_to_begin_after_the_last_one(since: str) -> None:
    """There is none before it, so it needs a day of its own."""
    issue = make.issue(name="b", period={"since": since, "to": "2024-09-30"})
    found = unknown_since(issue, {"b", "c"})
    assert found
    assert found.fix == "write `from:` with the first day, as no issue stands before this one"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("July", "'July' is not a period; write a month such as 2024-07"),
        ("2024-13", "'2024-13' is not a period"),
        ({"from": "2024-07-26", "to": "2024-07-01"}, "the period ends (2024-07-01) before it begins (2024-07-26)"),
        ({"from": "2024-07-01"}, "a period that begins with `from` needs `to`, its last day"),
        (2024, "'2024' is not a period"),
        ({"to": "2024-07-01"}, "a period begins either with `from` and a date or with `since` and an issue"),
        ({"from": "2024-02-30", "to": "2024-03-01"}, "there is no day 2024-02-30 in the calendar"),
    ],
)
def test_a_period_that_is_none_is_refused(written: Any, sentence: str) -> None:
    """The sentence says what to write."""
    with pytest.raises(ValidationError) as caught:
        PeriodPlan.model_validate(written)
    assert sentence in str(caught.value)


def test_an_issue_looks_at_the_entries_of_its_own_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten years of issues before it do not each look at every day of them."""
    asked = 0
    inside = Period.__contains__

    def counted(period: Period, day: dt.date) -> bool:
        nonlocal asked
        asked += 1
        return inside(period, day)

    monkeypatch.setattr(Period, "__contains__", counted)
    months = [f"{year}-{month:02}" for year in range(2016, 2021) for month in range(1, 13)]
    entries = tuple(
        make.news(id=f"{month}-{day}", date=f"{month}-0{day}", url=f"https://example.org/{month}/{day}")
        for month in months
        for day in range(1, 10)
    )
    issues = {name: make.issue(name=name, period=name, sections=[make.section("News", "news")]) for name in months}
    shown = [*select_several(Content(entries, issues), months, zone="Europe/Vienna", language="en", left_out=False)]
    assert [len(one.entries) for one in shown] == [9] * 60
    # Once where it is judged, and once where its section takes it; for the issue, and for what later ones know of it.
    assert asked <= 4 * len(entries)
