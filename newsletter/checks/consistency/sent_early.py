"""Is the period over when the issue is sent?"""

from collections.abc import Iterator
from datetime import timedelta

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording

_MEANT = Wording(
    "correct the month or the year of `send_at` or `period`",
    "correct the month or the year at “Goes out” or at “Days that it covers” under Words",
)


def _check(subject: Subject) -> Iterator[Fault]:
    selection = subject.selection
    sent, period, place = selection.send_at, selection.period, selection.issue.origin.value("send_at")
    if sent.date() < period.start:
        message = f"the issue is sent on {sent:%Y-%m-%d}, before its period begins ({period.start})"
        yield Fault(message, place, fix=_MEANT)
    # On the last day itself most of it has been written.
    elif sent < period.closes_at - timedelta(days=1):
        yield Fault(f"the issue is sent on {sent:%Y-%m-%d}, before its period ends ({period.last})", place)


RULE = Rule(
    code="CNS005",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="sent before the period ends",
    why="what is dated in the days that are left belongs to this issue, and will reach nobody",
    fix="send later, or let the period end on the day before",
    check=_check,
)
