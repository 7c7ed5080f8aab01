"""`preview --ci` from the command line: what is written, what is said, and the exit code."""

from __future__ import annotations

import errno
import json
import re
import shutil
from pathlib import Path

import pytest

from newsletter.cli import artefacts
from newsletter.cli.app import run
from newsletter.pipeline import Build
from tests.cli.conftest import Output
from tests.preview.shown import committed, git

ROOT = Path(__file__).parents[2]
WRITTEN = {
    "annotations.txt",
    "comment.md",
    "diff/diff.json",
    "gl-code-quality.json",
    "issue.eml",
    "issue.html",
    "issue.mjml",
    "issue.txt",
    "junit.xml",
    "lint.json",
    "lint.sarif",
    "lint.txt",
    "manifest.json",
    "report.html",
    "selection.json",
    "site/index.html",
    "summary.md",
}


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This repository's own newsletter in a repository of its own, as the current folder; no browser is found."""
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("NEWSLETTER_CHROMIUM", str(tmp_path / "no browser"))
    folder = tmp_path / "ours"
    for name in ("issues", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    committed(folder)
    monkeypatch.chdir(folder)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Change some words of a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def read(path: Path) -> dict[str, object]:
    """Return a JSON file."""
    value = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(value, dict)
    return value


def test_everything_but_pictures_is_there_without_a_browser(space: Path, capsys: Output) -> None:
    """Each file is written, and what is missing is said aloud, in the report, the summary and the manifest."""
    assert run(["preview", "2024-07", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    written = {path.relative_to("out").as_posix() for path in Path("out").rglob("*") if path.is_file()}
    assert {name for name in written if not name.startswith("images/")} == WRITTEN | {"site/2024-07/index.html"}
    said = capsys.readouterr()
    assert "NO PICTURES: NEWSLETTER_CHROMIUM names no program" in said.err
    assert said.out.splitlines() == ["out/report.html", "out/site/index.html", "out/summary.md"]
    assert "<strong>No pictures.</strong>" in Path("out/report.html").read_text(encoding="utf-8")
    assert "**No pictures were taken:**" in Path("out/summary.md").read_text(encoding="utf-8")
    manifest = read(Path("out/manifest.json"))
    assert list(manifest) == [
        *("schema", "issue", "digest", "editions", "generator", "python", "built", "exit", "findings", "base"),
        *("browser", "no_browser", "fonts", "pictures", "timings", "touched"),
    ]
    assert (manifest["browser"], manifest["pictures"]) == (None, [])
    assert git(space, "status", "--porcelain") == "?? out/"


def test_a_browser_that_fails_is_like_none(space: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Whatever is wrong with it, everything else is written."""
    pytest.importorskip("playwright")
    monkeypatch.setenv("NEWSLETTER_CHROMIUM", "false")
    assert run(["preview", "2024-07", "--ci", "--out", "out"]) == 0
    assert "NO PICTURES: the browser" in capsys.readouterr().err
    manifest = read(Path("out/manifest.json"))
    assert (manifest["browser"], manifest["pictures"]) == (None, [])


def test_the_files_are_those_of_build(space: Path) -> None:
    """What the preview shows is what would be sent, byte for byte."""
    assert run(["preview", "2024-07", "--ci", "--out", "out"]) == 0
    assert run(["build", "2024-07", "--out", "built"]) == 0
    for name in ("issue.html", "issue.txt", "issue.eml", "issue.mjml", "selection.json"):
        assert Path("out", name).read_bytes() == Path("built", name).read_bytes()


def test_what_others_have_written_is_not_deleted(space: Path, capsys: Output) -> None:
    """A team's web site may lie in the folder `site`; what an earlier run has left there goes."""
    (space / "site").mkdir()
    (space / "site/index.html").write_text("ours", encoding="utf-8")
    assert run(["preview", "2024-07", "--ci", "--out", "."]) == 2
    assert "site is there, and no report beside it" in capsys.readouterr().err
    assert (space / "site/index.html").read_text(encoding="utf-8") == "ours"
    assert not (space / "report.html").exists()
    for _ in "ab":
        assert run(["preview", "2024-07", "--ci", "--out", "there"]) == 0
        assert not (space / "there/site/old").exists()
        (space / "there/site/old").mkdir()


def test_a_preview_that_was_interrupted_can_be_made_again(
    space: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """What it has left is known to be a preview's, not the web site of a team."""

    def fill_the_disk(built: Build, folder: Path) -> None:
        (folder / "site/2024-08").mkdir(parents=True, exist_ok=True)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(artefacts, "write", fill_the_disk)
        assert run(["preview", "2024-07", "--ci", "--out", "there"]) == 2
    assert "no space left" in capsys.readouterr().err
    assert run(["preview", "2024-07", "--ci", "--out", "there"]) == 0


def test_changed_words_are_told_in_sentences(space: Path, capsys: Output) -> None:
    """In the terminal, the comment and diff.json; the base is the commit, not the work tree."""
    commit = git(space, "rev-parse", "HEAD")
    edit(space / "issues/2024-07/issue.yaml", "subject: How EU", "subject: Why EU")
    assert run(["preview", "2024-07", "--ci", "--base", "main", "--out", "out"]) == 0
    sentence = (
        "The subject was “How EU asylum policy broke its taboos, and news from July” and is now "
        "“Why EU asylum policy broke its taboos, and news from July”."
    )
    assert f"- {sentence}" in capsys.readouterr().err
    assert f"- {sentence}" in Path("out/comment.md").read_text(encoding="utf-8")
    difference = read(Path("out/diff/diff.json"))
    assert (difference["base"], difference["commit"], difference["problem"]) == ("main", commit, None)
    semantic = difference["semantic"]
    assert isinstance(semantic, dict)
    assert [change["kind"] for change in semantic["changes"]] == ["text_changed"]


def test_a_changed_template_changes_no_entry(space: Path) -> None:
    """The only change told is the design's, shown line by line; other issues and themes are on the site."""
    edit(space / "templates/parts/elements.mjml.j2", "font-size:27px", "font-size:31px")
    assert run(["preview", "2024-07", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    semantic = read(Path("out/diff/diff.json"))["semantic"]
    assert isinstance(semantic, dict)
    assert [change["kind"] for change in semantic["changes"]] == ["design_changed"]
    assert "+&lt;h2" in Path("out/report.html").read_text(encoding="utf-8")
    site = {path.relative_to("out/site").as_posix() for path in Path("out/site").rglob("index.html")}
    assert site == {
        "index.html",
        "2024-07/index.html",
        "2024-08/index.html",
        "themes/bulletin/index.html",
        "themes/digest/index.html",
    }


def test_errors_fail_after_everything_is_written(space: Path) -> None:
    """An entry without alternative text forbids sending: exit code 1, and the report says where."""
    entry = "issues/entries/news/2024-07-26-border-communities.md"
    text = (space / entry).read_text(encoding="utf-8")
    (space / entry).write_text(re.sub(r"  alt: .*\n", "", text, count=1), encoding="utf-8")
    assert run(["preview", "2024-07", "--ci", "--base", "HEAD", "--out", "out"]) == 1
    assert read(Path("out/manifest.json"))["exit"] == 1
    assert "🔴 1 error" in Path("out/comment.md").read_text(encoding="utf-8")
    report = Path("out/report.html").read_text(encoding="utf-8")
    assert 'data-block="2024-07-26-border-communities">Show in the email' in report
    assert f"{entry}:" in report


def test_an_issue_that_cannot_be_built_is_reported_with_its_errors(space: Path) -> None:
    """Report, comment, lint files and manifest are there; what would need the issue is not."""
    edit(space / "issues/entries/news/2024-07-26-border-communities.md", "date: 2024-07-26", "date: yesterday")
    assert run(["preview", "2024-07", "--ci", "--base", "HEAD", "--out", "out"]) == 1
    written = {path.relative_to("out").as_posix() for path in Path("out").rglob("*") if path.is_file()}
    issue = {"issue.eml", "issue.html", "issue.mjml", "issue.txt", "selection.json"}
    assert written == (WRITTEN - issue) | {"site/2024-07/index.html", "site/2024-08/index.html"}
    manifest = read(Path("out/manifest.json"))
    assert (manifest["built"], manifest["digest"], manifest["exit"]) == (False, None, 1)
    place = "issues/entries/news/2024-07-26-border-communities.md:3:"
    assert place in Path("out/report.html").read_text(encoding="utf-8")
    assert "cannot be built" in Path("out/comment.md").read_text(encoding="utf-8")
    findings = read(Path("out/lint.json"))["findings"]
    assert isinstance(findings, list)
    assert [finding["file"] for finding in findings if finding["severity"] == "error"] == [place.partition(":")[0]]


@pytest.mark.parametrize(
    ("broken", "said"),
    [("nowhere", "git has no commit called 'nowhere'"), ("--help", "git has no commit called '--help'")],
)
def test_an_unknown_base_is_said_and_not_fatal(space: Path, capsys: Output, broken: str, said: str) -> None:
    """Everything else is written, and whoever reads the comment knows that nothing was compared."""
    assert run(["preview", "2024-07", "--ci", f"--base={broken}", "--out", "out"]) == 0
    assert f"NOT COMPARED: {said}" in capsys.readouterr().err
    assert "Nothing to compare with" in Path("out/comment.md").read_text(encoding="utf-8")
    assert (Path("out/site/index.html")).exists()


def test_outside_a_repository_nothing_is_compared(space: Path, capsys: Output) -> None:
    """A newsletter that is not under git has a preview like any other."""
    shutil.rmtree(space / ".git")
    assert run(["preview", "2024-07", "--ci", "--base", "main", "--out", "out"]) == 0
    assert "is not in a git repository" in capsys.readouterr().err


def test_a_base_that_cannot_be_built_is_said(space: Path, capsys: Output) -> None:
    """The present issue is shown all the same."""
    entry = space / "issues/entries/news/2024-07-26-border-communities.md"
    edit(entry, "date: 2024-07-26", "date: yesterday")
    committed(space)
    edit(entry, "date: yesterday", "date: 2024-07-26")
    assert run(["preview", "2024-07", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    assert "NOT COMPARED: the issue cannot be built as it was at HEAD" in capsys.readouterr().err
    assert read(Path("out/diff/diff.json"))["semantic"] is None


def test_templates_that_no_longer_fit_do_not_keep_words_from_being_compared(space: Path, capsys: Output) -> None:
    """Both states are shown in today's templates, and everybody is told so."""
    template = space / "templates/parts/intro.mjml.j2"
    edit(template, "{{", "{{ gone() }}{{")
    committed(space)
    edit(template, "{{ gone() }}{{", "{{")
    edit(space / "issues/2024-07/issue.yaml", "subject: How EU", "subject: Why EU")
    assert run(["preview", "2024-07", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    assert "LOOKS NOT COMPARED: the templates of HEAD do not fit" in capsys.readouterr().err
    semantic = read(Path("out/diff/diff.json"))["semantic"]
    assert isinstance(semantic, dict)
    assert [change["kind"] for change in semantic["changes"]] == ["text_changed"]
    assert "templates/parts/intro.mjml.j2:" in Path("out/comment.md").read_text(encoding="utf-8")
    assert "and not the looks" in Path("out/report.html").read_text(encoding="utf-8")


def test_a_new_issue_is_new(space: Path) -> None:
    """It was in no earlier commit, and that is no trouble."""
    shutil.copytree(space / "issues/2024-08", space / "issues/2024-09")
    edit(space / "issues/2024-09/issue.yaml", "2024-08-31", "2024-09-30")
    edit(space / "issues/2024-09/issue.yaml", "2024-09-02", "2024-10-02")
    assert run(["preview", "2024-09", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    assert read(Path("out/diff/diff.json"))["new"] is True
    assert "| new issue |" in Path("out/summary.md").read_text(encoding="utf-8")


def test_a_deleted_issue_is_told(space: Path, capsys: Output) -> None:
    """Nothing else would show it: there is no email left of which to take pictures."""
    shutil.rmtree(space / "issues/2024-08")
    assert run(["preview", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    assert "\ndeleted: 2024-08\n" in capsys.readouterr().err
    assert read(Path("out/diff/diff.json"))["deleted"] == ["2024-08"]
    for name in ("summary.md", "comment.md"):
        assert "\n| `2024-08` | – | – | – | **deleted** |\n" in Path("out", name).read_text(encoding="utf-8")
    for name in ("report.html", "site/index.html"):
        page = Path("out", name).read_text(encoding="utf-8")
        assert "2024-08" in page.partition("Deleted issues</h")[2].partition("</ul>")[0]


def test_files_of_ci_servers_name_places_from_the_top_of_the_repository(space: Path) -> None:
    """Where the newsletter is a folder of it; what the team reads names them as the team has them."""
    shutil.move(space / ".git", space.parent / ".git")
    edit(space / "issues/2024-07/issue.yaml", "subject: How EU", "subject: How  EU")
    assert run(["preview", "2024-07", "--ci", "--out", "out"]) == 0
    place = "issues/2024-07/issue.yaml"
    for name in ("gl-code-quality.json", "lint.sarif", "junit.xml"):
        told = Path("out", name).read_text(encoding="utf-8")
        assert f'"ours/{place}"' in told
        assert f'"{place}' not in told
    assert f" file=ours/{place},line=" in Path("out/annotations.txt").read_text(encoding="utf-8")
    for name in ("lint.txt", "lint.json", "comment.md"):
        assert f"ours/{place}" not in Path("out", name).read_text(encoding="utf-8")


def test_without_an_issue_every_touched_one_is_shown(space: Path) -> None:
    """As a pull request's job asks for it; each has its files."""
    edit(space / "issues/2024-07/issue.yaml", "subject: How EU", "subject: Why EU")
    edit(space / "issues/2024-08/issue.yaml", "subject: What", "subject: See what")
    assert run(["preview", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    assert read(Path("out/manifest.json"))["issue"] == "2024-08"
    assert read(Path("out/site/2024-07/manifest.json"))["issue"] == "2024-07"
    comment = Path("out/comment.md").read_text(encoding="utf-8")
    assert comment.index("| `2024-08` |") < comment.index("| `2024-07` |")


def test_a_workflow_is_told(space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The summary is added to the page of the run, and the next steps learn what they need."""
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        (tmp_path / name).write_text("before\n", encoding="utf-8")
        monkeypatch.setenv(name, str(tmp_path / name))
    edit(space / "issues/2024-07/issue.yaml", "subject: How EU", "subject: Why EU")
    assert run(["preview", "2024-07", "--ci", "--base", "HEAD", "--out", "out"]) == 0
    summary = Path("out/summary.md").read_text(encoding="utf-8")
    assert (tmp_path / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8") == f"before\n{summary}"
    assert (tmp_path / "GITHUB_OUTPUT").read_text(encoding="utf-8") == (
        "before\nissues=2024-07\nerrors=0\nchanged=true\nreport=out/report.html\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["2031-01", "--ci"],
        ["2024-07", "--base", "HEAD"],
        ["2024-07", "--ci", "--port", "8000"],
        [],
        ["2024-07", "--ci", "--port", "-1"],
    ],
)
def test_what_cannot_be_meant_is_refused(space: Path, arguments: list[str]) -> None:
    """With exit code 2, and nothing is written."""
    assert run(["preview", *arguments]) == 2
    assert not Path("build").exists()
