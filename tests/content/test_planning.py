from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import pipeline
from newsletter.content import document
from newsletter.content.planning import next_issue, next_issue_text
from newsletter.errors import ConfigurationError, ContentError
from tests import factories as make
from tests.content import tree

JULY = (Path(__file__).parents[2] / "issues" / "2024-07" / "issue.yaml").read_text(encoding="utf-8")
HEAD = "title: {title}\nnumber: {number}\nperiod: {period}\nsend_at: {send_at}\nsubject: {subject}"
SECTIONS = "sections: [{heading: News, take: news}]\n"
HINT = "   # say what is in it: readers decide by this line"


def after(last: str, name: str = "2024-08", last_name: str = "2024-07", language: str = "en") -> str:
    """Return the plan of the issue that follows `last`."""
    return next_issue_text(name, (last_name, last), newsletter="News", language=language, zone=make.ZONE)


def test_august_takes_over_what_july_has_in_common_with_it() -> None:
    """Sections and comments stay; what was decided for July alone is gone."""
    assert after(JULY) == (
        "title: ICMPD Newsletter – August 2024\n"
        "number: 8\n"
        "period: {since: last issue, to: 2024-08-31}\n"
        "send_at: 2024-09-02T09:00\n"
        f"subject: ICMPD Newsletter – August 2024{HINT}\n"
        "intro: |\n"
        "  Dear {first_name|reader},\n"
        "lists: [monthly]\n"
        "translations:\n"
        "  ar:\n"
        "    title: نشرة ICMPD – أغسطس 2024\n"
        f"    subject: نشرة ICMPD – أغسطس 2024{HINT}\n"
        '    intro: "مرحبًا {first_name|بكم}،"\n'
        "\n" + JULY[JULY.index("# From top to bottom") : JULY.index("\n# The story has no date")]
    )


@pytest.mark.parametrize(
    ("period", "name", "expected"),
    [
        ("2024-07", "2024-08", "2024-08"),
        ("2024-07", "2024-09", "{since: last issue, to: 2024-09-30}"),
        ("{from: 2024-06-28, to: 2024-07-26}", "2024-08", "{since: last issue, to: 2024-08-31}"),
        ("{from: 2024-07-01, to: 2024-07-31}", "2024-08", "2024-08"),
        ("{since: last issue}", "2024-08", "{since: last issue, to: 2024-08-31}"),
        ("2024-12", "2025-01", "2025-01"),
        ("2024-08", "2024-07", "2024-07"),
        ("2024-01", "spring", "{since: last issue, to: 2024-02-29}"),
        ("{since: last issue}", "spring", "{since: last issue}"),
        ("no period", "2024-08", "{since: last issue, to: 2024-08-31}"),
    ],
)
def test_the_period_begins_where_the_last_one_ended(period: str, name: str, expected: str) -> None:
    """Between two issues there is neither a hole nor an overlap, whatever their periods look like."""
    assert f"\nperiod: {expected}\n" in after(f"title: A\nperiod: {period}\n", name)


WEEKLY = """title: {title}
period: {{since: last issue, to: {to}}}
send_at: {send_at}
"""


@pytest.mark.parametrize(
    ("last_name", "name", "to", "send_at", "expected"),
    [
        ("2026-W42", "2026-W43", "2026-10-14", "2026-10-15T07:00+02:00", ("2026-10-21", "2026-10-22T07:00")),
        ("2026-W42", "2026-W44", "2026-10-14", "2026-10-15T07:00", ("2026-10-28", "2026-10-29T07:00")),
        ("2026-W53", "2027-W01", "2026-12-30", "2026-12-31T07:00", ("2027-01-06", "2027-01-07T07:00")),
        ("2026-W42-press", "2026-W43-press", "2026-10-14", "2026-10-15T07:00", ("2026-10-21", "2026-10-22T07:00")),
        ("2026-KW53", "2027-KW01", "2026-12-30", "2026-12-31T07:00", ("2027-01-06", "2027-01-07T07:00")),
        ("2026-10-15", "2026-10-22", "2026-10-14", "2026-10-15T07:00", ("2026-10-21", "2026-10-22T07:00")),
        ("2026-10", "2026-W45", "2026-10-31", "2026-11-02T07:00", ("2026-11-08", "2026-11-09T07:00")),
        ("2026-10", "2026-11-05", "2026-10-31", "2026-11-02T07:00", ("2026-11-04", "2026-11-05T07:00")),
    ],
)
def test_a_weekly_issue_keeps_its_day_of_the_week(
    last_name: str, name: str, to: str, send_at: str, expected: tuple[str, str]
) -> None:
    """The names say how many weeks have passed; a week left out lies in the next issue."""
    last = WEEKLY.format(title="A", to=to, send_at=send_at)
    assert after(last, name, last_name).splitlines()[1:3] == [
        f"period: {{since: last issue, to: {expected[0]}}}",
        f"send_at: {expected[1]}",
    ]


