from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.content import tree

ENTRY = "---\ntitle: A\n---\n"


def test_what_every_system_leaves_behind_is_no_entry(tmp_path: Path) -> None:
    """Hidden files, READMEs and the droppings of operating systems are expected."""
    names = [".hidden.md", ".git/config", "README.md", "news/readme.txt", "README", "Thumbs.db", "desktop.ini"]
    names += [".DS_Store", "__MACOSX/a.md", "Icon\r", "news/~$a.docx"]
    read = tree.load(tmp_path, {f"entries/{name}": "" for name in names})
    assert (read.entries, read.unreadable, read.findings) == ((), (), ())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.txt", "the file ends in .txt → rename it to a.md"),
        ("a.markdown", "the file ends in .markdown → rename it to a.md"),
        ("a.md.txt", "the file ends in .md.txt → rename it to a.md"),
        ("a.docx", "a .docx file is not an entry → move it out of the entries; pictures belong into images"),
        ("a.md~", "this is a copy that a program has left behind → delete it, or move it out of the entries"),
        ("a.md.bak", "this is a copy that a program has left behind → delete it, or move it out of the entries"),
        ("a.md.orig", "this is a copy that a program has left behind → delete it, or move it out of the entries"),
        ("a", "the file has no ending → rename it to a.md, or move it out of the entries"),
    ],
)
def test_a_stray_file_is_reported(tmp_path: Path, name: str, told: str) -> None:
    """Nothing that lies among the entries is skipped in silence."""
    read = tree.load(tmp_path, {f"entries/news/{name}": "x"})
    assert tree.told(read) == [f"issues/entries/news/{name} ENT009 {told}"]


def test_endings_may_be_written_large(tmp_path: Path) -> None:
    """Some systems write .MD, and the file is still an entry."""
    assert [entry.id for entry in tree.load(tmp_path, {"entries/news/A.MD": ENTRY}).entries] == ["A"]


def test_links_are_followed_within_the_workspace_only(tmp_path: Path) -> None:
    """A link may not bring in what colleagues cannot review, nor lead round in circles."""
    (tmp_path / "secret.md").write_text(ENTRY)
    root = tmp_path / "workspace"
    news = root / "issues" / "entries" / "news"
    news.mkdir(parents=True)
    (root / "shared.md").write_text(ENTRY)
    (news / "inside.md").symlink_to(root / "shared.md")
    (news / "outside.md").symlink_to(tmp_path / "secret.md")
    (news / "gone.md").symlink_to(root / "gone.md")
    (news / "itself.md").symlink_to(news / "itself.md")
    (news / "circle").symlink_to(root / "issues" / "entries", target_is_directory=True)
    read = tree.load(root, {})
    fix = "put the real file here instead of the link"
    assert [entry.id for entry in read.entries] == ["inside"]
    assert tree.told(read) == [
        f"issues/entries/news/circle ENT009 this is a link to a folder → {fix}",
        f"issues/entries/news/gone.md ENT009 this is a link that leads nowhere → {fix}",
        f"issues/entries/news/itself.md ENT009 this is a link that leads nowhere → {fix}",
        f"issues/entries/news/outside.md ENT009 this is a link out of the workspace → {fix}",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_stop_the_reading(tmp_path: Path) -> None:
    """Opening a pipe would wait for somebody to write into it."""
    news = tmp_path / "issues" / "entries" / "news"
    news.mkdir(parents=True)
    os.mkfifo(news / "a.md")
    assert tree.told(tree.load(tmp_path, {})) == [
        "issues/entries/news/a.md ENT009 this is neither a file nor a folder → remove it"
    ]


def test_a_name_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    """A file's name is an id, which is shown and linked to."""
    news = tmp_path / "issues" / "entries" / "news"
    news.mkdir(parents=True)
    try:
        Path(os.fsdecode(os.fsencode(news) + b"/caf\xe9.md")).write_text(ENTRY)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert tree.told(tree.load(tmp_path, {})) == [
        "issues/entries/news/caf\ufffd.md ENT009 the file's name is not UTF-8 → rename the file"
    ]


def test_folders_without_end_are_given_up(tmp_path: Path) -> None:
    """Folders inside folders end in a finding, not in a crash."""
    read = tree.load(tmp_path, {f"entries/news/{'a/' * 25}a.md": ENTRY})
    (told,) = tree.told(read)
    assert "ENT009 folders stand inside folders, more than 20 deep" in told


def test_a_missing_folder_is_named_once(tmp_path: Path) -> None:
    """A path in the settings that leads nowhere would otherwise make an empty newsletter."""
    read = tree.load(tmp_path, {}, entries="issues/entires")
    (finding,) = read.findings
    assert (str(finding.place), finding.message, finding.fix, str(finding.severity)) == (
        "newsletter.toml",
        "there is no folder issues/entires",
        "make the folder, or correct `entries` in newsletter.toml",
        "warning",
    )
