"""Which other issues an issue can get into the way of."""

from __future__ import annotations

from newsletter.checks.facts import Sibling
from newsletter.checks.subject import Subject


def same_readers(subject: Subject) -> list[Sibling]:
    """Return the other issues that go to the same people, by the ends of their periods."""
    return [other for other in subject.facts.siblings if subject.selection.issue.shares_readers(other.issue)]


def earlier(subject: Subject) -> list[Sibling]:
    """Return those whose periods end before this one's, so that they leave before it."""
    own = subject.selection.period.rank(subject.selection.issue.name)
    return [other for other in same_readers(subject) if other.period.rank(other.issue.name) < own]
