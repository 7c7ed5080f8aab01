"""`init` and `new`: the files that a team starts from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsletter.cli.app import run
from tests.cli.conftest import Output, read


def test_new_makes_entries_and_issues_that_can_be_read(space: Path, issue: str, capsys: Output) -> None:
    """A new entry is a draft until the team says otherwise; a new issue begins where the last one ended."""
    assert run(["new", "news", "Wells: new & “old”", "--date", f"{issue}-20"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.read_text(encoding="utf-8").startswith("---\n")
    later = f"{int(issue[:4]) + 1}-01"
    assert run(["new", "issue", later]) == 0
    assert run(["new", "issue", later]) == 5
    assert run(["lint", issue]) == 0
    capsys.readouterr()
    selected = read(capsys, "select", issue, "--json")
    assert ("draft") in [left["reason"] for left in selected["out"] if left["id"] == path.stem]


@pytest.mark.parametrize(("name", "meant"), [("2026-13", ""), ("2026-1", "2026-01"), ("2026_02", "2026-02")])
def test_a_month_that_is_written_wrongly_makes_no_issue(space: Path, name: str, meant: str, capsys: Output) -> None:
    """Its period and title would be wrong, and it would stand at the wrong place among the others."""
    assert run(["new", "issue", name]) == 2
    told = capsys.readouterr().err
    assert f"error: '{name}' is not a month\n" in told
    assert f"fix: write {meant or 'the year and the month with two digits, such as 2024-08'}\n" in told
    assert not (space / "issues" / name).exists()


def test_a_new_issue_without_a_name_is_told_which_comes_next(space: Path, issue: str, capsys: Output) -> None:
    """The month after the last one; of a name that is neither month, week nor day nobody can tell."""
    year, month = (int(part) for part in issue.split("-"))
    following = f"{year + month // 12}-{month % 12 + 1:02d}"
    assert run(["new", "issue"]) == 2
    told = capsys.readouterr().err
    assert told == (
        "error: the name of the new issue is missing\n"
        "  why: it becomes the name of its folder, and that of a month or a week says which days the issue covers\n"
        f"  fix: the next one would be: newsletter new issue {following}\n"
    )
    assert run(["new", "issue", "spring"]) == 0
    capsys.readouterr()
    assert run(["new", "issue"]) == 2
    assert capsys.readouterr().err.endswith(
        "  fix: write it, such as: newsletter new issue 2024-08, or 2024-W31 for a week\n"
    )


def test_a_day_for_a_new_issue_is_refused(space: Path, capsys: Output) -> None:
    """It would be left out without a word: the name says which days an issue covers."""
    assert run(["new", "issue", "spring", "--date", "2031-03-20"]) == 2
    assert "--date goes with an entry" in capsys.readouterr().err
    assert not (space / "issues/spring").exists()


def test_a_new_entry_without_a_title_is_told_how_to_write_it(space: Path, capsys: Output) -> None:
    """In the words of a team, not in those of the command line."""
    assert run(["new", "study"]) == 2
    assert capsys.readouterr().err.endswith('error: the title is empty\n  fix: write a title such as "Our new study"\n')


def test_the_way_into_a_new_newsletter_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """A folder with a blank in its name stands in quotes."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "our letter"]) == 0
    assert "with: cd 'our letter', then newsletter select" in capsys.readouterr().err


def test_a_wrong_day_is_named_once(space: Path, capsys: Output) -> None:
    """The value and what to write, in one sentence."""
    assert run(["new", "news", "A", "--date", "31.12.2024"]) == 2
    assert capsys.readouterr().err.endswith(
        "Invalid value for '--date': '31.12.2024' is not a date; write year-month-day, such as 2024-07-26\n"
    )


