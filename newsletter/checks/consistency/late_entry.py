"""Does everything reach readers that was written after an issue had left?"""

from collections.abc import Iterator

from newsletter.checks.consistency.beside import same_readers
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry, Status
from newsletter.model.finding import Severity
from newsletter.model.selection import Out, asks_for
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    outside = {left.id for left in subject.selection.out if left.reason is Out.OUT_OF_PERIOD}
    sent = {name: " ".join(text.split()) for name, text in subject.facts.sent.items()}
    gone = [other for other in same_readers(subject) if other.issue.name in sent]
    late = (entry for entry in subject.facts.entries if entry.id in outside and _fits(subject, entry))
    for entry in late:
        if entry.day is None or entry.day >= subject.selection.period.start:
            continue
        titles = (entry.title, *(told.title for told in entry.translations.values()))
        since = [other for other in gone if other.period.end > entry.day]
        shown = any(title in sent[other.issue.name] for other in since for title in titles)
        # What an issue after that of its days has dropped, somebody has thought about.
        dropped = any(entry.id in other.issue.drop for other in since if entry.day < other.period.start)
        for other in gone:
            if entry.day in other.period and not shown and not dropped:
                message = (
                    f"{entry.id} is dated {entry.day}, but issue {other.issue.name} of these days has left without it"
                )
                yield Fault(message, entry.origin.value("date"), entry.id)


def _fits(subject: Subject, entry: Entry) -> bool:
    """Return whether this issue could take an entry if it were of its days."""
    selection = subject.selection
    return (
        entry.status == Status.READY
        and any(asks_for(selection.issue, section, entry) for section in selection.issue.sections)
        and any(map(entry.speaks, subject.languages))
        and not (entry.closes and entry.closes.at < selection.send_at)
    )


RULE = Rule(
    code="CNS003",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="entry that came too late",
    why="its day belongs to an issue that has been sent, so no issue takes it by itself",
    fix=Wording(
        "pin it in this issue, date it on the day it was written, or drop it with a reason",
        "put it in, date it on the day it was written, or leave it out with a reason",
    ),
    check=_check,
)
