"""Are announced events still to come when the email arrives?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Event
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording

_MOST_DAYS = 183
"""How long afterwards people still report of an event; beyond that the year is a slip."""


def _check(subject: Subject) -> Iterator[Fault]:
    send_at = subject.selection.send_at
    for entry in subject.entries:
        if not isinstance(entry, Event):
            continue
        end = entry.end or entry.start
        late = (entry.day - end.day).days if entry.day else 0
        # An entry that was published afterwards is a report, and may well speak of the past.
        if end.last < send_at and not 0 < late <= _MOST_DAYS:
            field = "end" if entry.end else "start"
            message = f"the event is over ({end.told}) when the email is sent ({send_at:%Y-%m-%d})"
            fix = f"look whether the year is right; `date` is {late} days later" if late > 0 else ""
            yield Fault(message, entry.origin.value(field), entry.id, fix)


RULE = Rule(
    code="EDT011",
    severity=Severity.WARNING,
    title="event in the past",
    why="readers cannot go there any more",
    fix=Wording(
        "drop it; or tell how it was, with a `date` after its end",
        "leave it out; or tell how it was, with a date after its end",
    ),
    check=_check,
)
