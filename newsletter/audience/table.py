"""CSV files as people have them: any of three delimiters, with or without names of columns, read row by row."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import TextIO

from newsletter.audience.address import shortened
from newsletter.audience.columns import Columns, Said, read_columns
from newsletter.audience.file_encodings import is_utf8, readings
from newsletter.audience.kinds import refuse_others
from newsletter.audience.mailboxes import apart, are_mailboxes
from newsletter.audience.parts import is_of_those_who_left
from newsletter.audience.spelling import folded
from newsletter.errors import AudienceError, UnclearColumns, UnclearLetters
from newsletter.model.attribute import Attribute

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been read."""

Rows = Iterator[tuple[int, list[str] | None]]
"""Each row with the line where it begins, and nothing for broken quotes."""
_LONGEST_LINE = 131_072
_DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How those of today begin, which are packed, and those before 2007."""
_MOST = 5
"""Encodings that are offered in a line."""
_DEEPEST_HEADER = 10
"""How many rows a title above the names of the columns has at most."""
# Excel may write its delimiter in a line of its own.
_SAID_DELIMITER = re.compile(r"sep=([,;|\t])[\r\n]*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_AS_UTF8 = (
    "save it again as UTF-8: in Excel choose File, Save As, 'CSV UTF-8 (comma delimited)'; in LibreOffice choose "
    "Save As, tick 'Edit filter settings' and take the character set 'Unicode (UTF-8)'"
)
_UNMERGED = (
    "undo merged cells that reach over several rows, and fill in each: a CSV file has their text in the first row alone"
)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file, and its rows."""

    columns: Columns
    rows: Rows


@contextmanager
def open_table(
    file: Path,
    progress: Progress | None = None,
    *,
    name: str = "",
    attributes: Mapping[str, Attribute] | None = None,
    mapping: Said | None = None,
    ignore: Collection[str] = (),
    encoding: str = "",
) -> Iterator[Table]:
    """Read a file's first row, and the others as they are asked for.

    `name` is what people call the file, where that is not what it is called here. `mapping` says which column is what,
    where a guess would be wrong, `ignore` which ones mean nothing, and `encoding` what it is written in, if not UTF-8.

    Raises AudienceError when the file cannot be read as a whole; also while rows are asked for.
    """
    name = name or file.name
    with _opened(file, name, progress, encoding) as lines:
        first = _find_first(lines)
        refuse_others(name, first.line)
        if are_mailboxes(first.line):
            # Whoever says what its columns are takes it for another file.
            read_columns(apart(first.line), mapping=mapping, ignore=ignore)
            yield Table(Columns({"address": 0}), _mailboxes(chain([first.line], lines), first.skipped))
            return
        cells, rows = _first_row(name, first, lines)
        columns = read_columns(cells, attributes=attributes, mapping=mapping, ignore=ignore, file_name=name)
        if columns is None:
            raise _below_a_title(name, cells, rows) or _without_addresses(name, cells)
        yield Table(columns, _whole(rows, columns.places["address"], first.delimiter or _guess(first.line)))


def read_headers(file: Path, *, name: str = "", encoding: str = "") -> tuple[str, ...]:
    """Return the names of a file's columns, each once; none where its first row holds an address.

    Raises AudienceError when the file cannot be read as a whole.
    """
    with _opened(file, name or file.name, None, encoding) as lines:
        first = _find_first(lines)
        if are_mailboxes(first.line):
            return ()
        cells, _ = _first_row(name or file.name, first, lines)
    if any("@" in cell for cell in cells):
        return ()
    found: dict[str, str] = {}
    for cell in cells:
        if cell.strip():
            found.setdefault(folded(cell), " ".join(cell.split()))
    return tuple(found.values())


