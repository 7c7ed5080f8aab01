"""The earlier state comes out of git, and the work tree stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.cli.app import run
from newsletter.config import Workspace
from newsletter.errors import NotFound
from newsletter.preview import revision
from tests.preview.shown import committed, git


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A new newsletter in a folder of a repository."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "repository" / "our newsletter"
    assert run(["init", str(folder)]) == 0
    git(folder.parent, "init", "-q")
    committed(folder.parent)
    return config.load(folder, environment={})


def test_an_earlier_state_is_built_beside_the_present_one(space: Workspace, tmp_path: Path) -> None:
    """Title and entries are as they were, and neither file, index nor head has changed."""
    commit = git(space.root, "rev-parse", "HEAD")
    entry = next(space.entries.glob("news/*.md"))
    as_it_was = entry.read_text(encoding="utf-8")
    entry.write_text(as_it_was.replace("title: ", "title: Now "), encoding="utf-8")
    (space.entries / "news" / "new.md").write_text("---\ntitle: New\ndate: 2026-11-02\n---\n", encoding="utf-8")
    status = git(space.root, "status", "--porcelain")
    index = (space.root.parent / ".git" / "index").read_bytes()
    found = revision.resolve(space, "HEAD")
    earlier = revision.write(space, found, tmp_path / "base")
    assert found.commit == commit
    assert set(found.changed) == {space.relative(entry), "issues/entries/news/new.md"}
    assert (tmp_path / "base" / space.relative(entry)).read_text(encoding="utf-8") == as_it_was
    assert not (tmp_path / "base" / "issues/entries/news/new.md").exists()
    assert len(pipeline.read(earlier).entries) == len(pipeline.read(space).entries) - 1
    assert git(space.root, "status", "--porcelain") == status
    assert (space.root.parent / ".git" / "index").read_bytes() == index
    assert git(space.root, "rev-parse", "HEAD") == commit


def test_work_is_compared_with_where_it_branched_off(space: Workspace) -> None:
    """What others have done on main in the meantime is no change of this work."""
    fork = git(space.root, "rev-parse", "HEAD")
    git(space.root, "checkout", "-qb", "work")
    (space.root / "README.md").write_text("Ours\n", encoding="utf-8")
    committed(space.root.parent)
    git(space.root, "checkout", "-q", "main")
    (space.root / "newsletter.toml").write_text("broken", encoding="utf-8")
    committed(space.root.parent)
    git(space.root, "checkout", "-q", "work")
    found = revision.resolve(space, "main")
    assert (found.commit, found.is_fork_point, found.changed) == (fork, True, ("README.md",))


def test_what_git_exports_or_links_is_not_asked(space: Workspace, tmp_path: Path) -> None:
    """export-ignore leaves nothing out, and a link out of the workspace is not followed."""
    (space.root / ".gitattributes").write_text("issues/entries export-ignore\n", encoding="utf-8")
    (space.entries / "news" / "link.md").symlink_to("/etc/hostname")
    committed(space.root.parent)
    earlier = revision.write(space, revision.resolve(space, "HEAD"), tmp_path / "base")
    assert pipeline.read(earlier).entries
    assert not (earlier.entries / "news" / "link.md").exists()


@pytest.mark.parametrize("name", ["nowhere", "--output=taken", "HEAD~400", "", "HEAD:newsletter.toml"])
def test_a_name_that_git_does_not_know_is_told(space: Workspace, name: str) -> None:
    """The name is repeated with what to do, and an option is never taken for one."""
    with pytest.raises(NotFound, match="git has no commit called") as caught:
        revision.resolve(space, name)
    assert "git branch --all" in caught.value.fix
    assert not list(space.root.glob("taken*"))


def test_a_history_that_was_fetched_in_part_is_told(space: Workspace, tmp_path: Path) -> None:
    """In CI the remedy is to fetch more."""
    committed_twice = space.root.parent
    (space.root / "README.md").write_text("Twice\n", encoding="utf-8")
    committed(committed_twice)
    git(tmp_path, "clone", "-q", "--depth", "1", committed_twice.as_uri(), "shallow")
    shallow = config.load(tmp_path / "shallow" / "our newsletter", environment={})
    with pytest.raises(NotFound) as caught:
        revision.resolve(shallow, "HEAD~1")
    assert (caught.value.why, caught.value.fix) == (
        "only a part of the history was fetched",
        "fetch the whole history (in a GitHub workflow: fetch-depth: 0)",
    )


def test_a_fork_point_that_was_not_fetched_is_told(space: Workspace, tmp_path: Path) -> None:
    """What others have done since would seem to be undone by the work."""
    whole = space.root.parent
    git(whole, "switch", "-q", "-c", "topic")
    (space.root / "README.md").write_text("Ours\n", encoding="utf-8")
    committed(whole)
    git(whole, "switch", "-q", "-")
    (space.root / "theirs.md").write_text("Theirs\n", encoding="utf-8")
    committed(whole)
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", "--branch", "topic", whole.as_uri(), "shallow")
    theirs = git(whole, "rev-parse", "HEAD").strip()
    with pytest.raises(NotFound, match="is not here") as caught:
        revision.resolve(config.load(tmp_path / "shallow" / "our newsletter", environment={}), theirs)
    assert "fetch-depth: 0" in caught.value.fix


def test_outside_a_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newsletter need not be under git."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["init", str(tmp_path / "ours")]) == 0
    with pytest.raises(NotFound, match="is not in a git repository"):
        revision.resolve(config.load(tmp_path / "ours", environment={}), "HEAD")


def test_without_git_it_says_so(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else works without it."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotFound, match="git is not installed"):
        revision.resolve(space, "HEAD")


def test_a_commit_without_a_newsletter_is_told(space: Workspace, tmp_path: Path) -> None:
    """The settings are looked for at the commit alone, never above the folder."""
    git(space.root, "checkout", "-q", "--orphan", "empty")
    git(space.root, "rm", "-rqf", ".")
    (space.root.parent / "note.txt").write_text("empty", encoding="utf-8")
    commit = committed(space.root.parent)
    git(space.root.parent, "checkout", "-q", "main")
    with pytest.raises(NotFound, match="there was no newsletter at"):
        revision.write(space, revision.resolve(space, commit), tmp_path / "base")
