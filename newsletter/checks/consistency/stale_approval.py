"""Is what was approved still what would be sent?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    facts = subject.facts
    if facts.approved and facts.approved != facts.digest:
        message = f"what was approved ({facts.approved[:12]}…) is not what would be sent now"
        yield Fault(message, facts.approval)


RULE = Rule(
    code="CNS004",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="approval of something else",
    why="somebody has changed the issue, an entry or a template since, so nobody has approved what would be sent",
    fix="look at the preview, and approve it anew; where it has left already, nothing is to do",
    check=_check,
)
