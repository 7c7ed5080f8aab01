"""Reading a workspace again: the same is read as for the first time, from the changed files alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import content
from newsletter.content import Known, raw
from newsletter.content.files import File
from newsletter.content.raw import Raw
from tests import factories

ENTRY = "---\ntitle: {0}\ndate: 2024-07-{1:02}\nurl: https://www.example.org/{1}\nsummary: About it.\n---\n"
TEXTS = (
    ENTRY.format("Wells", 3),
    ENTRY.format("Roads", 4),
    ENTRY.format("A call", 5).replace("date", "deadline: 2024-08-01\ntype: call\ndate"),
    ENTRY.format("A picture", 6).replace("summary", "image: {src: images/a.png, alt: A well}\nsummary"),
    ENTRY.format("Topics", 7).replace("summary", "topics: a, b\nsummary"),
    "---\ntitle: [\n---\n",
    "no entry",
)
NAMES = ("news/a.md", "news/A.md", "calls/a.md", "news/deep/b.md", "figures.yaml", "news/c.txt")
AN_HOUR = 3_600


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a workspace with three entries that nobody has touched for a while."""
    return begun(tmp_path)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which entry files are read."""
    names: list[str] = []

    def noted(file: File) -> list[Raw]:
        names.append(file.name.removeprefix("issues/entries/"))
        return plainly(file)

    plainly = raw.read
    monkeypatch.setattr(raw, "read", noted)
    return names


def begun(folder: Path) -> Path:
    """Make a workspace with three entries."""
    (folder / "issues/images").mkdir(parents=True)
    for name, text in zip(("news/a.md", "news/deep/b.md", "calls/call.md"), TEXTS, strict=False):
        write(folder, name, text)
    return folder


def write(root: Path, name: str, text: str, *, ago: float = AN_HOUR) -> None:
    """Write an entry's file some seconds ago."""
    file = root / "issues/entries" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    moment = time.time() - ago
    os.utime(file, (moment, moment))


def test_only_what_has_changed_is_read_again(root: Path, read: list[str]) -> None:
    """Each letter that somebody types would otherwise be as slow as ten years of entries."""
    known = Known()
    content.load(factories.workspace(root), known)
    read.clear()
    content.load(factories.workspace(root), known)
    assert read == []
    write(root, "news/a.md", TEXTS[3], ago=60)
    found = content.load(factories.workspace(root), known)
    assert read == ["news/a.md"]
    assert found == content.load(factories.workspace(root))


def test_what_was_written_a_moment_ago_is_read_again(root: Path, read: list[str]) -> None:
    """Written once more in the same moment it has the same time, and perhaps the same length."""
    known = Known()
    write(root, "news/a.md", TEXTS[0], ago=0)
    content.load(factories.workspace(root), known)
    read.clear()
    content.load(factories.workspace(root), known)
    assert read == ["news/a.md"]


def test_other_settings_judge_every_file_anew(root: Path, read: list[str]) -> None:
    """A day is one in the newsletter's zone, and a text in its language."""
    known = Known()
    content.load(factories.workspace(root), known)
    read.clear()
    content.load(factories.workspace(root, zone="Europe/Lisbon"), known)
    assert sorted(read) == ["calls/call.md", "news/a.md", "news/deep/b.md"]


def test_what_could_not_be_used_is_tried_again(root: Path, read: list[str]) -> None:
    """Whoever may read it by now has changed nothing in it."""
    known = Known()
    write(root, "news/a.md", TEXTS[5])
    content.load(factories.workspace(root), known)
    read.clear()
    content.load(factories.workspace(root), known)
    assert read == ["news/a.md"]


def test_a_picture_that_comes_later_is_found(root: Path) -> None:
    """The entry's own file is the same then."""
    known = Known()
    write(root, "news/a.md", TEXTS[3])
    before = content.load(factories.workspace(root), known)
    (root / "issues/images/a.png").write_bytes(b"")
    after = content.load(factories.workspace(root), known)
    assert [one.code for one in before.findings if one.code == "ENT010"] == ["ENT010"]
    assert [one.code for one in after.findings if one.code == "ENT010"] == []


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from((None, *TEXTS))), max_size=8))
def test_whoever_knows_it_reads_the_same_as_who_does_not(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str | None]]
) -> None:
    """Whatever is written, broken, mended or deleted in between."""
    root, known = begun(tmp_path_factory.mktemp("known")), Known()
    for name, text in changes:
        file = root / "issues/entries" / name
        if text is not None:
            write(root, name, text)
        elif file.exists():
            file.unlink()
        assert content.load(factories.workspace(root), known) == content.load(factories.workspace(root))
