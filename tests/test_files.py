"""Files that are written whole."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from newsletter import files


class _InUse(PermissionError):
    """What Windows says of a file that somebody has open; elsewhere a number of its own is missing."""

    winerror = 5


def test_a_file_that_somebody_reads_for_a_moment_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows scanners and the composer's own glance hold each new file for some milliseconds."""
    replace, refusals = Path.replace, iter([_InUse(), _InUse()])

    def busy(part: Path, path: Path) -> Path:
        for refusal in refusals:
            raise refusal
        return replace(part, path)

    monkeypatch.setattr(Path, "replace", busy)
    files.replace_file(tmp_path / "a.md", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"new")]


def test_a_file_that_may_not_be_written_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting would change nothing; the file keeps what it said, and the error names it."""
    (tmp_path / "a.md").write_bytes(b"old")
    tried: list[Path] = []

    def refuse(part: Path, path: Path) -> Path:
        tried.append(path)
        raise PermissionError(13, "Permission denied", str(part))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError) as caught:
        files.replace_file(tmp_path / "a.md", b"new")
    assert (caught.value.filename, len(tried)) == (str(tmp_path / "a.md"), 1)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"old")]


def test_a_file_whose_writing_is_interrupted_keeps_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By Ctrl-C; nothing lies beside it."""
    (tmp_path / "a.md").write_bytes(b"old")

    def interrupt(_part: Path, _path: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.replace_file(tmp_path / "a.md", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"old")]


def test_a_file_that_somebody_else_writes_meanwhile_keeps_both_changes(tmp_path: Path) -> None:
    """Two commands at once, or one beside an editor that saves."""
    path = tmp_path / "issue.yaml"
    path.write_bytes(b"a\n")
    seen: list[str] = []

    def change(text: str) -> str:
        if not seen:
            path.write_bytes(b"a\r\nb\r\n")
        seen.append(text)
        return text + "mine"

    files.rewrite(path, change)
    assert (path.read_bytes(), seen) == (b"a\r\nb\r\nmine", ["a\n", "a\r\nb\r\n"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_who_changes_a_file_waits_for_others_who_do(tmp_path: Path) -> None:
    """Between what a command has read and what it writes nobody else writes."""
    path = tmp_path / "issue.yaml"
    path.write_bytes(b"a")
    other = threading.Thread(target=files.rewrite, args=(path, lambda text: text + "b"))
    with files.one_at_a_time(tmp_path):
        other.start()
        other.join(0.1)
        assert path.read_bytes() == b"a"
        path.write_bytes(b"c")
    other.join(10)
    assert path.read_bytes() == b"cb"


@pytest.mark.skipif(sys.platform == "win32", reason="a folder tells no numbers there, and times to 100 nanoseconds")
def test_a_file_that_was_written_anew_has_another_stamp(tmp_path: Path) -> None:
    """Also where a disk tells times by the second, and what is written is as long as what was there."""
    path = tmp_path / "issue.yaml"
    seen = []
    for text in (b"order: [a, b]", b"order: [b, a]"):
        files.replace_file(path, text)
        os.utime(path, ns=(0, 0))
        seen.append((files.stamp(path), *files.stamps(str(tmp_path))))
    (stamp, below), (stamp_then, below_then) = seen
    assert (stamp, stamp_then) == (below, below_then)
    assert stamp != stamp_then