@contextmanager
def _opened(file: Path, name: str, progress: Progress | None, encoding: str) -> Iterator[Iterator[str]]:
    try:
        binary = file.open("rb")
        size = file.stat().st_size
        start = binary.peek(4)
    except OSError as error:
        raise _unreadable(file, error) from None
    with binary:
        if start.startswith(b"\x1f\x8b"):
            raise AudienceError(f"{name} is packed", fix="unpack it, and import the file in it")
        if start.startswith(_WORKBOOKS):
            if name.lower().endswith(".zip"):
                raise AudienceError(
                    f"{name} is a folder packed into one file", fix="unpack it, and import the files in it one by one"
                )
            raise AudienceError(f"{name} is a workbook, not a CSV file", fix=f"{_UNMERGED}; then {_AS_UTF8}")
        wide = _wide(start)
        # It says so itself, and knows better.
        encoding = "" if wide or start.startswith(codecs.BOM_UTF8) else encoding
        # Bytes that are not UTF-8 come out as surrogates, so that their row can be named.
        errors = "strict" if wide or encoding else "surrogateescape"
        text = io.TextIOWrapper(binary, encoding=wide or encoding or "utf-8-sig", errors=errors, newline="")
        yield _lines(file, name, text, binary, size, progress, encoding)


def _wide(start: bytes) -> str:
    """Return which UTF-16 a file is by how it begins, or nothing.

    What Excel calls Unicode text says so in its first two bytes; what databases write, only by its first letters.
    """
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    empty = [place for place, byte in enumerate(start[:4]) if not byte]
    return "utf-16-le" if empty == [1, 3] else "utf-16-be" if empty == [0, 2] else ""


def _lines(
    file: Path, name: str, text: TextIO, binary: io.BufferedReader, size: int, progress: Progress | None, encoding: str
) -> Iterator[str]:
    for number in count(1):
        try:
            line = text.readline(_LONGEST_LINE)
        except OSError as error:
            raise _unreadable(file, error) from None
        except UnicodeDecodeError:
            if encoding:
                raise _unclear(file, f"{name} is not written in {encoding} throughout") from None
            raise AudienceError(
                f"{name} begins in UTF-16, and is not written in it throughout",
                why="it may have been cut off, or put together from two files",
                fix=_AS_UTF8,
            ) from None
        if not line:
            break
        if not line.isascii() and _SURROGATE.search(line):
            raise _unclear(file, f"{name} is not written in UTF-8: row {number} has letters in another encoding")
        if encoding and not line.isascii() and is_utf8(line, encoding):
            raise AudienceError(
                f"row {number} of {name} is written in UTF-8, not in {encoding}",
                why="its accented letters would come out wrong",
                fix="leave the encoding out; where only a part of the file is in UTF-8, export the list again",
            )
        if len(line) == _LONGEST_LINE:
            raise AudienceError(
                f"row {number} of {name} is longer than {_LONGEST_LINE:,} letters",
                why="no row of a list of addresses is that long, so this is another kind of file",
                fix="export the list as CSV, one subscriber a row",
            )
        if progress and number % 10_000 == 0:
            progress(binary.tell(), size)
        yield line
    if progress:
        progress(size, size)


def _unclear(file: Path, message: str) -> AudienceError:
    """Return the question in which encoding a file is, where there is one to choose."""
    why, found = "accented letters in names would come out wrong", readings(file)
    if not found:
        return AudienceError(message, why=why, fix=_AS_UTF8)
    choices = "; ".join(f"--encoding {encoding} where {', '.join(words)} is right" for encoding, words in found[:_MOST])
    return UnclearLetters(message, why=why, fix=f"say which it is: {choices}; or {_AS_UTF8}", readings=found)


def _unreadable(file: Path, error: OSError) -> AudienceError:
    return AudienceError(
        f"{file} cannot be read", why=error.strerror or str(error), fix="correct the path, or the rights of the file"
    )


@dataclass(frozen=True, slots=True)
class _First:
    """The first line with content."""

    line: str
    skipped: int
    """How many lines came before it."""
    delimiter: str
    """What the file itself says, or nothing."""


def _find_first(lines: Iterator[str]) -> _First:
    first, skipped = _first_line(lines)
    said = _SAID_DELIMITER.fullmatch(first)
    if said:
        first, more = _first_line(lines)
        skipped += more + 1
    return _First(first, skipped, said[1] if said else "")


def _first_row(name: str, first: _First, lines: Iterator[str]) -> tuple[list[str], Rows]:
    """Return the cells of the first row, and the rows after it."""
    rows = _rows(name, chain([first.line], lines), first.delimiter or _guess(first.line), first.skipped)
    number, cells = next(rows, (0, None))
    if not number:
        raise AudienceError(f"{name} is empty", fix="export the list as CSV, one subscriber a row")
    if cells is None:
        raise AudienceError(
            f"the quotation marks in row {number} of {name} do not match",
            why="it is the first row, which says what the columns are",
            fix="write names of columns there, such as: address,name,language",
        )
    return cells, rows


