"""Are issues counted on?"""

from collections.abc import Iterator

from newsletter.checks.consistency.beside import earlier
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    counted = [other for other in earlier(subject) if other.issue.number is not None]
    if issue.number is None or not counted:
        return
    last = counted[-1].issue
    # A new year may begin with 1 again.
    if last.number is not None and issue.number not in {last.number + 1, 1}:
        message = f"the issue has the number {issue.number} after number {last.number} ({last.name})"
        fix = Wording(f"write `number: {last.number + 1}`", f"write {last.number + 1} at “Number” under Words")
        yield Fault(message, issue.origin.value("number"), fix=fix)


RULE = Rule(
    code="CNS006",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="issue number out of order",
    why="readers and archives quote issues by number",
    fix="count on from the last issue",
    check=_check,
)
