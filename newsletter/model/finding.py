"""What is wrong, where, why, and what to do: one model for terminal, JSON and CI."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from newsletter.model.wording import counted


class Severity(StrEnum):
    """How much a finding matters; `error` forbids approving and sending."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a workspace file.

    `file` is relative to the workspace, with forward slashes; lines and columns count from 1, and 0 means "the whole
    file".
    """

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file or "newsletter"]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of the character at an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was read from: its file, and the line and column of each field inside it.

    `marks` maps a path such as `("image", "alt")` or `("topics", 0)` to `(line, column)` of the field's name, `values`
    to that of its value.
    """

    file: str = ""
    marks: Mapping[tuple[str | int, ...], tuple[int, int]] = dataclass_field(default_factory=dict)
    values: Mapping[tuple[str | int, ...], tuple[int, int]] = dataclass_field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """Return the position of a field, or of the nearest field around it that is written down."""
        for end in range(len(path), -1, -1):
            mark = self.marks.get(path[:end])
            if mark:
                return Place(self.file, *mark)
        return Place(self.file)

    def value(self, *path: str | int) -> Place:
        """Return the position of a field's value, or else of the field."""
        mark = self.values.get(path)
        if not mark and path and isinstance(path[-1], int):
            # One value was written where a list may stand.
            mark = self.values.get(path[:-1])
        return Place(self.file, *mark) if mark else self.place(*path)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that mends a finding and can do no harm: at `place`, the words `old` become `new`."""

    place: Place
    old: str
    new: str

    def fits(self, text: str) -> bool:
        """Return whether the old words stand in their file as they are told, and not in quotes or on two lines."""
        lines = text.split("\n", self.place.line)
        return 0 < self.place.line <= len(lines) and lines[self.place.line - 1].startswith(
            self.old, self.place.column - 1
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: stable code, severity, place, what, why and fix, in the comms team's words."""

    code: str
    severity: Severity
    message: str
    place: Place = Place()
    why: str = ""
    fix: str = ""
    field: str = ""
    entry: str = ""
    """The id of the entry that it is about, by which a preview finds the block."""
    docs: str = ""
    """Where the rule is explained: a page of the documentation, with its anchor."""
    edit: Edit | None = dataclass_field(default=None, compare=False)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by place, then code."""
        return (self.place.file, self.place.line, self.place.column, self.code, self.message)

    def as_json(self) -> dict[str, str | int]:
        """Return the object that `lint --output-format json` prints."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "field": self.field,
            "why": self.why,
            "fix": self.fix,
            "entry": self.entry,
            "docs": self.docs,
            "fixable": self.edit is not None,
        }


def summary(findings: Sequence[Finding]) -> str:
    """Return `2 errors, 1 warning`."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(counted(counts[each], str(each)) for each in Severity if counts[each]) or "no findings"
