"""How findings look on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli import output
from newsletter.cli.app import run
from newsletter.errors import Refused
from newsletter.model.finding import Finding, Place, Severity, summary

FINDING = Finding(
    "ENT004",
    Severity.ERROR,
    "`titel` is not a field here; did you mean `title`?",
    Place("issues/a.md", 2, 1),
    why="a misspelt field would be left out",
    fix="write `title:`",
)


def test_a_finding_shows_its_line_with_carets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Place, the line itself, carets under the field, why and fix."""
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues/a.md").write_text("---\ntitel: Hello\n---\n", encoding="utf-8")
    output.show_findings([FINDING], tmp_path, err=False)
    assert capsys.readouterr().out == (
        "error[ENT004]: `titel` is not a field here; did you mean `title`?\n"
        "  --> issues/a.md:2:1\n"
        "  |\n"
        "2 | titel: Hello\n"
        "  | ^^^^^\n"
        "   = why: a misspelt field would be left out\n"
        "   = fix: write `title:`\n"
        "\n"
    )


def test_a_finding_in_a_file_that_is_gone_has_no_excerpt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message stands without the line."""
    output.show_findings([FINDING], tmp_path, err=False)
    assert capsys.readouterr().out == (
        "error[ENT004]: `titel` is not a field here; did you mean `title`?\n"
        "  --> issues/a.md:2:1\n"
        "   = why: a misspelt field would be left out\n"
        "   = fix: write `title:`\n"
        "\n"
    )


def test_a_long_line_is_cut_around_the_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The carets stay under the word that is meant."""
    (tmp_path / "a.md").write_text("x" * 200 + " wrong " + "y" * 200, encoding="utf-8")
    finding = Finding("ENT006", Severity.WARNING, "wrong", Place("a.md", 1, 202))
    output.show_findings([finding], tmp_path, err=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].index("wrong") == lines[4].index("^")
    assert max(len(line) for line in lines) < 110


def test_an_error_says_what_why_and_fix(capsys: pytest.CaptureFixture[str]) -> None:
    """Talk goes to stderr, so that stdout stays data."""
    output.show_error(Refused("sent before", why="issue 2024-07 went out", fix="newsletter status 2024-07"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "error: sent before\n  why: issue 2024-07 went out\n  fix: newsletter status 2024-07\n"


def test_an_error_shows_the_line_of_the_workspace_that_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a folder below it and by `-C`, and not of another newsletter with a file of that name."""
    for name, setting in (("ours", "titel"), ("theirs", "title")):
        (tmp_path / name / "issues").mkdir(parents=True)
        (tmp_path / name / "newsletter.toml").write_text(f'{setting} = "T"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path / "theirs")
    assert run(["-C", str(tmp_path / "ours"), "entries"]) == 2
    assert '1 | titel = "T"\n' in capsys.readouterr().err
    monkeypatch.chdir(tmp_path / "ours/issues")
    assert run(["entries"]) == 2
    assert '1 | titel = "T"\n' in capsys.readouterr().err


@pytest.mark.parametrize(("variable", "colored"), [("NO_COLOR", False), ("FORCE_COLOR", True)])
def test_errors_are_as_coloured_as_everything_else(
    variable: str, colored: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asks for no colours, or for colours in a log, gets errors likewise."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "1")
    assert run(["-C", str(tmp_path), "entries"]) == 2
    assert ("\x1b[" in capsys.readouterr().err) is colored


def test_errors_and_tables_tell_a_terminal_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """What they show may come from anybody's files."""
    hostile = "a\x1b[31m\n::add-mask::b"
    output.show_error(Refused(hostile, why=hostile, fix=hostile))
    output.table(["name"], [[hostile]])
    shown = "a\ufffd[31m ::add-mask::b"
    captured = capsys.readouterr()
    assert captured.err == f"error: {shown}\n  why: {shown}\n  fix: {shown}\n"
    assert [line.strip() for line in captured.out.splitlines()] == ["name", shown]


@pytest.mark.parametrize(
    ("severities", "text"),
    [
        ([], "no findings"),
        ([Severity.ERROR], "1 error"),
        ([Severity.WARNING, Severity.ERROR, Severity.WARNING], "1 error, 2 warnings"),
    ],
)
def test_the_summary_counts_by_severity(severities: list[Severity], text: str) -> None:
    """Singular, plural, and none."""
    assert summary([Finding("X", severity, "m") for severity in severities]) == text


def test_a_shipped_template_is_shown_although_the_workspace_has_no_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Templates come from the product where the team has none of its own; a copy of the team's wins."""
    finding = Finding("TPL002", Severity.ERROR, "wrong", Place("templates/themes/monthly.mjml.j2", 2, 4))
    output.show_findings([finding], tmp_path, err=False)
    assert "2 | {% import " in capsys.readouterr().out
    (tmp_path / "templates/themes").mkdir(parents=True)
    (tmp_path / "templates/themes/monthly.mjml.j2").write_text("\nown line\n", encoding="utf-8")
    output.show_findings([finding], tmp_path, err=False)
    assert "2 | own line" in capsys.readouterr().out


def test_a_table_in_a_narrow_window_keeps_every_letter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An id that is cut off cannot be typed into the next command; one on two lines can."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    name = "2024-07-26-border-communities-get-new-wells"
    output.table(["section", "id", "reason"], [("News", name, "in_period")])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines[1:])) <= 40
    assert "".join(line[9:].split("in_period")[0].strip() for line in lines[1:]) == name


def test_an_id_is_whole_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands beside it takes several lines instead; where nothing is to be shown there is no heading."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "66")
    name = "2024-07-26-border-communities-get-new-wells"
    output.table(["id", "detail"], [(name, "written in French, all")])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()[1:]] == [
        f"{name}  written in French,",
        f"{' ' * len(name)}  all",
    ]
    output.table(["id", "detail"], [])
    assert capsys.readouterr().out == ""


def test_headings_make_room_for_an_id_in_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words may stand below each other; whoever copies an id wants it in one piece."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    name = "2024-07-25-diaspora-innovation-hub"
    row = ("Featured study of the month", "2024-07-25", "project", name, "in_period")
    output.table(["section", "date", "type", "id", "reason"], [row])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()[1:]] == [
        f"Featured      2024-07-25  project  {name}  in_period",
        "study of the",
        "month",
    ]
    out = (f"{name}-2", "out_of_period", "the issue covers July")
    output.table(["date", "type", "id", "reason", "detail"], [("2024-07-25", "call", *out)])
    assert capsys.readouterr().out.splitlines()[1].rstrip() == (f"2024-07-25  call  {name}-2  out_of_period  the issue")


def test_numbers_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Units below units; what only looks like a number, such as an issue's name, is words."""
    output.table(["issue", "accepted", "share"], [("2024-07", "1,204", "9.5%"), ("2024-08", "87", "100.0%")])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "issue    accepted   share",
        "2024-07     1,204    9.5%",
        "2024-08        87  100.0%",
    ]
