"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SHOWN = 100
"""Problems of each kind that a report names; the rest are counted."""


class Problem(StrEnum):
    """Why a row of a file did not add or change anybody."""

    BLOCKED = "blocked"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, order=True)
class RowProblem:
    """A row that was left out; `row` is the line in the file where it begins, counted from 1."""

    row: int
    kind: Problem
    message: str

    def as_json(self) -> dict[str, str | int]:
        """Return an object of `problems`."""
        return {"row": self.row, "kind": str(self.kind), "message": self.message}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every row of a file counted once: `rows` is the sum of the seven counts that follow it."""

    list: str
    file: str
    planned: bool
    """True when nothing was written."""
    rows: int
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    unsubscribed: int = 0
    """Known or new here, but the file says that they left: recorded, so that no later file brings them back."""
    blocked: int = 0
    """Not added, because they unsubscribed, never confirmed, or must not be written to."""
    duplicates: int = 0
    invalid: int = 0
    international: int = 0
    """Rows, among those above, with letters beyond ASCII before the @, which many providers refuse."""
    columns: tuple[tuple[str, str], ...] = ()
    """What was read from which column."""
    ignored: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    """In the order of the file, at most `SHOWN` of each kind."""

    def as_json(self) -> dict[str, Any]:
        """Return the report for scripts."""
        return {
            "list": self.list,
            "file": self.file,
            "planned": self.planned,
            "rows": self.rows,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "unsubscribed": self.unsubscribed,
            "blocked": self.blocked,
            "duplicates": self.duplicates,
            "invalid": self.invalid,
            "international": self.international,
            "columns": dict(self.columns),
            "ignored": list(self.ignored),
            "problems": [problem.as_json() for problem in self.problems],
        }
