"""Everything that a workspace's files say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Issue


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry that cannot be used as it is written; its findings say why."""

    id: str
    type: str
    file: str
    title: str = ""
    """As far as it can be read."""
    is_draft: bool = False

    @property
    def name(self) -> str:
        """What people call it: its title, or its id."""
        return self.title or self.id


@dataclass(frozen=True)
class Content:
    """The entries and issues of a workspace, and every problem that its files have."""

    entries: tuple[Entry, ...] = ()
    """Sorted by id."""
    issues: Mapping[str, Issue] = field(default_factory=dict)
    """Sorted by name."""
    unreadable: tuple[Unreadable, ...] = ()
    findings: tuple[Finding, ...] = ()

    @cached_property
    def by_file(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries that stand in each file."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.origin.file, []).append(entry)
        return {file: tuple(entries) for file, entries in found.items()}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)
