"""Whether another issue takes what one leaves out."""

from __future__ import annotations

from datetime import date

from newsletter.checks.facts import Sibling
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry
from newsletter.model.selection import asks_for


def is_elsewhere(subject: Subject, entry: Entry, day: date) -> bool:
    """Return whether another issue takes an entry of some day, or names it."""
    return any(
        entry.id in {*other.issue.pin, *other.issue.feature}
        or (_has_days(subject, other, day) and _wants(subject, other, entry))
        for other in subject.facts.siblings
    )


def _has_days(subject: Subject, other: Sibling, day: date) -> bool:
    """Return whether a day belongs to an issue, or to a later one of its letter that nobody has planned yet."""
    own = subject.selection
    to_others = not own.issue.shares_readers(other.issue)
    # A month beside weeks is planned when it ends.
    longer = other.period.end - other.period.start >= 2 * (own.period.end - own.period.start)
    return day in other.period or ((to_others or longer) and other.period.end <= day)


def _wants(subject: Subject, other: Sibling, entry: Entry) -> bool:
    settings = subject.facts.settings
    languages = other.issue.languages or ((settings.language,) if settings else subject.languages)
    return any(map(entry.speaks, languages)) and any(
        asks_for(other.issue, section, entry) and (not section.languages or any(map(entry.speaks, section.languages)))
        for section in other.issue.sections
    )
