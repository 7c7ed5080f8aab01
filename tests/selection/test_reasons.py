"""Why an entry is in an issue, and why it is not."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.errors import NotFound
from newsletter.model.content import Content, Unreadable
from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.issue import Issue
from newsletter.model.selection import Selection
from newsletter.selection import select
from tests import factories as make


def choose(*entries: Entry, issues: list[Issue] | None = None, name: str = "2024-07", **plan: Any) -> Selection:
    """Select an issue of July 2024 in Vienna, in English."""
    planned = issues or [make.issue(**plan)]
    content = Content(
        entries=tuple(sorted(entries, key=lambda entry: entry.id)), issues={issue.name: issue for issue in planned}
    )
    return select(content, name, zone="Europe/Vienna", language="en")


def inside(selection: Selection) -> list[tuple[str, str, str]]:
    """Return heading, id and reason of everything that is in, in reading order."""
    return [
        (section.plan.heading, chosen.entry.id, str(chosen.reason))
        for section in selection.sections
        for chosen in section.chosen
    ]


def outside(selection: Selection) -> list[tuple[str, str, str]]:
    """Return id, reason and detail of everything that is out."""
    return [(left.id, str(left.reason), left.detail) for left in selection.out]


def test_an_entry_of_the_period_is_in() -> None:
    """A section takes what was published within the issue's period."""
    assert inside(choose(make.news(id="a", date="2024-07-01"), make.news(id="b", date="2024-07-31", url=None))) == [
        ("News", "b", "in_period"),
        ("News", "a", "in_period"),
    ]


@pytest.mark.parametrize("day", ["2024-06-30", "2024-08-01"])
def test_the_days_around_the_period_are_out(day: str) -> None:
    """The period is half-open: neither the day before nor the day after belongs to it."""
    assert outside(choose(make.news(id="a", date=day))) == [
        ("a", "out_of_period", f"dated {day}; the issue covers 2024-07-01 to 2024-07-31")
    ]


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        ("2024-03-31T00:30", "in"),
        ("2024-03-30T23:30Z", "in"),
        ("2024-03-31T21:59:59Z", "in"),
        ("2024-03-31T22:00Z", "out"),
        ("2024-02-29T23:00Z", "in"),
        ("2024-02-29T22:59Z", "out"),
    ],
)
def test_days_are_those_of_the_newsletters_zone_across_a_clock_change(moment: str, verdict: str) -> None:
    """A moment belongs to the day that the calendar in Vienna shows, although its offset changes on 31 March 2024."""
    selection = choose(make.news(date=moment), period="2024-03")
    assert bool(inside(selection)) is (verdict == "in")


def test_an_entry_without_a_date_is_out_unless_a_person_names_it() -> None:
    """Undated entries belong to no period; pinning brings them in."""
    entry = make.news(id="a", date=None)
    assert outside(choose(entry)) == [("a", "out_of_period", "it has no date")]
    assert inside(choose(entry, pin=["a"])) == [("News", "a", "pinned")]


def test_what_no_section_takes_is_not_asked_for_a_date() -> None:
    """Projects and figures have none, and with one they would be out all the same."""
    project = make.project(id="a")
    assert outside(choose(project)) == [("a", "no_section", "no section takes this project")]


def test_a_section_of_any_period_takes_undated_and_old_entries() -> None:
    """`period: any` looks at no date."""
    sections = [make.section(period="any")]
    selection = choose(make.news(id="a", date=None), make.news(id="b", date="1999-01-01", url=None), sections=sections)
    assert inside(selection) == [("News", "b", "in_period"), ("News", "a", "in_period")]


def test_a_section_of_the_period_takes_nothing_that_another_admits_without_a_date() -> None:
    """What stands in the issue because one section looks at no date is for that section."""
    sections = [make.section("New"), make.section("Archive", period="any")]
    selection = choose(make.news(id="a", date="1999-01-01"), make.news(url=None), sections=sections)
    assert inside(selection) == [
        ("New", "2024-07-26-border-communities", "in_period"),
        ("Archive", "a", "in_period"),
    ]


