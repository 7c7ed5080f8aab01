"""Does every entry of these days have a section?"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry, Status
from newsletter.model.finding import Severity
from newsletter.model.selection import Out, asks_for
from newsletter.model.wording import Wording

_MOST = 5
"""Entries of a kind that are told one by one."""


def _check(subject: Subject) -> Iterator[Fault]:
    # Once it has left, nobody can put anything in.
    if subject.selection.issue.name in subject.facts.left:
        return
    known = {entry.id: entry for entry in subject.facts.entries}
    by_reason: defaultdict[str, list[Entry]] = defaultdict(list)
    for left in subject.selection.out:
        if left.reason is Out.NO_SECTION and left.id in known and _is_lost(subject, known[left.id]):
            by_reason[left.detail].append(known[left.id])
    for reason, lost in by_reason.items():
        if len(lost) > _MOST:
            message = f"{len(lost)} entries of these days, such as “{lost[0].title}”, are in no issue: {reason}"
            yield Fault(message, subject.selection.issue.origin.place("sections"))
            continue
        for entry in lost:
            message = f"“{entry.title}” is of these days and in no issue: {reason}"
            yield Fault(message, entry.origin.value("date"), entry.id)


def _is_lost(subject: Subject, entry: Entry) -> bool:
    """Return whether nobody will get an entry that could go out with this issue, for want of a section."""
    selection = subject.selection
    may_leave = (
        entry.status == Status.READY
        and not (entry.embargo and entry.embargo.at > selection.send_at)
        and not (entry.closes and entry.closes.at < selection.send_at)
        and any(map(entry.speaks, subject.languages))
    )
    return may_leave and entry.day is not None and not _is_elsewhere(subject, entry, entry.day)


def _is_elsewhere(subject: Subject, entry: Entry, day: date) -> bool:
    """Return whether another issue of these days, or a letter to other readers, has a section for such an entry."""
    return any(
        (day in other.period or not subject.selection.issue.shares_readers(other.issue))
        and any(asks_for(other.issue, section, entry) for section in other.issue.sections)
        for other in subject.facts.siblings
    )


RULE = Rule(
    code="SEC003",
    severity=Severity.WARNING,
    title="entry that no section takes",
    why="its day belongs to this issue, so no later one takes it, and no reader learns of it",
    fix=Wording(
        "add a section that takes it, pin it, or drop it with a reason",
        "add a section that takes it, put it in, or leave it out with a reason",
    ),
    bad="sections: [{heading: Featured study, take: study, featured: true}]",
    good="sections: [{heading: Featured study, take: study, featured: true}, {heading: Studies, take: study}]",
    check=_check,
)
