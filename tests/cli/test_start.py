"""Starting fast, and answering misspelt words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter import __version__
from newsletter.cli import main
from newsletter.cli.app import run

SETTINGS = """\
title = "Our newsletter"
from = "Us <us@example.org>"
zone = "Europe/Vienna"
postal_address = "Main Street 1"
"""


def test_the_version_needs_none_of_our_libraries() -> None:
    """`--version` imports nothing but the package: it starts about as fast as Python itself."""
    code = (
        "import sys; sys.argv = ['newsletter', '--version']; before = set(sys.modules);"
        "from newsletter.cli import main; main();"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == f"newsletter {__version__}\n['newsletter']\n"


def test_help_imports_no_library_but_click() -> None:
    """Completion runs the program on every Tab: templates, database and HTTP stay unread."""
    code = (
        "import sys; from newsletter.cli.app import run; run(['--help']);"
        "heavy = {'pydantic', 'sqlalchemy', 'jinja2', 'httpx', 'rich', 'mjml', 'yaml', 'babel'} & set(sys.modules);"
        "print('heavy:', sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


@pytest.mark.parametrize("group", [[], ["subscribers"], ["simulate"]])
def test_the_list_of_verbs_says_what_each_is_for(group: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """In a whole sentence: one that is cut off explains nothing."""
    assert run([*group, "--help"]) == 0
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


def test_no_program_is_taken_from_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows looks there first, unless it is told not to; a proposed change may bring a git.exe."""
    monkeypatch.setenv("NODEFAULTCURRENTDIRECTORYINEXEPATH", "")
    monkeypatch.delenv("NODEFAULTCURRENTDIRECTORYINEXEPATH")
    monkeypatch.setattr("sys.argv", ["newsletter", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert os.environ["NODEFAULTCURRENTDIRECTORYINEXEPATH"]


def test_a_misspelt_verb_is_answered_with_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the verb that was probably meant."""
    assert run(["biuld"]) == 2
    assert "Did you mean 'build'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["import", "people.csv"], "'subscribers import'"),
        (["show", "ana@example.org"], "'templates show', 'lists show' or 'subscribers show'"),
        (["subscribers", "improt"], "'import'"),
        (["check"], "'lint'"),
        (["help"], "'--help'"),
    ],
)
def test_a_verb_of_a_group_and_what_others_call_it_lead_to_it(
    words: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows by heart what stands below what; `import` is nothing like `report`."""
    assert run(words) == 2
    assert f"Did you mean {meant}?" in capsys.readouterr().err


def test_outside_a_workspace_the_way_in_is_shown(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and how to make a newsletter."""
    monkeypatch.chdir(str(tmp_path))
    assert run(["entries"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"error: there is no newsletter in {tmp_path} or above it" in captured.err
    assert "newsletter init my-newsletter" in captured.err


@pytest.fixture
def two_issues(tmp_path: Path) -> Path:
    """Return a newsletter with two issues, of which nothing is read but the names."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    for name in ("2024-07", "2024-08"):
        (tmp_path / "issues" / name).mkdir(parents=True)
        (tmp_path / "issues" / name / "issue.yaml").write_text("", encoding="utf-8")
    return tmp_path


def test_who_names_no_issue_is_told_which_there_are(two_issues: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last one first, because it is the one that is made at the moment."""
    assert run(["-C", str(two_issues), "build"]) == 2
    assert capsys.readouterr().err.endswith("Missing argument 'ISSUE'. The issues are: 2024-08, 2024-07\n")


def test_where_there_is_no_issue_the_first_one_is_shown_how_to_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And where there is no newsletter, that."""
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 2
    assert capsys.readouterr().err.endswith(f"There is no newsletter in {tmp_path} or above it\n")
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    assert run(["build"]) == 2
    assert capsys.readouterr().err.endswith(
        "There is no issue yet; make one, such as 2024-08, with: newsletter new issue NAME\n"
    )


@pytest.mark.parametrize(("typed", "offered"), [("2024-0", "2024-08\n2024-07"), ("2025", "")])
def test_the_shell_completes_the_names_of_issues(two_issues: Path, typed: str, offered: str) -> None:
    """As click does it for bash; a line that is being typed is no place for an error."""
    asked = {"_NEWSLETTER_COMPLETE": "bash_complete", "COMP_WORDS": f"newsletter build {typed}", "COMP_CWORD": "2"}
    code = "import sys; from newsletter.cli import main; sys.argv = ['newsletter']; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=two_issues,
        env=os.environ | asked,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.stdout.replace("plain,", "").strip(), done.stderr) == (offered, "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["move", "2024-07", "wells", "--to", "top"], "'top' is not a whole number"),
        (["move", "2024-07", "wells", "--to", "0"], "0 is too small; the least is 1"),
        (["serve", "--port", "99999"], "99999 is too large; the most is 65535"),
        (["drop", "2024-07", "wells"], "Why; colleagues see it in the list of what stays out."),
        (["proof", "2024-07"], "error: nobody gets the proof\n"),
        (["send", "2024-07", "--sample", "ana@example.org"], "--sample goes with --dry-run"),
        (["serve", "--list", "monthly"], "--list goes with --snippet"),
    ],
)
def test_what_was_typed_is_refused_in_words(
    arguments: list[str], told: str, two_issues: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number that is none or out of bounds, an option that is left out, one without its fellow: what would do."""
    assert run(["-C", str(two_issues), *arguments]) == 2
    assert told in capsys.readouterr().err