def test_an_issue_that_is_dated_by_its_sending_alone_moves_on_with_it() -> None:
    """Such a period lasts until the day before."""
    last = "title: A\nperiod: {since: last issue}\nsend_at: 2026-10-15T07:00\n"
    assert after(last, "2026-W43", "2026-W42").splitlines()[1:3] == [
        "period: {since: last issue}",
        "send_at: 2026-10-22T07:00",
    ]


@pytest.mark.parametrize(
    ("before", "last", "expected"),
    [
        ("{from: 2026-10-01, to: 2026-10-07}", "{since: last issue, to: 2026-10-14}", "2026-10-21"),
        ("2026-10", "{from: 2026-10-01, to: 2026-10-14}", "2026-10-28"),
        ("{from: 2026-08-01, to: 2026-08-31}", "{since: last issue, to: 2026-10-14}", "2026-11-14"),
    ],
)
def test_where_names_tell_no_days_the_last_two_periods_do(
    tmp_path: Path, before: str, last: str, expected: str
) -> None:
    """Shorter than a month they come again as long; otherwise it is a month."""
    space = make.workspace(tmp_path)
    for name, period in (("nr-01", before), ("nr-02", last)):
        folder = space.issues / name
        folder.mkdir(parents=True)
        (folder / "issue.yaml").write_text(f"title: T\nsubject: S\nperiod: {period}\n{SECTIONS}", encoding="utf-8")
    _, text = next_issue(space, "nr-03", pipeline.read(space).issues)
    assert document.read(text).value["period"] == {"since": "last issue", "to": expected}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-W41", ["period: {from: 2026-10-05, to: 2026-10-11}", "send_at: 2026-10-12T09:00"]),
        ("2026-10-08", ["period: {from: 2026-10-01, to: 2026-10-07}", "send_at: 2026-10-08T09:00"]),
    ],
)
def test_a_first_issue_named_by_a_week_or_a_day_has_the_period_of_a_week(name: str, expected: list[str]) -> None:
    """There is no issue before it since which it could be."""
    assert next_issue_text(name, None, newsletter="News").splitlines()[2:4] == expected


@pytest.mark.parametrize(
    ("title", "last_name", "name", "expected"),
    [
        ("Wochenbrief KW 41", "2026-W41", "2026-W42", "Wochenbrief KW 42"),
        ("Wochenbrief KW 9", "2026-KW09", "2026-KW10", "Wochenbrief KW 10"),
        ("Week 09", "2026-W09", "2026-W10", "Week 10"),
        ("Brief 53/2026", "2026-W53", "2027-W01", "Brief 1/2027"),
        ("10 Jahre: KW 10", "2026-W10", "2026-W11", "10 Jahre: KW 10"),
        ("Brief vom 31. Dezember 2026", "2026-12-31", "2027-01-07", "Brief vom 7. Januar 2027"),
        ("Lettre S41 – KW41", "2026-W41", "2026-W42", "Lettre S41 – KW41"),
        ("Lettre S41", "2026-W41", "2026-W42", "Lettre S42"),
        ("G20 letter", "2026-W20", "2026-W21", "G20 letter"),
        ("Web 5.2, week 5", "2026-W05", "2026-W06", "Web 5.2, week 6"),
        ("Brief 41", "nr-41", "nr-42", "Brief 41"),
        ("Brief im November 2026", "2026-11", "2026-W49", "Brief im 2026-W49"),
        ("Brief – November 2026", "2026-11", "2026-12-03", "Brief – 2026-12-03"),
    ],
)
def test_the_title_names_the_new_week(title: str, last_name: str, name: str, expected: str) -> None:
    """A week's number that stands there once moves on, so does a day in words; after a month comes the new name."""
    assert document.read(after(f"title: '{title}'\n", name, last_name, "de")).value["title"] == expected


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("News – July 2024", "en", "News – August 2024"),
        ("Nachrichten im Juli 2024", "de-AT", "Nachrichten im August 2024"),
        ("Nouvelles – juillet 2024", "fr", "Nouvelles – août 2024"),
        ("Noticias de julio de 2024", "es", "Noticias de agosto de 2024"),
        ("Noticias – julio 2024", "es", "Noticias – agosto 2024"),
        ("通讯2024年7月", "zh", "通讯2024年8月"),
        ("Новини за липень 2024 р.", "uk", "Новини за серпень 2024 р."),
        ("News 2024-07", "en", "News 2024-08"),
        ("News", "en", "News"),
        ("News – July 2024", "tlh", "News – July 2024"),
    ],
)
def test_the_title_names_the_new_month(title: str, language: str, expected: str) -> None:
    """A month in the title moves on with the issue, in the newsletter's language."""
    assert after(f"title: {title}\n", language=language).startswith(f"title: {expected}\n")


