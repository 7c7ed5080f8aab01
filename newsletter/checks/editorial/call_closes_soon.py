"""Do readers have time to apply?"""

from collections.abc import Iterator
from datetime import timedelta

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Call
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    send_at, hours = subject.selection.send_at, subject.number(RULE, "hours")
    for entry in subject.entries:
        if isinstance(entry, Call) and send_at <= entry.deadline.at < send_at + timedelta(hours=hours):
            message = f"the call closes within {hours:g} hours of sending ({entry.deadline.told})"
            yield Fault(message, entry.origin.value("deadline"), entry.id)


RULE = Rule(
    code="EDT013",
    severity=Severity.WARNING,
    title="call that closes at once",
    why="many people read a newsletter on the day after, and nobody applies within hours",
    fix=Wording(
        "send earlier, drop the call, or ask whether the deadline can move",
        "send earlier, leave the call out, or ask whether the deadline can move",
    ),
    parameters={"hours": 24},
    check=_check,
)
