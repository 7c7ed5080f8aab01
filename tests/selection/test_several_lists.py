"""An issue to several lists, whose readers have not all been shown the same before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from newsletter.model.content import Content
from newsletter.model.entry import Entry
from newsletter.selection import select
from tests import factories as make

JUNE = {"name": "2024-06-30", "period": "2024-06", "lists": ["a", "b"]}
WEEK = {"name": "2024-07-07", "period": {"from": "2024-07-01", "to": "2024-07-07"}, "lists": ["a"]}
BOTH = {"name": "2024-07-31", "period": {"since": "last issue", "to": "2024-07-31"}, "lists": ["a", "b"]}


def unseen(
    *issues: dict[str, Any], kind: Callable[..., Entry] = make.news, **entry: Any
) -> tuple[str, str, tuple[str, ...]] | None:
    """Return why an entry of 3 July is out of the last issue and which lists miss it; nothing where it is in."""
    known = {plan["name"]: make.issue(**plan) for plan in issues}
    told = kind(**{"id": "early", "date": "2024-07-03", **entry})
    selection = select(Content(entries=(told,), issues=known), max(known), zone="Europe/Vienna", language="en")
    return next(((str(left.reason), left.explanation, left.unseen_by) for left in selection.out), None)


def test_readers_of_one_list_miss_the_days_that_another_has_had() -> None:
    """An issue to both begins where the last one to either ended; who got nothing since June is named."""
    assert unseen(JUNE, WEEK, BOTH) == (
        "out_of_period",
        "dated 2024-07-03; the issue covers 2024-07-08 to 2024-07-31; readers of b have not been shown it",
        ("b",),
    )


def test_the_days_that_were_missed_begin_where_the_last_issue_ended() -> None:
    """Who has had June misses the first of July; readers of an issue that left the entry out do not."""
    missed = unseen(JUNE, {**WEEK, "drop": {"early": "for all"}}, BOTH, date="2024-07-01")
    assert missed is not None
    assert missed[2] == ("b",)


def test_readers_of_one_list_miss_what_another_has_been_shown() -> None:
    """A period of its own takes the days in, and not what an issue to others has shown of them."""
    assert unseen(JUNE, WEEK, {**BOTH, "name": "2024-07-31", "period": {"from": "2024-07-02", "to": "2024-07-31"}}) == (
        "already_featured",
        "in issue 2024-07-07; readers of b have not been shown it",
        ("b",),
    )


@pytest.mark.parametrize(
    ("issues", "entry"),
    [
        # The first issue of a list: nothing has been missed.
        (({**JUNE, "lists": ["a"]}, WEEK, BOTH), {}),
        # They have had an issue of their own for these days, or it was put into one.
        ((JUNE, WEEK, {**WEEK, "name": "2024-07-07-b", "lists": ["b"]}, BOTH), {}),
        ((JUNE, WEEK, {**JUNE, "name": "2024-06-30-b", "lists": ["b"], "pin": ["early"]}, BOTH), {}),
        # To whom an issue went that names no list yet, nobody knows.
        ((JUNE, {**WEEK, "lists": []}, BOTH), {}),
        ((JUNE, {**WEEK, "lists": [], "drop": {"early": "told before"}}, {**WEEK, "name": "2024-07-07-a"}, BOTH), {}),
        # Nobody has had these days; that is told as days that no issue has.
        ((JUNE, {**BOTH, "period": {"from": "2024-07-08", "to": "2024-07-31"}}), {}),
        ((JUNE, {**BOTH, "period": {"from": "2024-07-08", "to": "2024-07-31"}}), {"date": "2024-07-01"}),
        # The issue would not take it anyway.
        ((JUNE, WEEK, BOTH), {"status": "draft"}),
        ((JUNE, WEEK, BOTH), {"language": "fr"}),
        ((JUNE, WEEK, {**BOTH, "sections": [make.section("Studies", "study")]}), {}),
        ((JUNE, WEEK, {**BOTH, "drop": {"early": "for the weekly alone"}}), {}),
        (
            (JUNE, WEEK, {**BOTH, "sections": [make.section("Calls", "call")]}),
            {"kind": make.call, "deadline": "2024-07-09"},
        ),
        # It may come in every issue.
        ((JUNE, WEEK, {**BOTH, "sections": [make.section("Projects", "project")]}), {"kind": make.project}),
    ],
)
def test_nobody_misses_what_was_not_kept_from_them(issues: tuple[dict[str, Any], ...], entry: dict[str, Any]) -> None:
    """Only what is out because of what other readers got is told."""
    found = unseen(*issues, **entry)
    assert found is not None
    assert found[2] == ()


def test_a_month_that_is_planned_beside_the_weeks_takes_nothing_from_them() -> None:
    """The issue whose period ends first leaves first; what has left does not change by one that is planned later."""
    month = {**BOTH, "name": "2024-07", "period": "2024-07"}
    week = {**WEEK, "name": "2024-W28", "period": {"from": "2024-07-02", "to": "2024-07-08"}}
    assert unseen(JUNE, month, week) is None
    assert unseen(JUNE, month, week, {**month, "name": "2024-x", "lists": ["a"]}) == (
        "already_featured",
        "in issue 2024-W28",
        (),
    )


def test_readers_outside_a_segment_miss_what_the_others_were_shown() -> None:
    """It was not shown to all of the list; where the next issue goes to the same segment, everybody has had it."""
    some = {**WEEK, "segment": {"topic": "law"}}
    month = {**WEEK, "name": "2024-07-31", "period": "2024-07"}
    shown = ("already_featured", "in issue 2024-07-07; readers of a have not been shown it", ("a",))
    assert unseen(JUNE, some, month) == shown
    assert unseen(JUNE, some, {**month, "segment": {"topic": "law"}}) == (shown[0], "in issue 2024-07-07", ())
    assert unseen(JUNE, some, {**month, "segment": {"topic": "trade"}}) == shown


def test_readers_of_another_segment_have_had_nothing_of_it() -> None:
    """Letters to the parts of one list cover the same days, each going on from its own last issue."""
    here, there = {"segment": {"country": "AT"}}, {"segment": {"country": "DE"}}
    own = {"period": {"since": "last issue", "to": "2024-07-31"}}
    june = {**JUNE, "lists": ["a"], **there, "name": "2024-06-de"}
    letters = (
        {**JUNE, "lists": ["a"], **here, "name": "2024-06-at"},
        june,
        {**WEEK, **own, **here, "name": "2024-07-at"},
    )
    assert unseen(*letters, {**WEEK, **own, **there, "name": "2024-07-de"}) is None
    shown = ("already_featured", "in issue 2024-07-at; readers of a have not been shown it", ("a",))
    august = {**WEEK, "name": "2024-08", "period": {"from": "2024-07-01", "to": "2024-08-31"}}
    assert unseen(*letters, august) == shown


def test_days_that_a_segment_alone_has_had_are_missed_by_the_others() -> None:
    """An issue that goes on from there begins too late for them, and not for the segment."""
    some = {**WEEK, "segment": {"topic": "law"}}
    rest = {**BOTH, "lists": ["a"]}
    out = "dated 2024-07-03; the issue covers 2024-07-08 to 2024-07-31"
    found = ("out_of_period", f"{out}; readers of a have not been shown it", ("a",))
    assert unseen(JUNE, {**some, "drop": {"early": "not for lawyers"}}, rest) == found
    assert unseen(JUNE, some, {**rest, "segment": {"topic": "law"}}) == ("out_of_period", out, ())


def test_a_look_back_takes_nothing_from_the_last_issue_within_it() -> None:
    """Both end on the same day; the shorter one has left, or is about to, when the other is planned."""
    back = {**WEEK, "name": "2024-01-back", "period": {"from": "2024-01-01", "to": "2024-07-07"}}
    assert unseen(JUNE, back, WEEK) is None
    assert unseen(JUNE, WEEK, {**back, "name": "2024-x"}) == ("already_featured", "in issue 2024-07-07", ())


def test_a_letter_of_their_own_gives_readers_of_a_list_all_of_their_days() -> None:
    """It goes on from the last issue that they got, and shows what others have seen."""
    assert unseen(JUNE, WEEK, {**BOTH, "lists": ["a"]}, {**BOTH, "name": "2024-07-31-b", "lists": ["b"]}) is None


def test_readers_have_seen_what_they_were_shown_under_another_name() -> None:
    """The same link is the same entry."""
    entries = (make.news(id="early", date="2024-07-03"), make.news(id="twin", date="2024-07-02"))
    plans = (
        {**WEEK, "name": "b", "period": {"from": "2024-07-01", "to": "2024-07-02"}, "lists": ["b"]},
        {**WEEK, "period": {"from": "2024-07-03", "to": "2024-07-07"}},
        {**BOTH, "name": "both", "period": {"from": "2024-07-02", "to": "2024-07-31"}},
    )
    issues = {str(plan["name"]): make.issue(**plan) for plan in plans}
    selection = select(Content(entries=entries, issues=issues), "both", zone="Europe/Vienna", language="en")
    assert [(left.id, left.explanation, left.unseen_by) for left in selection.out] == [
        ("twin", "in issue b", ()),
        ("early", "in issue 2024-07-07", ()),
    ]


def test_what_is_put_in_for_one_list_is_in() -> None:
    """Readers of the other see it twice, as somebody has decided."""
    assert unseen(JUNE, WEEK, {**BOTH, "pin": ["early"]}) is None