@pytest.mark.parametrize(
    ("name", "send_at", "expected"),
    [
        ("2024-08", "2024-07-29T09:00", "2024-09-02T09:00"),
        ("2024-09", "2024-07-29T18:30+02:00", "2024-10-01T18:30"),
        ("2024-09", "2024-07-29 18:30", "2024-10-01T18:30"),
        ("2025-01", "2024-07-29T16:30Z", "2025-02-03T18:30"),
        ("2024-11", "2024-07-29", "2024-12-02T09:00"),
        ("2024-11", "at noon", "2024-12-02T09:00"),
        ("2024-12", "2024-07-29", "2025-01-02T09:00"),
        ("2027-12", "2024-07-29", "2028-01-03T09:00"),
    ],
)
def test_it_leaves_on_the_first_working_day_after_its_period(name: str, send_at: str, expected: str) -> None:
    """The time of day by the newsletter's clocks stays; weekends and New Year's Day are passed over."""
    assert f"\nsend_at: {expected}\n" in after(f"title: A\nperiod: 2024-07\nsend_at: {send_at}\n", name)


def test_an_introduction_without_a_greeting_is_not_repeated() -> None:
    """Only the line with the reader's name says the same every month."""
    assert "intro" not in after("title: A\n# Opening words\nintro: |\n  What a month.\nlists: [a]\n")


@pytest.mark.parametrize("name", ["2024-08", "spring"])
def test_the_first_issue_of_a_newsletter_can_be_read(tmp_path: Path, name: str) -> None:
    """Without a last issue there is a plan with a section for every type."""
    text = next_issue_text(name, None, newsletter="Our: news", lists=["monthly"])
    read = tree.load(tmp_path, {f"{name}/issue.yaml": text})
    assert (list(read.issues), read.findings) == ([name], ())
    assert read.issues[name].title == f"Our: news – {'August 2024' if name == '2024-08' else name}"


def test_the_first_issue_goes_to_one_list_alone(tmp_path: Path) -> None:
    """The first of the settings: to write to more people than were meant is worse than to have to add a list."""
    space = make.workspace(tmp_path, lists={"monthly": {"title": "Monthly"}, "press": {"title": "Press"}})
    path, text = next_issue(space, "2024-08", {})
    assert (path, document.read(text).value["lists"]) == (space.issues / "2024-08" / "issue.yaml", ["monthly"])


def test_the_last_issue_before_it_is_followed(tmp_path: Path) -> None:
    """Not the newest: somebody may plan one that comes in between, and a later one has its own words."""
    space = make.workspace(tmp_path)
    for name, theme in (("2024-06", "june"), ("2024-07", "july"), ("2024-09", "september")):
        folder = space.issues / name
        folder.mkdir(parents=True)
        (folder / "issue.yaml").write_text(
            f"title: T\nsubject: S\nperiod: {name}\ntheme: {theme}\n{SECTIONS}", encoding="utf-8"
        )
    _, text = next_issue(space, "2024-08", pipeline.read(space).issues)
    assert document.read(text).value["theme"] == "july"