def test_what_a_section_of_any_period_has_shown_is_not_shown_twice() -> None:
    """An old entry that one issue brought back is not new in the next."""
    sections = [make.section(period="any")]
    issues = [make.issue(sections=sections), make.issue(name="2024-08", period="2024-08", sections=sections)]
    selection = choose(make.news(id="a", date="1999-01-01"), issues=issues, name="2024-08")
    assert outside(selection) == [("a", "already_featured", "in issue 2024-07")]


def test_a_section_of_any_period_leaves_what_is_to_come_to_a_later_issue() -> None:
    """What is dated after an issue has left was not shown by it; what recurs may have any date."""
    sections = [make.section("Calls and projects", ["call", "project"], period="any")]
    july = make.issue(sections=sections, send_at="2024-08-02T09:00")
    issues = [july, make.issue(name="2024-08", period="2024-08", sections=sections)]
    entries = (
        make.call(id="a", date="2024-08-02", deadline="2024-09-30"),
        make.call(id="b", date="2024-08-03", deadline="2024-09-30", url=None),
        make.project(id="c", date="2024-12-01"),
    )
    chosen = [choose(*entries, issues=issues, name=name) for name in ("2024-07", "2024-08")]
    assert [sorted(name for _, name, _ in inside(one)) for one in chosen] == [["a", "c"], ["b", "c"]]


def test_what_is_out_stands_by_day_and_without_one_last() -> None:
    """People read why in the order of the calendar."""
    entries = [make.news(id=name, date=day, url=None) for name, day in (("a", None), ("b", "2024-08-02"))]
    earlier = [make.news(id=name, date="2024-06-01", url=None) for name in ("d", "c")]
    assert [name for name, _, _ in outside(choose(*entries, *earlier))] == ["c", "d", "b", "a"]


def test_a_dropped_entry_is_out_for_the_persons_reason() -> None:
    """`drop` wins over everything and its reason is shown."""
    assert outside(choose(make.news(id="a"), drop={"a": "told in June"})) == [("a", "dropped", "told in June")]


def test_drafts_and_embargoes_hold_even_against_a_pin() -> None:
    """A draft is not finished and an embargo is a promise: pinning changes neither."""
    selection = choose(
        make.news(id="a", status="draft"),
        make.news(id="b", embargo="2024-07-29", url=None),
        make.news(id="c", embargo="2024-07-28T09:00", url=None),
        pin=["a", "b"],
        send_at="2024-07-28T09:00",
    )
    assert inside(selection) == [("News", "c", "in_period")]
    assert outside(selection) == [
        ("a", "draft", "its status is draft"),
        ("b", "embargoed", "not before 2024-07-29; the issue leaves on 2024-07-28 09:00"),
    ]


def test_a_call_is_judged_at_the_planned_send_time() -> None:
    """A deadline that is a day alone lasts until the end of that day in the newsletter's zone."""
    call = make.call(id="a", deadline="2024-07-31")
    sections = [make.section("Calls", "call")]
    assert inside(choose(call, sections=sections, send_at="2024-07-31T23:59"))
    assert outside(choose(call, sections=sections, send_at="2024-08-01T00:00")) == [
        ("a", "past_deadline", "closed on 2024-07-31; the issue leaves on 2024-08-01 00:00")
    ]
    assert inside(choose(call, sections=sections, send_at="2024-08-01T00:00", pin=["a"])) == [("Calls", "a", "pinned")]


def test_a_moment_is_told_by_the_newsletters_clocks() -> None:
    """Nobody who reads a reason needs to know how a time is written for machines."""
    call = make.call(id="a", deadline="2024-07-31T12:00Z", url=None)
    news = make.news(id="b", embargo="2024-08-01T09:00", url=None)
    sections = [make.section("Calls and news", ["call", "news"])]
    assert outside(choose(call, news, sections=sections, send_at="2024-07-31T18:00")) == [
        ("a", "past_deadline", "closed on 2024-07-31, 14:00; the issue leaves on 2024-07-31 18:00"),
        ("b", "embargoed", "not before 2024-08-01, 09:00; the issue leaves on 2024-07-31 18:00"),
    ]


