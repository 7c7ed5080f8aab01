"""What an import did, or would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from newsletter.audience.doubts import Doubt
from newsletter.config import Settings
from newsletter.model.entry import Entry
from newsletter.model.topics import canonical_topics

SHOWN = 100
"""Problems of each kind that a report names; the rest are counted."""


class Problem(StrEnum):
    """Why a row of a file did not add or change anybody."""

    BLOCKED = "blocked"
    WOULD_RESUBSCRIBE = "would resubscribe"
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
    """Every row of a file counted once: `rows` is the sum of the eight counts that follow it."""

    list: str
    file: str
    planned: bool
    """True when nothing was written."""
    rows: int
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    resubscribed: int = 0
    """Had left, and the file proves that they agreed again since."""
    unsubscribed: int = 0
    """Known or new here, but the file says that they left: recorded, so that no later file brings them back."""
    blocked: int = 0
    """Not added, because they unsubscribed, never confirmed, must not be written to, or were erased."""
    duplicates: int = 0
    invalid: int = 0
    would_resubscribe: int = 0
    """How many of the blocked have left, and would come back if the file proved newer consent."""
    contradicted: int = 0
    """How many of the duplicates say otherwise than the row that counts whether somebody may be written to."""
    pending: int = 0
    """Rows, among those above, of people who have not confirmed, by the file: nothing is sent to them."""
    stay_confirmed: int = 0
    """Rows of people who have not confirmed, by the file, but have here: they are written to as before."""
    confirmed: int = 0
    """How many of the updated were pending by an earlier file, and have agreed by the proof in this one."""
    international: int = 0
    """Rows, among those above, with letters beyond ASCII before the @, which many providers refuse."""
    topics: tuple[str, ...] = ()
    """Those that readers have by the file, sorted."""
    columns: tuple[tuple[str, str], ...] = ()
    """What was read from which column."""
    ignored: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    """In the order of the file, at most `SHOWN` of each kind."""
    program: str = ""
    """Whose export the file is, where it is recognised."""
    guessed: tuple[str, ...] = ()
    """What was read from columns whose names leave room for doubt."""
    doubts: tuple[Doubt, ...] = ()
    """Columns not used by which somebody may have left; while there are some, nothing but a plan is made."""
    unknown: tuple[str, ...] = ()
    """Words in the column of consent that are not known, for which `words` can say what they mean."""
    note: str = ""
    """What the file does not say and a person must know."""
    digest: str = ""
    """SHA-256 over every row and what becomes of it: what `expect` takes, so that exactly a plan is done."""

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """What becomes of how many rows, in words; together they are all rows."""
        return (
            ("added", self.added),
            ("updated", self.updated),
            ("unchanged", self.unchanged),
            ("resubscribed by newer consent", self.resubscribed),
            ("unsubscribed by the file", self.unsubscribed),
            ("blocked", self.blocked - self.would_resubscribe),
            ("would resubscribe, refused", self.would_resubscribe),
            ("duplicate", self.duplicates),
            ("invalid", self.invalid),
        )

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
            "resubscribed": self.resubscribed,
            "unsubscribed": self.unsubscribed,
            "blocked": self.blocked,
            "duplicates": self.duplicates,
            "invalid": self.invalid,
            "would_resubscribe": self.would_resubscribe,
            "contradicted": self.contradicted,
            "pending": self.pending,
            "stay_confirmed": self.stay_confirmed,
            "confirmed": self.confirmed,
            "international": self.international,
            "columns": {
                one: ", ".join(name for meaning, name in self.columns if meaning == one) for one in dict(self.columns)
            },
            "ignored": list(self.ignored),
            "problems": [problem.as_json() for problem in self.problems],
            "program": self.program or None,
            "guessed": list(self.guessed),
            "doubts": [doubt.as_json() for doubt in self.doubts],
            "unknown": list(self.unknown),
            "note": self.note or None,
            "digest": self.digest,
        }


def unknown_topics(topics: Iterable[str], settings: Settings, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return which topics lead to nothing: another program's words, or misspelt ones, make an issue thin, unseen."""
    known = [*settings.readers.topics, *(topic for entry in entries for topic in entry.topics)]
    return tuple(sorted(set(canonical_topics(topics)) - set(canonical_topics(known))))
