"""Entry files as named groups of fields, whose values nobody has judged yet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from newsletter.content import document, text
from newsletter.content.files import File
from newsletter.content.marks import Source
from newsletter.content.mistake import Mistake, of_conflict
from newsletter.model.entry import SHIPPED_TYPES
from newsletter.model.finding import Finding, Origin, Severity
from newsletter.model.shape import names

_CODE = "ENT"
_FIELDS = frozenset().union(*map(names, SHIPPED_TYPES))


@dataclass(frozen=True, slots=True)
class Raw:
    """One entry as its file writes it: its fields, or nothing where they cannot be made out."""

    id: str
    file: File
    origin: Origin
    fields: dict[str, Any] | None
    findings: tuple[Finding, ...] = ()
    written: str = field(default="", compare=False, repr=False)
    """The text of the file."""

    @property
    def spoilt(self) -> bool:
        """Whether the way it is written already forbids to use it."""
        return self.fields is None or any(finding.severity is Severity.ERROR for finding in self.findings)


def read(file: File) -> list[Raw]:
    """Return the entries of a file; never raises for what the file says."""
    written = text.read(file.path)
    return [_unusable(file, [written])] if isinstance(written, Mistake) else read_text(file, written)


def read_text(file: File, written: str) -> list[Raw]:
    """Return the entries of a file by its text."""
    if conflict := of_conflict(written):
        return [_unusable(file, [conflict])]
    raws = [_single(file, written)] if file.suffix == ".md" else _several(file, written)
    return [replace(one, written=written) for one in raws]


def _single(file: File, written: str) -> Raw:
    parts = text.split(written)
    if isinstance(parts, Mistake):
        return _unusable(file, [parts])
    read_fields = document.read(parts.fields)
    fields = read_fields.value
    if not isinstance(fields, dict):
        return _unusable(file, [*read_fields.mistakes, *([] if read_fields.spoilt else [_no_fields()])])
    source = Source(file.name, parts.fields)
    if not parts.body:
        return Raw(_identity(file.stem), file, source.origin(), fields, _findings(file, read_fields.mistakes))
    mistakes = [*read_fields.mistakes, *([_two_bodies(source.origin())] if fields.get("body") else [])]
    origin = source.origin((), {("body",): (parts.body_line, 1)})
    return Raw(_identity(file.stem), file, origin, fields | {"body": parts.body}, _findings(file, mistakes))


def _several(file: File, written: str) -> list[Raw]:
    read_entries = document.read(written)
    entries = read_entries.value
    if not isinstance(entries, dict) or not entries:
        return [_unusable(file, [*read_entries.mistakes, *([] if read_entries.spoilt else [_no_entries(entries)])])]
    if any(name in _FIELDS and not isinstance(fields, dict) for name, fields in entries.items()):
        return [_unusable(file, [*read_entries.mistakes, _fields_without_id(file)])]
    source = Source(file.name, written)
    raws = []
    # What is wrong with the writing may concern any of the entries; the first one tells it.
    findings = _findings(file, read_entries.mistakes)
    for name, fields in entries.items():
        origin = source.origin((name,))
        if isinstance(fields, dict):
            raws.append(Raw(_identity(name), file, origin, fields, findings))
        else:
            findings += _findings(file, [_no_group(name, origin)])
            raws.append(Raw(_identity(name), file, origin, None, findings))
        findings = ()
    return raws


def _identity(name: str) -> str:
    # Some systems take accents apart in file names; the id is the same whichever wrote it.
    return unicodedata.normalize("NFC", name).strip()


def _unusable(file: File, mistakes: Iterable[Mistake]) -> Raw:
    return Raw(_identity(file.stem), file, Origin(file.name), None, _findings(file, mistakes))


def _findings(file: File, mistakes: Iterable[Mistake]) -> tuple[Finding, ...]:
    return tuple(mistake.finding(_CODE, file.name) for mistake in mistakes)


def _no_fields() -> Mistake:
    return Mistake(
        "between the two lines --- there are no fields",
        1,
        1,
        why="an entry needs at least a title",
        fix="write a line `title: …` between them",
    )


def _two_bodies(origin: Origin) -> Mistake:
    place = origin.place("body")
    return Mistake(
        "the body is written twice: as a field, and as the text below",
        place.line,
        place.column,
        why="only one of the two could be shown",
        fix="delete the field `body`",
    )


def _no_entries(value: object) -> Mistake:
    if not value:
        why = "an empty file is probably one that was forgotten"
        return Mistake("the file is empty", 0, 0, why, "write an entry, or delete the file", code="002")
    return Mistake(
        "the file does not give its entries names",
        1,
        1,
        why="an entry in a .yaml file is found by the name above its fields, which becomes its id",
        fix="write a name with a colon, such as `projects-ongoing:`, and below it the fields, indented by two spaces",
    )


def _fields_without_id(file: File) -> Mistake:
    return Mistake(
        "the fields stand at the margin, without the name of an entry above them",
        1,
        1,
        why="a .yaml file holds several entries, each below its name; a .md file holds one",
        fix=f"rename the file to {file.stem}.md and put a line --- above and below the fields",
    )


def _no_group(name: str, origin: Origin) -> Mistake:
    place = origin.place()
    return Mistake(
        f"'{name}' has no fields",
        place.line,
        place.column,
        why="an entry needs at least a title",
        fix=f"write its fields below `{name}:`, each indented by two spaces",
    )