def _first_line(lines: Iterator[str]) -> tuple[str, int]:
    """Return the first line with content, and how many came before it."""
    for skipped, line in enumerate(lines):
        if line.strip():
            return line, skipped
    return "", 0


def _guess(line: str) -> str:
    """Return the delimiter that shows a column of addresses, or else the most cells."""
    cells = {delimiter: next(csv.reader([line], delimiter=delimiter), []) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: (read_columns(cells[delimiter]) is not None, len(cells[delimiter])))


def _below_a_title(name: str, title: list[str], rows: Rows) -> AudienceError | None:
    """Return what to do where a title stands above the names of the columns, as in a sheet for people."""
    for number, row in islice(rows, _DEEPEST_HEADER):
        # A title has no delimiter of its own, so the file's is not known yet.
        cells = next(csv.reader(row, delimiter=_guess(row[0])), []) if row and len(row) == 1 else row
        if cells and not any("@" in cell for cell in cells) and read_columns(cells):
            heading = " ".join(filter(None, map(str.strip, title)))
            if is_of_those_who_left(heading):
                return AudienceError(
                    f"the title of {name} is '{shortened(heading)}'",
                    why="the people below it would be written to",
                    fix="delete the rows above the names of the columns, and add a column 'status' with unsubscribed, "
                    "pending or bounced in every row",
                )
            return AudienceError(
                f"the names of the columns of {name} stand in row {number}, below a title",
                why="the first row says what the columns are",
                fix="delete the rows above it, and save the file",
            )
    return None


def _without_addresses(name: str, cells: list[str]) -> AudienceError:
    filled = [cell for cell in cells if cell.strip()]
    if sum("@" in cell for cell in filled) > 1:
        return AudienceError(
            f"the first row of {name} holds several addresses",
            why="each row is one subscriber",
            fix="put every address on a line of its own",
        )
    if any("@" in cell for cell in filled):
        return AudienceError(
            f"the first row of {name} has no names of columns",
            why="which cell is the name, and which the language, would be a guess",
            fix="add a first row such as: address,name,language",
        )
    if len(filled) == 1 and read_columns(next(csv.reader([filled[0]], delimiter=_guess(filled[0])))):
        return AudienceError(
            f"each row of {name} is one cell",
            why="there are quotation marks around whole rows, as where a file was opened as text and saved again",
            fix="export the list again, or remove the quotation marks in a text editor",
        )
    return UnclearColumns(
        f"no column of {name} is known to hold addresses",
        why=f"its columns are {', '.join(shortened(cell.strip()) for cell in filled[:20])}",
        fix="call the column with the addresses 'email', or say which it is: --map email=\"name of the column\"",
    )


def _mailboxes(lines: Iterable[str], skipped: int) -> Rows:
    """Yield each mailbox, one a line or several; a row's number is its line, or where several are, their order."""
    last = 0
    for number, line in enumerate(lines, skipped + 1):
        for mailbox in apart(line):
            last = max(number, last + 1)
            yield last, [mailbox]


def _whole(rows: Rows, place: int, delimiter: str) -> Rows:
    """Yield rows, and nothing for one that by a stray quotation mark has swallowed others: their people would be lost.

    A line of such a cell has an address where rows have theirs.
    """
    for number, cells in rows:
        more = [line for cell in cells or () if "\n" in cell for line in cell.split("\n")[1:]]
        yield number, None if any(_is_row(line.split(delimiter), place) for line in more) else cells


def _is_row(cells: Sequence[str], place: int) -> bool:
    return len(cells) > max(place, 1) and _ADDRESS.fullmatch(cells[place].strip(' "\r')) is not None


def _rows(name: str, lines: Iterable[str], delimiter: str, skipped: int) -> Rows:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error):
                raise AudienceError(
                    f"a quotation mark in row {number} of {name} is never closed",
                    why="everything after it would be taken for one cell",
                    fix="close the quotation mark, or write two of them where one is meant as a letter",
                ) from None
            yield number, None
        else:
            if any(cell.strip() for cell in cells):
                yield number, cells