def test_issues_that_are_counted_go_on_by_their_numbers(tmp_path: Path) -> None:
    """Number 10 follows number 9, and not number 1."""
    space = make.workspace(tmp_path)
    for name, month in (("1", "2023-11"), ("9", "2024-07")):
        (space.issues / name).mkdir(parents=True)
        plan = f"title: Letter {name}\nnumber: {name}\nperiod: {month}\nsubject: Letter\n{SECTIONS}"
        (space.issues / name / "issue.yaml").write_text(plan, encoding="utf-8")
    _, text = next_issue(space, "10", pipeline.read(space).issues)
    assert text.startswith("title: Letter 10\nnumber: 10\nperiod: {since: last issue, to: 2024-08-31}\n")


def test_what_follows_july_can_be_read(tmp_path: Path) -> None:
    """A plan that the program writes has no mistakes."""
    read = tree.load(tmp_path, {"2024-07/issue.yaml": after(JULY, "2024-07"), "2024-08/issue.yaml": after(JULY)})
    assert [(finding.code, finding.field) for finding in read.findings] == [("ISS007", "number")]


@pytest.mark.parametrize("name", ["", "a b", "../x", "2024/08", ".hidden", "a:b", "a.", "CON", "nul.2024"])
def test_a_name_must_be_one_that_a_folder_can_have(name: str) -> None:
    """The name becomes a folder and a part of links."""
    with pytest.raises(ConfigurationError, match="cannot be the name of an issue"):
        next_issue_text(name, None, newsletter="News")


@pytest.mark.parametrize(
    ("name", "language", "last", "fix"),
    [
        ("December", "en", "2024-11", "write 2024-12"),
        ("january", "en", "2024-11", "write 2025-01"),
        ("Dezember 2024", "de-AT", "2024-11", "write 2024-12"),
        ("Dezember", "en", "2024-11", "write 2024-12"),
        ("2025-décembre", "fr", "2024-11", "write 2025-12"),
        ("december", "de", "", "write the year and the month in digits, such as 2024-12"),
        ("grudnia", "pl", "spring", "write the year and the month in digits, such as 2024-12"),
    ],
)
def test_a_month_in_words_is_no_name(name: str, language: str, last: str, fix: str) -> None:
    """It would stand behind all other issues, and what covers its days would not be known."""
    with pytest.raises(ConfigurationError) as raised:
        next_issue_text(name, (last, "title: A\n") if last else None, newsletter="News", language=language)
    assert (raised.value.message, raised.value.fix) == (f"'{name}' is a month in words", fix)


def test_a_last_issue_with_mistakes_is_not_followed() -> None:
    """Sections that cannot be read cannot be taken over."""
    with pytest.raises(ContentError, match=r"2024-07/issue\.yaml is not changed as it is"):
        after("title: A: B\n")


@pytest.mark.parametrize("below", ["pin: [a]\n", "pin: [a]\n      # what follows is for the team\nlists: [monthly]\n"])
def test_the_words_below_a_sections_heading_stay_whole(below: str) -> None:
    """A line that begins like a comment is one of Markdown's headings there, and no remark becomes a part of them."""
    last = (
        "title: July 2024\nperiod: 2024-07\nsections:\n  - heading: News\n    take: news\n"
        "    intro: |\n      One.\n      # Two\n" + below
    )
    following = document.read(after(last)).value
    assert (following["sections"][0]["intro"], following.get("pin")) == ("One.\n# Two\n", None)


def test_last_months_words_in_other_languages_are_not_repeated() -> None:
    """A translated subject belongs to its issue; a section's translated heading stays."""
    last = (
        "title: A\n"
        "languages: [en, fr]\n"
        "translations:\n"
        "  fr:\n"
        "    subject: Juillet\n"
        "sections:\n"
        "  - heading: News\n"
        "    take: news\n"
        "    translations: {fr: {heading: Actualités}}\n"
    )
    assert after(last) == (
        "title: A\n"
        "languages: [en, fr]\n"
        + last[last.index("sections") :]
        + f"period: {{since: last issue, to: 2024-08-31}}\nsubject: A{HINT}\n"
    )


