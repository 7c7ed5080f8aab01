"""An approval: somebody's word for exactly what an issue is, and what that word is worth now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from newsletter.model.difference import Difference
from newsletter.model.finding import Place


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as git knows people; either part may be empty."""

    name: str = ""
    address: str = ""

    def __str__(self) -> str:
        if self.name and self.address:
            return f"{self.name} <{self.address}>"
        return self.name or self.address

    def is_same(self, other: Person) -> bool:
        """Return whether both are one person: an equal address or an equal name is enough."""
        return any(
            one and one.casefold().split() == another.casefold().split()
            for one, another in ((self.name, other.name), (self.address, other.address))
        )


@dataclass(frozen=True, slots=True)
class Approval:
    """Who has approved which digest of an issue, and when."""

    issue: str
    digest: str
    by: Person
    at: datetime
    authors: tuple[Person, ...] = ()
    """Who had changed the issue last, where somebody looked."""
    place: Place = field(default=Place(), compare=False)
    """Where the digest stands."""


class State(StrEnum):
    """What an approval is worth now."""

    MISSING = "missing"
    APPROVED = "approved"
    CHANGED = "changed"
    """The issue is not what was approved."""
    BY_AUTHOR = "by_author"
    """The approver had changed the issue last, or nobody looked who had, and the settings want another person."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An issue as it is now beside its approval."""

    issue: str
    digest: str
    """Of the issue as it is now."""
    state: State
    approval: Approval | None = None
    difference: Difference | None = None
    """What has changed since, where that was kept."""

    def as_json(self) -> dict[str, Any]:
        """Return the object that `approve --check --json` prints."""
        approval = self.approval
        return {
            "schema": 1,
            "issue": self.issue,
            "state": str(self.state),
            "digest": self.digest,
            "approval": {
                "by": str(approval.by),
                "at": approval.at.isoformat(),
                "digest": approval.digest,
                "authors": [str(author) for author in approval.authors],
            }
            if approval
            else None,
            "difference": self.difference.as_json() if self.difference else None,
        }
