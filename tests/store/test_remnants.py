"""What rows that are gone leave in the database's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.store import open_database, remnants
from tests import factories as make

WORD = "mary.secret@example.org"


def forge(file: Path, word: str) -> None:
    """Write a word where no row is: between the cells of a page and the list of them, as an older row leaves it.

    https://www.sqlite.org/fileformat.html#b_tree_pages
    """
    content = bytearray(file.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    for page in range(size, len(content), size):
        start = int.from_bytes(content[page + 5 : page + 7], "big")
        used = 8 + 2 * int.from_bytes(content[page + 3 : page + 5], "big")
        if content[page] == 13 and start - used > len(word) + 100:
            content[page + used + 50 : page + used + 50 + len(word)] = word.encode()
            file.write_bytes(content)
            return
    raise AssertionError("no page has room")


@pytest.mark.parametrize("at_once", [remnants._AT_ONCE, 16, 1000, 1001])
def test_what_lies_between_rows_goes_with_the_whole_file_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Whether or not it lies across two pieces of those in which the file is read; afterwards no file has it."""
    monkeypatch.setattr(remnants, "_AT_ONCE", at_once)
    workspace = make.workspace(tmp_path)
    open_database(workspace).close()
    file = workspace.state / "newsletter.db"
    forge(file, WORD)
    assert WORD.encode() in file.read_bytes()
    # The service for readers, say, which holds the log open.
    with open_database(workspace), open_database(workspace) as database:
        assert remnants.overwrite(database, [WORD]) == ""
        left = [each.name for each in workspace.state.iterdir() if WORD.encode() in each.read_bytes()]
        assert left == []
