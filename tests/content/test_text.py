from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.content import text
from newsletter.content.mistake import Mistake
from newsletter.content.text import FrontMatter


def test_marks_and_line_ends_of_other_systems_are_no_difference() -> None:
    """A byte order mark and the line ends of Windows and old Macs leave the same text."""
    assert text.decode(b"\xef\xbb\xbfa\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("---\na: 1\n---\n\nText\n", FrontMatter("---\na: 1\n", "Text", 5)),
        ("\n\n---  \na: 1\n---\t\nText", FrontMatter("\n\n---  \na: 1\n", "Text", 6)),
        ("---\na: 1\n---", FrontMatter("---\na: 1\n", "", 0)),
        ("---\na: 1\n...\nText\n", FrontMatter("---\na: 1\n", "Text", 4)),
        ("---\n---\nText\n", FrontMatter("---\n", "Text", 3)),
        ("---\na: 1\n---\nOne\n\n---\n\nTwo\n", FrontMatter("---\na: 1\n", "One\n\n---\n\nTwo", 4)),
    ],
)
def test_fields_and_body_are_told_apart(written: str, parts: FrontMatter) -> None:
    """The fields keep their line numbers; a rule in the text does not end it."""
    assert text.split(written) == parts


@pytest.mark.parametrize("line", ["—", "–––", "----", "--", "***", "-\u2010-"])
def test_a_line_that_was_meant_to_be_hyphens_is_named(line: str) -> None:
    """Word processors replace hyphens while people type."""
    mistake = text.split(f"{line}\ntitle: A\n")
    assert isinstance(mistake, Mistake)
    assert mistake.message == f"the first line is {line} and not three hyphens"


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        ("a: é\n".encode("latin-1"), "the file is not UTF-8 text; the first strange byte is here", (1, 4)),
        ("ä\nü: ".encode() + b"\xff", "the file is not UTF-8 text; the first strange byte is here", (2, 4)),
        ("a".encode("utf-16"), "the file is text in UTF-16, not plain text in UTF-8", (0, 0)),
        (b"%PDF-1.7\xff", "the file is a PDF, not plain text in UTF-8", (0, 0)),
        (b"\x89PNG\r\n", "the file is a picture, not plain text in UTF-8", (0, 0)),
        (b"a: b\nc\x00d", "the file is not plain text; the first character that no text has is here", (2, 2)),
    ],
)
def test_what_is_not_utf_8_is_named(data: bytes, message: str, place: tuple[int, int]) -> None:
    """A file is never guessed at: letters would come out wrong in somebody's inbox."""
    mistake = text.decode(data)
    assert isinstance(mistake, Mistake)
    assert (mistake.message, (mistake.line, mistake.column), mistake.code) == (message, place, "001")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """A film that was saved as an entry does not fill the memory."""
    path = tmp_path / "a.md"
    path.write_bytes(b" " * (text.LARGEST + 1))
    mistake = text.read(str(path))
    assert isinstance(mistake, Mistake)
    assert mistake.message == "the file has 1.0 MB"


def test_a_file_that_has_gone_is_reported(tmp_path: Path) -> None:
    """Between listing a folder and reading it a file may disappear."""
    mistake = text.read(str(tmp_path / "gone.md"))
    assert mistake == Mistake(
        "the file cannot be opened: No such file or directory", fix="check who may read the file", code="001"
    )
