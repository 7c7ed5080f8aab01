"""Names of issues, and what follows them."""

from __future__ import annotations

import datetime as dt

import pytest
from babel import Locale

from newsletter.content.planning import next_issue_text, next_name, working_day_after
from newsletter.content.rhythm import renamed
from newsletter.errors import ConfigurationError
from tests import factories as make


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("2026-W9", "write 2026-W09"),
        ("2026-w41", "write 2026-W41"),
        ("2026KW41", "write 2026-KW41"),
    ],
)
def test_a_week_in_another_spelling_is_no_name(name: str, fix: str) -> None:
    """It would stand in the wrong place among the other weeks."""
    with pytest.raises(ConfigurationError) as raised:
        next_issue_text(name, None, newsletter="News")
    assert raised.value.fix == fix


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2026-W54", "there is no week 54 in 2026"),
        ("2027-KW53", "there is no week 53 in 2027"),
        ("2026-w0", "there is no week 0 in 2026"),
        ("2027-02-29", "there is no day 2027-02-29 in the calendar"),
    ],
)
def test_a_week_or_day_that_no_calendar_has_is_no_name(name: str, message: str) -> None:
    """Nobody could say when the issue leaves; over the turn of the year that slips in easily."""
    with pytest.raises(ConfigurationError, match=f"^{message}$"):
        next_issue_text(name, None, newsletter="News")


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("08-2024", "2024-08 for a month, 2024-W08 for a week, or 2024-no8 for a number of your own"),
        ("8.2024", "2024-08 for a month, 2024-W08 for a week, or 2024-no8 for a number of your own"),
        ("31-2024", "2024-W31 for a week, or 2024-no31 for a number of your own"),
        ("53-2024", "2024-no53 for a number of your own"),
        ("01-08-2024", "the year first, then the month and the day, such as 2024-08-01"),
    ],
)
def test_a_name_that_ends_with_its_year_is_none(name: str, fix: str) -> None:
    """01-2025 would stand before 12-2024; where the last issue is called like that, it goes on so."""
    with pytest.raises(ConfigurationError, match="has its year at the end") as refused:
        next_issue_text(name, None, newsletter="News")
    assert refused.value.fix == f"write {fix}"
    assert next_issue_text(name, ("07-2024", "title: News\n"), newsletter="News")


@pytest.mark.parametrize(("last", "name"), [("2024-w31", "2024-w32"), ("2024W31", "2024W32")])
def test_weeks_that_are_all_written_in_another_way_go_on_like_that(last: str, name: str) -> None:
    """Issues stand in the order of their names: 2024-W32 would come before 2024-w31."""
    text = next_issue_text(name, (last, "title: News\n"), newsletter="News")
    assert text.startswith("title: News\nperiod: {since: last issue}\n")


@pytest.mark.parametrize(
    ("names", "following"),
    [
        ((), "2024-07"),
        (("2024-07",), "2024-08"),
        (("2023-12", "2022-01"), "2024-01"),
        (("2024-07", "spring"), ""),
        (("9999-12",), ""),
        (("2026-W52", "2026-W53"), "2027-W01"),
        (("2026-KW09",), "2026-KW10"),
        (("2026-10-08", "2026-10-22"), "2026-11-05"),
        (("2026-10-08",), ""),
        (("2026-W42", "2026-W42-press"), "2026-W43"),
        (("2026-W42-press",), "2026-W43-press"),
        (("2026-W53", "2027-W01-press"), "2027-W01"),
        (("2024-01", "2026-W42-press"), "2026-W43-press"),
        (("2026-10", "2026-10-press"), "2026-11"),
    ],
)
def test_the_next_issue_is_named_after_the_month_the_week_or_the_day_that_follows(
    names: tuple[str, ...], following: str
) -> None:
    """The first after the present month; what stands last and is none of them says nothing."""
    assert next_name(names, dt.date(2024, 7, 26), {}) == following


@pytest.mark.parametrize(("lists", "following"), [(["all"], ""), (["press"], "2024-07")])
def test_no_name_is_told_that_would_stand_before_an_issue_to_the_same_readers(lists: list[str], following: str) -> None:
    """Whether a letter for the summer has taken the place of July's its name does not say."""
    known = {
        "2024-06": make.issue(name="2024-06", lists=["all"]),
        "2024-07-summer": make.issue(name="2024-07-summer", lists=lists),
    }
    assert next_name(known, dt.date(2024, 7, 26), known) == following


@pytest.mark.parametrize(
    ("title", "earlier", "later", "expected"),
    [
        ("KW 08/2026", "2026-KW08", "2026-KW09", "KW 09/2026"),
        ("Week 8", "2026-W08", "2026-W09", "Week 9"),
        ("Week 09", "2026-W09", "2026-W10", "Week 10"),
        ("Week 53 of 2026", "2026-W53", "2027-W01", "Week 1 of 2027"),
        ("Looking back at 2026", "2026-W53", "2027-W01", "Looking back at 2026"),
        ("News of October 8, 2026", "2026-10-08", "2026-10-15", "News of October 15, 2026"),
        ("News of the week", "2026-10-08", "2026-10-15", "News of the week"),
        ("Week 42", "2026-W42", "2026-W43-press", "Week 42"),
        ("Week 41", "spring", "2026-W41", "Week 41"),
    ],
)
def test_a_title_moves_on_as_far_as_its_name(title: str, earlier: str, later: str, expected: str) -> None:
    """The week, or the day in words, and the year where the week is in another one; nothing that is only alike."""
    assert renamed(title, earlier, later, Locale("en")) == expected


def test_in_a_language_that_nobody_knows_a_title_stays() -> None:
    """How it writes days is not known either."""
    assert renamed("News of October 8, 2026", "2026-10-08", "2026-10-15", None) == "News of October 8, 2026"


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2026-10-08", "2026-10-09"),
        ("2026-10-09", "2026-10-12"),
        ("2026-10-11", "2026-10-12"),
        ("2025-12-31", "2026-01-02"),
        ("2026-12-31", "2027-01-04"),
    ],
)
def test_people_work_from_monday_to_friday_and_not_on_new_years_day(day: str, following: str) -> None:
    """An issue that leaves on another day is read on the one after that."""
    assert working_day_after(dt.date.fromisoformat(day)) == dt.date.fromisoformat(following)


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2026-10-15", "2026-11-15"),
        ("2026-11-30", "2026-12-30"),
        ("2026-12-15", "2027-01-15"),
    ],
)
def test_an_issue_whose_name_tells_no_day_ends_a_month_after_the_last(to: str, expected: str) -> None:
    """On the same day of the next month, or the last where it has none such."""
    last = f"title: A\nperiod: {{from: 2026-01-01, to: {to}}}\n"
    text = next_issue_text("spring", ("winter", last), newsletter="News")
    assert f"period: {{since: last issue, to: {expected}}}\n" in text