def test_without_a_planned_time_deadlines_are_judged_at_the_end_of_the_period() -> None:
    """No clock decides: an issue without `send_at` is judged at the first instant after its period."""
    sections = [make.section("Calls", "call")]
    assert inside(choose(make.call(deadline="2024-08-01T00:00"), sections=sections))
    assert not inside(choose(make.call(deadline="2024-07-31"), sections=sections))


def test_what_an_earlier_issue_showed_is_out_by_id_and_by_address() -> None:
    """Nothing appears twice by accident, even under a new name and with tracking parameters."""
    again = make.news(id="recap", date="2024-08-03", url="http://www.example.org/news/border-communities/?utm_source=x")
    july, august = make.issue(), make.issue(name="2024-08", sections=[make.section(period="any")], period="2024-08")
    selection = choose(make.news(), again, issues=[july, august], name="2024-08")
    assert inside(selection) == []
    assert outside(selection) == [
        ("2024-07-26-border-communities", "already_featured", "in issue 2024-07"),
        ("recap", "already_featured", "in issue 2024-07, as 2024-07-26-border-communities with the same link"),
    ]


@pytest.mark.parametrize(
    ("lists", "shown"),
    [
        ((["all"], ["press"]), False),
        ((["all"], ["press", "all"]), True),
        ((["all"], []), True),
        (([], ["press"]), True),
    ],
)
def test_what_other_readers_got_was_not_shown_to_these(lists: tuple[list[str], list[str]], shown: bool) -> None:
    """Two letters of one team, to different lists, may both tell of a thing; where lists are missing, nobody knows."""
    week = make.issue(lists=lists[0])
    press = make.issue(name="2024-07-press", lists=lists[1])
    reasons = [reason for _, reason, _ in outside(choose(make.news(), issues=[week, press], name="2024-07-press"))]
    assert reasons == (["already_featured"] if shown else [])


def test_a_person_may_show_an_entry_again() -> None:
    """Pinning brings back what an earlier issue showed."""
    issues = [make.issue(), make.issue(name="2024-08", period="2024-08", pin=["2024-07-26-border-communities"])]
    selection = choose(make.news(), issues=issues, name="2024-08")
    assert inside(selection) == [("News", "2024-07-26-border-communities", "pinned")]


def test_projects_and_figures_may_appear_in_every_issue() -> None:
    """Entries of a recurring type are not held against later issues."""
    sections = [make.section("Where we work", "project", period="any")]
    issues = [make.issue(sections=sections), make.issue(name="2024-08", period="2024-08", sections=sections)]
    assert inside(choose(make.project(), issues=issues, name="2024-08")) == [("Where we work", "bomca", "in_period")]


def test_what_leads_to_the_page_of_a_project_was_not_shown_with_it() -> None:
    """A project is on the map every month; the news of it is new."""
    sections = [make.section("Where we work", "project", period="any")]
    issues = [make.issue(sections=sections), make.issue(name="2024-08", period="2024-08")]
    news = make.news(id="a", date="2024-08-05")
    assert inside(choose(make.project(url=news.url, date="2024-07-10"), news, issues=issues, name="2024-08")) == [
        ("News", "a", "in_period")
    ]


def test_a_project_is_shown_although_news_of_it_has_the_same_link() -> None:
    """Nothing is held against what recurs: neither an earlier issue nor the same one."""
    sections = [make.section(), make.section("Where we work", "project", period="any")]
    news = make.news(id="a", date="2024-07-05")
    project = make.project(url=news.url)
    shown = [("News", "a", "in_period"), ("Where we work", "bomca", "in_period")]
    assert inside(choose(news, project, sections=sections)) == shown
    issues = [make.issue(), make.issue(name="2024-08", period="2024-08", sections=sections)]
    assert inside(choose(news, project, issues=issues, name="2024-08")) == shown[1:]


