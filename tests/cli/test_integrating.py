"""`init --ci`: workflows for a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.app import run
from tests.cli.conftest import Output

GITHUB = [".github/workflows/newsletter-comment.yml", ".github/workflows/newsletter-preview.yml"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is a git repository, as the current one."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def there(folder: Path, *below: str) -> list[str]:
    """Return the files below some folders."""
    return sorted(
        path.relative_to(folder).as_posix() for name in below for path in (folder / name).rglob("*") if path.is_file()
    )


def test_a_new_newsletter_comes_with_its_workflows(repository: Path, capsys: Output) -> None:
    """At the root of the repository, and with the folder in each command."""
    assert run(["init", "letters/ours", "--ci", "github"]) == 0
    assert there(repository, ".github") == GITHUB
    assert (repository / "letters/ours/newsletter.toml").is_file()
    text = (repository / GITHUB[1]).read_text(encoding="utf-8")
    assert "newsletter -C letters/ours preview --ci --base HEAD^1 --out preview" in text
    printed = capsys.readouterr()
    assert str(repository / GITHUB[0]) in printed.out
    assert "commit these files; every pull request then shows what readers would get" in printed.err


def test_the_folder_that_all_commands_are_told_counts_here_too(repository: Path) -> None:
    """Otherwise a second newsletter would stand in the current folder, and the workflows would show that one."""
    assert run(["init", "letters/ours"]) == 0
    assert run(["-C", "letters/ours", "init", "--ci", "github"]) == 0
    assert sorted(path.name for path in repository.iterdir()) == [".git", ".github", "letters"]
    assert "newsletter -C letters/ours preview" in (repository / GITHUB[1]).read_text(encoding="utf-8")
    assert run(["-C", "letters", "init", "theirs"]) == 0
    assert (repository / "letters/theirs/newsletter.toml").is_file()


def test_the_workflow_that_installs_is_named_where_pip_would_not_find_the_newsletter(
    repository: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workflows are written, and only one of them has the line to fill in."""
    monkeypatch.setattr("newsletter.content.ci.requirement", lambda root: "")
    assert run(["init", "--ci", "github"]) == 0
    told = capsys.readouterr().err
    assert f"behind NEWSLETTER in {GITHUB[1]}, such as newsletter[preview] @ git+" in told


def test_a_newsletter_that_is_there_gets_the_workflows_alone(repository: Path, capsys: Output) -> None:
    """Nothing else is touched; a second time changes nothing."""
    assert run(["init"]) == 0
    before = there(repository, "issues")
    (repository / "newsletter.toml").write_text((repository / "newsletter.toml").read_text() + "\n# ours\n")
    assert run(["init", "--ci", "github"]) == 0
    assert there(repository, "issues") == before
    assert there(repository, ".github") == GITHUB
    assert (repository / "newsletter.toml").read_text().endswith("# ours\n")
    capsys.readouterr()
    assert run(["init", "--ci", "github"]) == 0
    assert capsys.readouterr() == ("", "the workflows are there already\n")


def test_line_ends_of_windows_are_no_change_of_a_workflow(repository: Path) -> None:
    """git writes them into what it checks out there."""
    assert run(["init", "--ci", "github"]) == 0
    for name in GITHUB:
        path = repository / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(["init", "--ci", "github"]) == 0


def test_a_workflow_that_a_team_has_changed_is_not_written_over(repository: Path, capsys: Output) -> None:
    """Exit code 5, and neither the other workflow nor a newsletter is written."""
    own = repository / GITHUB[1]
    own.parent.mkdir(parents=True)
    own.write_text("name: Ours\n", encoding="utf-8")
    assert run(["init", "--ci", "github"]) == 5
    assert f"already has {GITHUB[1]}" in capsys.readouterr().err
    assert there(repository, ".") == [GITHUB[1]]
    assert own.read_text(encoding="utf-8") == "name: Ours\n"


def test_gitlab_gets_a_file_that_its_own_one_includes(repository: Path, capsys: Output) -> None:
    """The team's own stays as it is, and what to add to it is said."""
    assert run(["init", "--ci", "gitlab"]) == 0
    assert (repository / ".gitlab-ci.yml").read_text() == "include:\n  - local: .gitlab/newsletter.yml\n"
    (repository / ".gitlab/newsletter.yml").unlink()
    (repository / ".gitlab-ci.yml").write_text("stages: [test]\n")
    capsys.readouterr()
    assert run(["init", "--ci", "gitlab"]) == 0
    assert there(repository, ".gitlab") == [".gitlab/newsletter.yml"]
    assert (repository / ".gitlab-ci.yml").read_text() == "stages: [test]\n"
    assert "add to it:\n\ninclude:\n  - local: .gitlab/newsletter.yml\n" in capsys.readouterr().err


def test_settings_that_cannot_be_read_are_a_newsletter_too(repository: Path) -> None:
    """Workflows can be added while somebody mends them."""
    (repository / "newsletter.toml").write_text("title = [", encoding="utf-8")
    assert run(["init", "--ci", "github"]) == 0
    assert there(repository, ".github") == GITHUB


def test_workflows_are_added_from_any_folder_of_a_newsletter(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All other commands find it from there as well, also while its settings cannot be read."""
    assert run(["init", "ours"]) == 0
    (repository / "ours/newsletter.toml").write_text("title = [", encoding="utf-8")
    before = there(repository, "ours")
    monkeypatch.chdir(repository / "ours/issues/entries")
    assert run(["init", "--ci", "github"]) == 0
    assert there(repository, "ours") == before
    assert there(repository, ".github") == GITHUB
    assert "newsletter -C ours preview" in (repository / GITHUB[1]).read_text(encoding="utf-8")


def test_workflows_are_added_to_the_newsletter_that_is_not_under_git_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder in it too, and at its root."""
    assert run(["init", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path / "issues")
    assert run(["init", "--ci", "github"]) == 0
    assert there(tmp_path, ".github") == GITHUB
    assert not (tmp_path / "issues/newsletter.toml").exists()


def test_a_newsletter_inside_another_one_is_no_surprise(
    repository: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names a folder gets it, and is told where which is meant; in a repository of its own it is not inside."""
    told = "it lies inside the newsletter in "
    assert run(["init"]) == 0
    assert told not in capsys.readouterr().err
    assert run(["init", "press", "--ci", "github"]) == 0
    assert f"{told}{repository}: from {repository / 'press'} on, " in capsys.readouterr().err
    assert "newsletter -C press preview" in (repository / GITHUB[1]).read_text(encoding="utf-8")
    (repository / "theirs/.git").mkdir(parents=True)
    monkeypatch.chdir(repository / "theirs")
    assert run(["init", "--ci", "github"]) == 0
    assert told not in capsys.readouterr().err
    assert there(repository / "theirs", ".github") == GITHUB
