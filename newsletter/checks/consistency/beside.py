"""Which other issues an issue can get into the way of."""

from __future__ import annotations

from newsletter.checks.facts import Sibling
from newsletter.checks.subject import Subject


def same_readers(subject: Subject) -> list[Sibling]:
    """Return the other issues that go to the same people, by the beginning of their periods."""
    return [other for other in subject.facts.siblings if subject.selection.issue.shares_readers(other.issue)]


def earlier(subject: Subject) -> list[Sibling]:
    """Return those whose periods begin before this one's; of the same day, by name."""
    own = (subject.selection.period.start, subject.selection.issue.name)
    return [other for other in same_readers(subject) if (other.period.start, other.issue.name) < own]