def test_two_entries_with_one_address_appear_once() -> None:
    """Within an issue the oldest stays, unless a person named the other."""
    first, second = make.news(id="b", date="2024-07-02"), make.news(id="a", date="2024-07-03")
    selection = choose(first, second)
    assert inside(selection) == [("News", "b", "in_period")]
    assert outside(selection) == [("a", "duplicate_of", "b has the same link")]
    assert inside(choose(first, second, pin=["a"])) == [("News", "a", "pinned")]


@pytest.mark.parametrize(
    ("start", "shown"),
    [("2024-09-11", True), ("2024-09-10T18:30", True), ("2024-09-10T10:00", False), ("2024-09-10", False)],
)
def test_the_days_of_a_series_share_a_page(start: str, shown: bool) -> None:
    """Events with one address are one again only where they start at the same time: in an issue and after it."""
    first = make.event(id="a", date="2024-07-02", start="2024-09-10T10:00", end=None)
    second = make.event(id="b", date="2024-07-03", start=start, end=None)
    sections = [make.section("Events", "event")]
    said = [(left, why) for left, why, _ in outside(choose(first, second, sections=sections))]
    assert said == ([] if shown else [("b", "duplicate_of")])
    later = make.event(id="b", date="2024-08-03", start=start, end=None)
    issues = [make.issue(sections=sections), make.issue(name="2024-08", period="2024-08", sections=sections)]
    said = [(left, why) for left, why, _ in outside(choose(first, later, issues=issues, name="2024-08"))]
    assert said == [("a", "out_of_period"), *([] if shown else [("b", "already_featured")])]


def test_news_of_an_event_leads_to_its_page() -> None:
    """What takes place at no time of its own is a repeat of whichever day of a series comes first."""
    days = [make.event(id=f"day-{n}", date=f"2024-07-0{n}", start=f"2024-09-0{n}", end=None) for n in (2, 3)]
    news = make.news(id="news", date="2024-07-04", url=days[0].url)
    sections = [make.section("All", ["news", "event"])]
    assert outside(choose(*days, news, sections=sections)) == [("news", "duplicate_of", "day-2 has the same link")]


def test_of_two_entries_with_one_address_the_dated_one_stays() -> None:
    """Nobody knows how old the other is."""
    undated, dated = make.news(id="a", date=None), make.news(id="b")
    assert inside(choose(undated, dated, sections=[make.section(period="any")])) == [("News", "b", "in_period")]


def test_what_no_section_takes_keeps_nothing_out() -> None:
    """Its link is not in the issue, whatever else would keep it out."""
    selection = choose(make.event(id="a", url=make.news().url, date="2024-07-01"), make.news(id="b"))
    assert inside(selection) == [("News", "b", "in_period")]
    assert outside(selection) == [("a", "no_section", "no section takes this event")]
    assert outside(choose(make.event(id="a", status="draft"))) == [("a", "no_section", "no section takes this event")]


def test_an_entry_in_another_language_is_out_unless_translated() -> None:
    """An issue takes what can be read in one of its languages."""
    french = make.news(id="a", language="fr")
    translated = make.news(id="b", language="fr", url=None, translations={"en": {"title": "Hello"}})
    selection = choose(french, translated)
    assert inside(selection) == [("News", "b", "in_period")]
    assert outside(selection) == [("a", "other_language", "written in French (fr); the issue is in English (en)")]
    assert inside(choose(french, languages=["en", "fr"])) == [("News", "a", "in_period")]


def test_an_entry_in_another_language_is_in_where_somebody_wants_it_as_it_is() -> None:
    """A pin says so; but in an issue that leaves out what is not translated, no edition would show it."""
    french = make.news(id="a", language="fr")
    assert inside(choose(french, pin=["a"])) == [("News", "a", "pinned")]
    assert inside(choose(french, feature=["a"])) == [("News", "a", "featured")]
    left_out = choose(french, pin=["a"], untranslated="leave out")
    assert outside(left_out) == [("a", "other_language", "written in French (fr); the issue is in English (en)")]


