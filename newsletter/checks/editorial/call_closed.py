"""Can readers still apply when the email arrives?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Call
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    send_at = subject.selection.send_at
    for entry in subject.entries:
        if isinstance(entry, Call) and entry.deadline.at < send_at:
            message = f"the call is closed ({entry.deadline.told}) when the email is sent ({send_at:%Y-%m-%d})"
            yield Fault(message, entry.origin.value("deadline"), entry.id)


RULE = Rule(
    code="EDT012",
    severity=Severity.ERROR,
    title="call that is closed",
    why="readers would prepare an application for nothing",
    fix=Wording(
        "take it out of `pin` or `feature`, or correct the deadline",
        "take back what was decided about it, or correct the deadline",
    ),
    check=_check,
)
