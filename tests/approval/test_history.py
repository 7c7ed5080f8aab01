"""Who changed an issue last, by git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from newsletter.approval.history import last_authors, whoami
from newsletter.errors import Refused
from newsletter.model.approval import Person
from tests.approval.repository import Repository, needs_git

pytestmark = needs_git
ANA, BEN = Person("Ana Example", "ana@example.org"), Person("Ben Ünal", "ben@example.org")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with two files by Ana and Ben, on a machine whose git knows nobody."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    made = Repository(tmp_path)
    (tmp_path / "issue.yaml").write_text("a", encoding="utf-8")
    made.commit("the plan")
    (tmp_path / "entry ü [1].md").write_text("b", encoding="utf-8")
    made.commit("an entry", by="Ben Ünal <ben@example.org>")
    return made


def test_the_last_author_of_any_of_the_files_is_told(repository: Repository) -> None:
    """Files of others do not count; names in any script and files with any name do."""
    assert last_authors(repository.root, ["issue.yaml"]) == (ANA,)
    assert last_authors(repository.root, ["issue.yaml", "entry ü [1].md"]) == (BEN,)
    assert last_authors(repository.root, ["other.md"]) == ()


def test_whoever_wrote_a_commit_together_counts(repository: Repository) -> None:
    """As `Co-authored-by` says it."""
    (repository.root / "issue.yaml").write_text("c", encoding="utf-8")
    repository.commit("better\n\nCo-authored-by: Cy <cy@example.org>\nCo-authored-by: Di <di@example.org>")
    assert last_authors(repository.root, ["issue.yaml"]) == (
        ANA,
        Person("Cy", "cy@example.org"),
        Person("Di", "di@example.org"),
    )


def test_a_merge_is_nobodys_work(repository: Repository) -> None:
    """Who merges a pull request has written nothing, and may approve."""
    repository.git("switch", "--quiet", "--create", "topic")
    (repository.root / "issue.yaml").write_text("c", encoding="utf-8")
    repository.commit("better", by="Ben Ünal <ben@example.org>")
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    assert last_authors(repository.root, ["issue.yaml"]) == (BEN,)


def test_work_that_is_not_committed_belongs_to_whoever_works_here(repository: Repository) -> None:
    """Where git does not know who that is, the author is not known."""
    (repository.root / "issue.yaml").write_text("c", encoding="utf-8")
    with pytest.raises(Refused, match="not known"):
        last_authors(repository.root, ["issue.yaml"])
    assert whoami(repository.root) is None
    repository.git("config", "user.name", "Cy")
    assert last_authors(repository.root, ["issue.yaml"]) == (Person("Cy"),)


def test_a_part_of_the_history_names_nobody(repository: Repository, tmp_path: Path) -> None:
    """The oldest commit of a shallow clone seems to have written everything."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{repository.root}", clone], check=True)
    with pytest.raises(Refused) as caught:
        last_authors(clone, ["issue.yaml"])
    assert "git fetch --unshallow" in caught.value.fix


def test_without_git_nobody_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither outside a repository nor on a machine that has no git."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(Refused) as outside:
        last_authors(tmp_path, ["issue.yaml"])
    assert "not a git repository" in outside.value.why
    monkeypatch.setenv("PATH", str(tmp_path))
    assert whoami(tmp_path) is None
    with pytest.raises(Refused) as missing:
        last_authors(tmp_path, ["issue.yaml"])
    assert missing.value.why == "git is not installed"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Person("Ana Example", "ana@example.org"), Person("Ana", "ANA@example.org"), True),
        (Person("Ana  example", "ana@home.example"), Person("Ana Example", "ana@example.org"), True),
        (Person("Ana"), Person("Ana", "ana@example.org"), True),
        (Person("Ana", "ana@example.org"), Person("Ben", "ben@example.org"), False),
        (Person("Ana"), Person("", "ana@example.org"), False),
        (Person(), Person(), False),
    ],
)
def test_one_person_may_have_several_spellings(one: Person, other: Person, same: bool) -> None:
    """An equal name or an equal address is enough: people have several of each."""
    assert one.is_same(other) is same
    assert other.is_same(one) is same
