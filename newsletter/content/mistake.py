"""A mistake in how a file is written, before its fields are looked at."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.model import conflict
from newsletter.model.finding import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a line and column of a file; `code` is the digits that follow ENT or ISS."""

    message: str
    line: int = 0
    column: int = 0
    why: str = ""
    fix: str = ""
    code: str = "003"
    severity: Severity = Severity.ERROR

    def finding(self, prefix: str, file: str) -> Finding:
        """Return the mistake as a finding about `file`."""
        place = Place(file, self.line, self.column)
        return Finding(prefix + self.code, self.severity, self.message, place, why=self.why, fix=self.fix)


def of_conflict(text: str) -> Mistake | None:
    """Return the mistake of a file in which git has left two versions, or nothing."""
    line = conflict.line_of(text)
    return Mistake(conflict.TOLD, line, 1, conflict.WHY, conflict.FIX) if line else None
