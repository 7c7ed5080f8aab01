"""Files of several parts: those who have left stand below a heading, or a second table begins with other columns."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.audience.address import shortened
from newsletter.audience.columns import Columns, read_columns
from newsletter.audience.kinds import names_no_readers
from newsletter.audience.notes import speaks_of_leaving
from newsletter.audience.spelling import folded
from newsletter.errors import AudienceError, UnclearColumns

_FEWEST = 2
"""Cells of a row that are names of columns; one alone may be a word of somebody."""


class Parts:
    """Watches, while rows stream by, for where another part of a file begins."""

    def __init__(self, name: str, columns: Columns) -> None:
        self._name, self._columns = name, columns
        self._headers = [folded(header) for header in columns.headers]
        telling = [place for meaning, place in columns.places.items() if meaning in {"left", "suppressed"}]
        self._telling = [*telling, *columns.left_too]
        self._begins: AudienceError | None = None

    def look(self, line: int, cells: Sequence[str] | None) -> None:
        """Take note of a row that is of nobody."""
        filled = [cell.strip() for cell in cells or () if cell.strip()]
        if not cells or not filled or any("@" in cell for cell in filled):
            return
        if len(filled) == 1:
            # Where each row tells its state, a heading says nothing more.
            if "consent" not in self._columns.places and is_of_those_who_left(filled[0]):
                self._begins = AudienceError(
                    f"row {line} of {self._name} is a heading, '{shortened(filled[0])}'",
                    why="those below it would be written to",
                    fix="put them into a file of their own, with a column 'status' that says unsubscribed, pending or "
                    "bounced in every row; delete the row if it is not about them",
                )
        elif self._headers and [folded(cell) for cell in cells] != self._headers and self._names_addresses(cells):
            other = read_columns(cells)
            if other and len(other.places) >= _FEWEST:
                self._begins = AudienceError(
                    f"a second table with other columns begins in row {line} of {self._name}",
                    why="its cells would be taken for what the columns above are, and who has left by it would be "
                    "written to",
                    fix="put it into a file of its own",
                )

    def _names_addresses(self, cells: Sequence[str]) -> bool:
        """Whether something stands where addresses do; a row without one may be of somebody called Subscriber."""
        place = self._columns.places["address"]
        return place < len(cells) and cells[place].strip() != ""

    def refuse(self) -> None:
        """Refuse the file where somebody below such a row would be written to."""
        if self._begins:
            raise self._begins

    def refuse_beside(self, line: int, cells: Sequence[str]) -> None:
        """Refuse a column that lists those who have left beside the others: its cells are not about their rows."""
        for place in self._telling:
            if place < len(cells) and "@" in cells[place]:
                name = shortened(self._columns.headers[place])
                raise UnclearColumns(
                    f"the column '{name}' has addresses of its own, such as in row {line}",
                    why="who stands there has left, and would be written to where another row has the address",
                    fix="put them into a file of their own, with a column 'status' that says unsubscribed in every "
                    f'row, and import both; here --ignore "{name}"',
                )


def is_of_those_who_left(title: str) -> bool:
    """Whether a heading is that of people who must not be written to."""
    return bool(names_no_readers(title)) or speaks_of_leaving(title)
