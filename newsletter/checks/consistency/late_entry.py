"""Does everything reach readers that was written after an issue had left?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.selection import Out


def _check(subject: Subject) -> Iterator[Fault]:
    late = {left.id for left in subject.selection.out if left.reason is Out.OUT_OF_PERIOD}
    gone = [other for other in subject.facts.siblings if other.issue.name in subject.facts.sent]
    for entry in subject.facts.entries:
        if entry.id not in late or entry.day is None or entry.day >= subject.selection.period.start:
            continue
        for other in gone:
            text = " ".join(subject.facts.sent[other.issue.name].split())
            titles = (entry.title, *(told.title for told in entry.translations.values()))
            if entry.day in other.period and not any(title in text for title in titles):
                message = (
                    f"{entry.id} is dated {entry.day}, but issue {other.issue.name} of these days has left without it"
                )
                yield Fault(message, entry.origin.value("date"), entry.id)


RULE = Rule(
    code="CNS003",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="entry that came too late",
    why="its day belongs to an issue that has been sent, so no issue takes it by itself",
    fix="pin it in this issue, date it on the day it was written, or drop it with a reason",
    check=_check,
)