def test_init_writes_over_nothing(space: Path) -> None:
    """Where a newsletter is, init refuses with exit code 5."""
    settings = space / "newsletter.toml"
    settings.write_text("# mine\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(["init", "."]) == 5
    assert settings.read_text(encoding="utf-8").startswith("# mine")


def test_a_title_without_quotes_is_one_title(space: Path, capsys: Output) -> None:
    """Whoever types words means words, and not arguments."""
    assert run(["new", "news", "Border", "communities", "get", "new", "wells"]) == 0
    path = Path(capsys.readouterr().out.splitlines()[-1])
    assert "title: Border communities get new wells\n" in path.read_text("utf-8")
    assert run(["new", "issue", "Winter", "2026"]) == 2
    assert "'Winter 2026' cannot be the name of an issue" in capsys.readouterr().err


def test_select_says_of_other_days_no_more_than_their_date(space: Path, issue: str, capsys: Output) -> None:
    """The period stands above; after a year of entries nobody reads it once more in each line."""
    _ready("Long ago", "2020-01-31", capsys)
    assert run(["select", issue, "--all"]) == 0
    assert _out(capsys.readouterr().out) == [["2020-01-31", "news", "2020-01-31-long-ago", "out_of_period"]]
    (left,) = read(capsys, "select", issue, "--json")["out"]
    assert left["detail"].startswith("dated 2020-01-31; the issue covers ")


def test_select_counts_what_is_far_from_the_period(space: Path, issue: str, capsys: Output) -> None:
    """After years of entries those of two months before and after are read; the others are there for the asking."""
    first = dt.date.fromisoformat(f"{issue}-01")
    near = first - dt.timedelta(days=60)
    for title, day in (("Long ago", "2020-01-31"), ("Far", first - dt.timedelta(days=61)), ("Near", near)):
        _ready(title, str(day), capsys)
    assert run(["select", issue]) == 0
    told = capsys.readouterr()
    assert _out(told.out) == [[str(near), "news", f"{near}-near", "out_of_period"]]
    assert told.err == "and 2 more than 60 days before or after the period: --all names them\n"
    assert len(read(capsys, "select", issue, "--json")["out"]) == 3


def test_select_says_whose_readers_miss_the_days_that_others_have_had(space: Path, capsys: Output) -> None:
    """Readers of two lists may have had other issues before; the line names those who have not been shown an entry."""
    settings = space / "newsletter.toml"
    both = "\n[lists.a]\ntitle = 'A'\n[lists.b]\ntitle = 'B'\n"
    settings.write_text(settings.read_text(encoding="utf-8") + both, encoding="utf-8")
    for month, lists in (("2020-01", "a, b"), ("2020-02", "a"), ("2020-03", "a, b")):
        plan = space / "issues" / month / "issue.yaml"
        plan.parent.mkdir()
        plan.write_text(
            f"title: A month\nperiod: {month}\nsubject: A month\nlists: [{lists}]\n"
            "sections: [{heading: News, take: news}]\n"
        )
    entry = space / "issues" / "entries" / "news" / "wells.md"
    entry.write_text("---\ntitle: Wells\ndate: 2020-02-10\n---\nThere is water.\n")
    assert run(["select", "2020-03"]) == 0
    assert [line.split(maxsplit=4) for line in capsys.readouterr().out.splitlines() if "wells" in line] == [
        ["2020-02-10", "news", "wells", "out_of_period", "readers of b have not been shown it"]
    ]


def test_a_newsletter_begins_in_the_language_that_is_named(tmp_path: Path, capsys: Output) -> None:
    """All that readers see is in it, and the next issue as well."""
    assert run(["init", str(tmp_path / "ours"), "--language", "tr"]) == 0
    assert "it is in English" not in capsys.readouterr().err
    (plan,) = (tmp_path / "ours").glob("issues/*/issue.yaml")
    assert "subject: Bültenimize hoş geldiniz\n" in plan.read_text(encoding="utf-8")
    assert run(["-C", str(tmp_path / "ours"), "lint", "--fail-on", "warning"]) == 0
    later = f"{int(plan.parent.name[:4]) + 1}-01"
    assert run(["-C", str(tmp_path / "ours"), "new", "issue", later]) == 0
    written = plan.parents[1].joinpath(later, "issue.yaml").read_text(encoding="utf-8")
    assert written.startswith(f"title: Bültenimiz – Ocak {later[:4]}\n")


def test_a_language_without_samples_makes_nothing(tmp_path: Path, capsys: Output) -> None:
    """The error names those that have some."""
    assert run(["init", str(tmp_path / "ours"), "--language", "sv"]) == 2
    assert (
        "there are some in ar, de, el, en, es, fa, fr, he, hi, it, ja, nl, pl, pt, ru, th, tr, uk, zh"
        in capsys.readouterr().err
    )
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize(
    ("computer", "hint"),
    [("uk_UA.UTF-8", "for one in Ukrainian: newsletter init another-folder --language uk\n"), ("en_GB.UTF-8", "")],
)
def test_whose_computer_speaks_another_language_is_told_of_it(
    computer: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Many work in English all the same, so nothing is switched."""
    monkeypatch.setenv("LC_ALL", computer)
    assert run(["init", str(tmp_path / "ours")]) == 0
    told = capsys.readouterr().err
    assert told.endswith(hint) and ("it is in English" in told) == bool(hint)
    assert 'language = "en"' in (tmp_path / "ours/newsletter.toml").read_text(encoding="utf-8")


def test_the_first_issue_has_its_headings_in_the_newsletters_language(tmp_path: Path) -> None:
    """Where there is no issue before it, as after the samples were deleted."""
    assert run(["init", str(tmp_path), "--language", "de"]) == 0
    (plan,) = tmp_path.glob("issues/*/issue.yaml")
    plan.unlink()
    plan.parent.rmdir()
    assert run(["-C", str(tmp_path), "new", "issue", "2026-12"]) == 0
    written = (tmp_path / "issues/2026-12/issue.yaml").read_text(encoding="utf-8")
    assert written.startswith("title: Unser Newsletter – Dezember 2026\n")
    assert "  Guten Tag {first_name|zusammen},\n" in written
    assert [line.partition(": ")[2] for line in written.splitlines() if "- heading:" in line] == [
        "Studie im Fokus",
        "Nachrichten",
        "Studien",
        "Ausschreibungen",
        "Veranstaltungen",
        "Wo wir arbeiten",
    ]


def _ready(title: str, day: str, capsys: Output) -> None:
    assert run(["new", "news", title, "--date", day]) == 0
    file = Path(capsys.readouterr().out.strip())
    file.write_text(file.read_text(encoding="utf-8").replace("status: draft", "status: ready"), encoding="utf-8")


def _out(told: str) -> list[list[str]]:
    """Return the words of each line below the heading of what is out."""
    return [line.split() for line in told[told.index("\nOUT ") :].splitlines()[3:]]


def test_a_file_in_the_place_of_a_folder_is_told(space: Path, issue: str, capsys: Output) -> None:
    """It is no matter of rights either."""
    (space / "build").write_text("notes", encoding="utf-8")
    assert run(["build", issue]) == 2
    assert (
        "  why: a file lies where a folder is needed, or a folder where a file is\n"
        "  fix: move it away, or choose another place\n"
    ) in capsys.readouterr().err
