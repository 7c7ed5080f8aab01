"""Findings of one rule stand together, with what is said of all of them said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Row:
    """A finding and the ways from it."""

    finding: Finding
    block: str
    """Where it shows in the email."""
    link: str
    """Where it is mended."""
    form: str
    """By what the form is known that silences it; nothing where none may."""


@dataclass(frozen=True, slots=True)
class Alike:
    """The findings of one rule, in their order."""

    rows: tuple[Row, ...]

    @property
    def why(self) -> str:
        """The reason, where it is that of all."""
        return _common(row.finding.why for row in self.rows)

    @property
    def fix(self) -> str:
        """The remedy, where it is that of all."""
        return _common(row.finding.fix for row in self.rows)


def together(rows: Iterable[Row]) -> tuple[Alike, ...]:
    """Return findings by rule and severity, each group where its first one stands; what has no rule stands alone."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        finding = row.finding
        groups.setdefault((finding.severity, finding.code) if finding.code else row, []).append(row)
    return tuple(Alike(tuple(group)) for group in groups.values())


def _common(texts: Iterable[str]) -> str:
    first, *others = texts
    return first if all(text == first for text in others) else ""