@pytest.mark.parametrize(
    ("language", "title", "following"),
    [
        ("fr", "Notre lettre – juillet 2024", "Notre lettre – août 2024"),
        ("ar", "رسالتنا – يوليو 2024", "رسالتنا – أغسطس 2024"),
        ("fr", "Our letter – July 2024", "Our letter – August 2024"),
    ],
)
def test_a_title_names_its_month_in_the_issues_own_language(language: str, title: str, following: str) -> None:
    """Which is not always that of the newsletter, as where one letter is in English and another in French."""
    text = after(f"title: {title}\nlanguages: [{language}, uk]\nsections: [{{heading: News, take: news}}]\n")
    assert document.read(text).value["title"] == following


@pytest.mark.parametrize("name", ["2026-W42-press", "2026-10-15-press", "2026-10-press"])
def test_an_issue_follows_those_of_its_own_letter(tmp_path: Path, name: str) -> None:
    """What stands behind the week, the day or the month tells which letter it is; its list comes along."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}, "press": {"title": "Press"}})
    ours = ["2026-10", "2026-W41", "2026-W42", "2026-10-08", "2026-10-15"]
    theirs = ["2026-09-press", "2026-W41-press", "2026-10-08-press"]
    for other in (*ours, *theirs):
        folder = space.issues / other
        folder.mkdir(parents=True)
        lists = "press" if other in theirs else "all"
        (folder / "issue.yaml").write_text(
            f"title: T\nsubject: S\nperiod: 2026-09\nlists: [{lists}]\n{SECTIONS}", encoding="utf-8"
        )
    _, text = next_issue(space, name, pipeline.read(space).issues)
    assert document.read(text).value["lists"] == ["press"]


@pytest.mark.parametrize(
    ("issues", "name", "number", "period"),
    [
        (
            {"2024-07": "2024-07", "2024-07-summer": "{since: last issue, to: 2024-08-15}"},
            "2024-08",
            3,
            {"since": "last issue", "to": "2024-08-31"},
        ),
        ({"2024-06": "2024-06", "2024-07-summer": "{from: 2024-07-01, to: 2024-08-31}"}, "2024-09", 3, "2024-09"),
        (
            {"2024-07-summer": "{from: 2024-07-01, to: 2024-07-10}", "2025-07": "2025-07"},
            "2025-07-summer",
            3,
            {"since": "last issue", "to": "2025-08-10"},
        ),
        (
            {"2024-W30": "{from: 2024-07-22, to: 2024-07-28}", "2024-W30-extra": "{from: 2024-07-29, to: 2024-07-31}"},
            "2024-W31",
            3,
            {"since": "last issue", "to": "2024-08-04"},
        ),
    ],
)
def test_days_that_another_issue_has_told_the_same_readers_of_are_not_planned_again(
    tmp_path: Path, issues: dict[str, str], name: str, number: int, period: object
) -> None:
    """Whatever it is called: its number is taken as well, and a period that ended before it began could not be read."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}})
    for count, (other, days) in enumerate(issues.items(), 1):
        folder = space.issues / other
        folder.mkdir(parents=True)
        text = f"title: T\nsubject: S\nnumber: {count}\nperiod: {days}\nlists: [all]\n{SECTIONS}"
        (folder / "issue.yaml").write_text(text, encoding="utf-8")
    _, text = next_issue(space, name, pipeline.read(space).issues)
    planned = document.read(text).value
    assert (planned["number"], planned["period"]) == (number, period)


def test_what_is_planned_from_another_issue_leaves_when_its_days_are_over(tmp_path: Path) -> None:
    """And not as long after the last of its own letter, which was a year ago."""
    space = make.workspace(tmp_path, lists={"all": {"title": "All"}})
    for other, days in (
        ("2024-07-summer", "{from: 2024-07-01, to: 2024-07-10}\nsend_at: 2024-07-11T07:00"),
        ("2025-07", "2025-07"),
    ):
        folder = space.issues / other
        folder.mkdir(parents=True)
        text = f"title: T\nsubject: S\nperiod: {days}\nlists: [all]\n{SECTIONS}"
        (folder / "issue.yaml").write_text(text, encoding="utf-8")
    _, text = next_issue(space, "2025-07-summer", pipeline.read(space).issues)
    planned = document.read(text).value
    assert (planned["period"]["to"], planned["send_at"]) == ("2025-08-10", "2025-08-11T07:00")
