"""What a rule is, and what it says of an issue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.model.finding import Edit, Finding, Place, Severity

if TYPE_CHECKING:
    from newsletter.checks.subject import Subject

Value = int | float | str | tuple[str, ...]
"""What a rule's parameter may be."""

DOCS = "docs/rules.md"


class Group(StrEnum):
    """What a rule is about."""

    EDITORIAL = "editorial"
    LINKS = "links"
    IMAGES = "images"
    ACCESSIBILITY = "accessibility"
    CLIENTS = "mail clients"
    DELIVERABILITY = "deliverability and law"
    CONSISTENCY = "consistency"
    RULES = "the rules themselves"


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem that a rule has found; `fix` says more about this one than the rule does."""

    message: str
    place: Place
    entry: str = ""
    fix: str = ""
    edit: Edit | None = None
    field: str = ""
    """The field that lacks; where it is there, its place says which it is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One question asked of every issue.

    `check` yields a fault for each problem it finds. `bad` and `good` are lines that the documentation shows;
    `parameters` are what a workspace may set, with their defaults: a check asks its subject for what was set.
    """

    code: str
    severity: Severity
    title: str
    why: str
    fix: str
    check: Callable[[Subject], Iterable[Fault]]
    group: Group = Group.EDITORIAL
    bad: str = ""
    good: str = ""
    parameters: Mapping[str, Value] = dataclass_field(default_factory=dict)
    needs: str = ""
    """The name among `Facts` of what is not always there, as what the ledger has; without it the rule is silent."""

    @property
    def docs(self) -> str:
        """Where the rule is explained."""
        return f"{DOCS}#{self.code.lower()}"

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Yield the rule's findings about an issue."""
        severity = subject.levels.get(self.code, self.severity)
        for fault in self.check(subject):
            yield self.finding(fault, severity)

    def finding(self, fault: Fault, severity: Severity | None = None) -> Finding:
        """Return a fault as a finding."""
        return Finding(
            self.code,
            severity or self.severity,
            fault.message,
            fault.place,
            why=self.why,
            fix=fault.fix or self.fix,
            field=fault.field,
            entry=fault.entry,
            docs=self.docs,
            edit=fault.edit,
        )