def test_the_country_of_a_language_keeps_nothing_out() -> None:
    """What is written in Arabic can be read in Lebanon, and the other way round."""
    arabic, lebanese = make.news(id="a", language="ar", url=None), make.news(id="b", language="ar-LB", url=None)
    for language in ("ar", "ar-LB"):
        selection = choose(arabic, lebanese, languages=[language], sections=[make.section(languages=[language])])
        assert outside(selection) == []


def test_an_entry_that_no_section_takes_says_so() -> None:
    """What belongs to the period but to no section is out with that reason."""
    assert outside(choose(make.event(id="a"))) == [("a", "no_section", "no section takes this event")]
    elsewhere = choose(make.news(id="a", topics=["borders"]), sections=[make.section(topics=["law"])])
    told = "no section takes this news; News takes only other topics, regions, countries or languages"
    assert outside(elsewhere) == [("a", "no_section", told)]
    ordinary = choose(make.news(id="a"), sections=[make.section(heading="Lead", featured=True)])
    assert outside(ordinary) == [("a", "no_section", "no section takes this news; Lead takes only what is featured")]


def test_an_unreadable_entry_is_out_with_its_problem() -> None:
    """What cannot be read is listed with the place to mend."""
    finding = Finding("ENT005", Severity.ERROR, "`title` is missing", Place("issues/entries/news/a.md", 2, 1))
    content = Content(
        issues={"2024-07": make.issue()},
        unreadable=(Unreadable("a", "news", "issues/entries/news/a.md"),),
        findings=(finding,),
    )
    selection = select(content, "2024-07", zone="Europe/Vienna", language="en")
    assert outside(selection) == [("a", "invalid", "issues/entries/news/a.md:2:1: `title` is missing")]


def test_figures_count_neither_drafts_nor_what_is_under_embargo() -> None:
    """What readers may not see is not counted either, and news are no projects."""
    selection = choose(
        make.project(id="a"),
        make.project(id="b", status="draft"),
        make.project(id="c", embargo="2030-01-01"),
        make.news(id="d"),
    )
    assert [entry.id for entry in selection.recurring] == ["a"]


def test_an_unknown_issue_names_the_nearest() -> None:
    """A misspelt issue is answered with the one that was probably meant."""
    with pytest.raises(NotFound) as caught:
        choose(issues=[make.issue()], name="2024-7")
    assert (caught.value.message, caught.value.why) == (
        "there is no issue '2024-7'",
        "an issue is a folder with an issue.yaml; did you mean 2024-07?",
    )
    assert caught.value.fix.startswith("write 2024-07")
    with pytest.raises(NotFound) as caught:
        choose(issues=[make.issue(), make.issue(name="2024-08")], name="issues/2024-08/issue.yaml")
    assert caught.value.fix.startswith("write 2024-08")


def test_only_what_can_be_made_is_offered_to_be_made() -> None:
    """Whoever follows the advice gets an issue, and not another error."""
    for name, offered in {"2025-01": True, "2025-13": False, "../x": False}.items():
        with pytest.raises(NotFound) as caught:
            choose(issues=[make.issue()], name=name)
        assert caught.value.fix.endswith(f"newsletter new issue {name}") == offered


def test_the_selection_as_json() -> None:
    """The JSON of `select` has the keys that scripts depend on."""
    selection = choose(make.news(id="a"), make.news(id="b", date="2024-08-01", url=None))
    assert selection.as_json() == {
        "schema": 1,
        "issue": "2024-07",
        "period": {"from": "2024-07-01", "to": "2024-08-01", "zone": "Europe/Vienna"},
        "in": [{"id": "a", "type": "news", "date": "2024-07-26", "section": "News", "reason": "in_period"}],
        "out": [
            {
                "id": "b",
                "type": "news",
                "date": "2024-08-01",
                "reason": "out_of_period",
                "detail": "dated 2024-08-01; the issue covers 2024-07-01 to 2024-07-31",
            }
        ],
    }
