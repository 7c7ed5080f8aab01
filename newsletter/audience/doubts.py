"""Columns that an import leaves aside although they may say who has left, found by their names and by their cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from newsletter.audience.columns import Columns
from newsletter.audience.spelling import folded
from newsletter.audience.suspicion import NOTE, beside, is_ticked, says_yes_of_consent, suspicion

_SHOWN = 5
_SOME = 2


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column that is not used, and in some rows seems to say that somebody must not be written to."""

    column: str
    meaning: str
    """What to map it to; `note` where people wrote it down in sentences, which no column can be."""
    rows: int
    lines: tuple[int, ...] = ()
    """The first of the lines of the file with such a note."""

    def as_json(self) -> dict[str, str | int | list[int]]:
        """Return an object of `doubts`."""
        lines = {"lines": list(self.lines)} if self.lines else {}
        return {"column": self.column, "meaning": self.meaning, "rows": self.rows, **lines}


@dataclass(slots=True)
class _Ticks:
    """What stands in a column where a tick is a yes."""

    header: str
    places: tuple[int, ...]
    """Where it stands, and what counts instead of it."""
    blank: int = 0
    says_yes: bool = False
    answers: set[str] = field(default_factory=set)

    def look(self, cells: Sequence[str]) -> None:
        """Take note of a row."""
        cell = next((cells[place] for place in self.places if place < len(cells) and cells[place].strip()), "")
        if not cell:
            self.blank += 1
        elif not self.says_yes:
            self.says_yes = says_yes_of_consent(cell)
            if len(self.answers) < _SOME:
                self.answers.add(cell)

    @property
    def lacking(self) -> int:
        """In how many rows nothing stands, where others have a yes, or all of them the sentence that was ticked."""
        return self.blank if self.says_yes or len(self.answers) == 1 else 0


class Doubts:
    """Counts, while rows stream by, who may have left by columns that are not used."""

    def __init__(self, columns: Columns, settled: Collection[str] = ()) -> None:
        """`settled` are the columns of which a person has said that they do not count."""
        known = {folded(name) for name in settled}
        used = {place: meaning for meaning, place in columns.places.items()}
        used.update(dict.fromkeys(columns.left_too, "left"))
        self._asked: list[tuple[int, str, str, Callable[[str], bool]]] = [
            (place, header, meaning, speaks)
            for place, header in enumerate(columns.headers or ["the addresses"])
            if folded(header) not in known
            for meaning, speaks in (suspicion(header) if place not in used else beside(used[place]))
        ]
        # A file that tells the state of everybody has said it.
        told = {"consent", "confirmed"} & set(columns.places)
        # With a proof beside it, the day is more than whether somebody has confirmed.
        proven = columns.format or "proof" in columns.places
        read = {place for place, meaning in used.items() if proven or meaning != "consent_at"}
        self._ticks = [
            _Ticks(header, (place,))
            for place, header in enumerate(columns.headers)
            if not told and place not in read and folded(header) not in known and is_ticked(header)
        ]
        ever = columns.format.ever if columns.format else ()
        self._ticks += [
            _Ticks(header, (place, columns.places.get("consent_at", place)), says_yes=True)
            for place, header in enumerate(columns.headers)
            if not told and place not in used and folded(header) in ever and folded(header) not in known
        ]
        self._rows = [0] * len(self._asked)
        self._lines: list[list[int]] = [[] for _ in self._asked]

    def look(self, cells: Sequence[str], line: int = 0) -> None:
        """Take note of a row by which somebody would be written to."""
        for number, (place, _, meaning, speaks) in enumerate(self._asked):
            if place < len(cells) and speaks(cells[place]):
                self._rows[number] += 1
                if meaning == NOTE and len(self._lines[number]) < _SHOWN:
                    self._lines[number].append(line)
        for ticks in self._ticks:
            ticks.look(cells)

    @property
    def any(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._asked or self._ticks)

    @property
    def found(self) -> tuple[Doubt, ...]:
        """Return the columns of which some row says so."""
        counted = zip(self._asked, self._rows, self._lines, strict=True)
        told = [Doubt(header, meaning, rows, tuple(lines)) for (_, header, meaning, _), rows, lines in counted if rows]
        asked = {doubt.column for doubt in told}
        ticks = [Doubt(each.header, "confirmed", each.lacking) for each in self._ticks if each.lacking]
        return (*told, *(doubt for doubt in ticks if doubt.column not in asked))
