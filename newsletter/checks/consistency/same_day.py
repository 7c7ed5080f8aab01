"""Do readers get one issue a day at most?"""

from collections.abc import Iterator

from newsletter.checks.consistency.beside import same_readers
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    if issue.send_at is None:
        return
    for other in same_readers(subject):
        if other.issue.send_at and other.issue.send_at.day == issue.send_at.day:
            message = f"issue {other.issue.name} goes to the same people on {issue.send_at.day} too"
            yield Fault(message, issue.origin.value("send_at"))


RULE = Rule(
    code="CNS008",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="two issues on one day",
    why="the second is the one that readers unsubscribe from",
    fix="send one of them on another day",
    check=_check,
)
