"""The bytes of a file as text, and an entry file's text as fields and body."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from newsletter.content.mistake import Mistake
from newsletter.model.finding import position

LARGEST = 1_000_000
"""Bytes of the largest file that is taken for text written by a person."""

_OPENING = re.compile(r"\s*---[ \t]*\n")
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
# Word processors turn hyphens into dashes, and hands type two or four.
_MEANT_AS_LINE = re.compile(r"[ \t]*[-\u2010-\u2015\u2212*_=+]{1,20}[ \t]*")
_KINDS = {
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a rich-text file",
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """An entry file in its two parts; `fields` keeps the lines above it, so that line numbers hold for the file."""

    fields: str
    body: str
    body_line: int


def read(path: str) -> str | Mistake:
    """Return a file's text without byte order mark and with plain line ends."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            size = os.fstat(handle).st_size
            data = os.read(handle, size + 1) if size <= LARGEST else b""
        finally:
            os.close(handle)
    except OSError as error:
        reason = error.strerror or "the system refused"
        return Mistake(f"the file cannot be opened: {reason}", fix="check who may read the file", code="001")
    if size > LARGEST:
        return Mistake(
            f"the file has {size / 1_000_000:.1f} MB",
            why="an entry is a page or two of text",
            fix="move what is not text out of the file; pictures belong into the folder images",
            code="001",
        )
    return decode(data)


def decode(data: bytes) -> str | Mistake:
    """Return `data` as text without byte order mark and with plain line ends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error)
    if "\0" in text:
        return Mistake(
            "the file is not plain text; the first character that no text has is here",
            *position(text, text.index("\0")),
            why="it may be a file of another program, or one that was not saved whole",
            fix="save the text itself again, as plain text in UTF-8",
            code="001",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def split(text: str) -> FrontMatter | Mistake:
    """Return the fields between the two lines `---`, and the body below them."""
    opening = _OPENING.match(text)
    if not opening:
        return _no_opening(text)
    closing = _CLOSING.search(text, opening.end() - 1)
    if not closing:
        return _no_closing(text, text.count("\n", 0, opening.end()))
    fields = text[: closing.start() + 1]
    below = text[closing.end() :]
    body = below.strip()
    start = len(below) - len(below.lstrip())
    return FrontMatter(fields, body, text.count("\n", 0, closing.end() + start) + 1 if body else 0)


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Mistake:
    kind = next((name for start, name in _KINDS.items() if data.startswith(start)), "")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        kind = "text in UTF-16"
    if kind:
        return Mistake(
            f"the file is {kind}, not plain text in UTF-8",
            why="entries and issues are plain text, which every program can read and compare",
            fix="save it as plain text, with UTF-8 as its encoding",
            code="001",
        )
    before = data[: error.start]
    line_start = before.rfind(b"\n") + 1
    return Mistake(
        "the file is not UTF-8 text; the first strange byte is here",
        before.count(b"\n") + 1,
        len(before[line_start:].decode("utf-8", "replace")) + 1,
        why="letters with accents would come out as other signs",
        fix="save it again with UTF-8 as its encoding",
        code="001",
    )


def _no_opening(text: str) -> Mistake:
    why = "the fields of an entry, such as its title and date, stand between two lines of three hyphens"
    if not text.strip():
        return Mistake("the file is empty", 0, 0, why, "write the entry, or delete the file", code="002")
    first = next(number for number, line in enumerate(text.split("\n"), 1) if line.strip())
    line = text.split("\n")[first - 1]
    if line.strip() == "+++":
        fix = (
            "write --- in place of both lines +++, and `title: …` instead of `title = …`; likewise all other fields; "
            "Hugo does it in all files: hugo convert toYAML"
        )
        return Mistake("the fields are written in TOML, not in YAML", first, 1, why, fix, code="002")
    if line.strip() == "{":
        fix = (
            "write --- in place of the brackets, and `title: …` without quotes and comma; likewise all other fields; "
            "Hugo does it in all files: hugo convert toYAML"
        )
        return Mistake("the fields are written in JSON, not in YAML", first, 1, why, fix, code="002")
    if _MEANT_AS_LINE.fullmatch(line):
        shown = line.strip()
        return Mistake(
            f"the first line is {shown} and not three hyphens",
            first,
            1,
            "some programs turn hyphens into dashes while you type",
            "write --- as the first line",
            code="002",
        )
    if re.match(r"[ \t]*---", line):
        return Mistake("text follows --- on the first line", first, 1, why, "put it on a line of its own", code="002")
    if re.match(r"\w+:", line):
        return Mistake("a line --- is missing above the first field", first, 1, why, _EXAMPLE, code="002")
    return Mistake("the file has no fields", first, 1, why, _EXAMPLE, code="002")


_EXAMPLE = "begin the file with a line ---, a line `title: …`, more fields, and a second line ---"


def _no_closing(text: str, opened: int) -> Mistake:
    for number, line in enumerate(text.split("\n")[opened:], opened + 1):
        if _MEANT_AS_LINE.fullmatch(line) and len(line.strip()) > 1:
            return Mistake(
                f"the line below the fields is {line.strip()} and not three hyphens",
                number,
                1,
                why="without it nobody can tell where the fields end and the text begins",
                fix="write --- there",
                code="002",
            )
    return Mistake(
        "the fields are never closed",
        opened,
        1,
        why="nobody can tell where the fields end and the text begins",
        fix="write a second line --- below the last field",
        code="002",
    )
