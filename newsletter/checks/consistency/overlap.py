"""Does every day belong to one issue?"""

from collections.abc import Iterator
from datetime import date, timedelta

from newsletter.checks.consistency.beside import earlier, same_readers
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity
from newsletter.model.wording import Wording, listed

_MOST = 5
"""Issues that are named."""


def _period(subject: Subject) -> Place:
    origin = subject.selection.issue.origin
    return origin.value("period", "from") if ("period", "from") in origin.values else origin.value("period")


def _overlaps(subject: Subject) -> Iterator[Fault]:
    period = subject.selection.period
    within = [
        other for other in earlier(subject) if period.start <= other.period.start and other.period.end < period.end
    ]
    if len(within) > 1:
        names = [other.issue.name for other in within]
        named = listed(names if len(names) <= _MOST else [*names[:_MOST], f"{len(names) - _MOST} more"])
        fix = "mute the rule where that is meant: what they show is not shown again here"
        yield Fault(f"the issues {named} have days of this one too", _period(subject), fix=fix)
    for other in earlier(subject):
        if other.period.end > period.start and not (len(within) > 1 and other in within):
            first, last = max(other.period.start, period.start), other.period.last
            message = f"issue {other.issue.name} has {first} to {last} too"
            # Who did not get the other one would miss its days, were this one to begin after them.
            others = [name for name in subject.selection.issue.lists if not other.issue.reaches(name)]
            fix = _begin(other.period.end)
            if other.period.end == period.end:
                fix = "give one of the two other days, or send it to other readers"
            elif other.period.start > period.start:
                # To begin after it would leave the days before it to no issue.
                fix = f"mute the rule where that is meant: what {other.issue.name} shows is not shown again here"
            elif others:
                fix = f"send {listed(others)} a letter of their own, and let this one begin on {other.period.end}"
            yield Fault(message, _period(subject), fix=fix)


def _leaves(subject: Subject) -> Iterator[Fault]:
    start = subject.selection.period.start
    # One that goes on for longer has these days as well.
    ends = [other.period.end for other in same_readers(subject) if other.period.start < start]
    end = max(ends, default=start)
    if end < start:
        inside = [entry for entry in subject.facts.entries if entry.day and end <= entry.day < start]
        many = "no entry lies" if not inside else "1 entry lies" if len(inside) == 1 else f"{len(inside)} entries lie"
        message = f"no issue has {end} to {start - timedelta(days=1)}; {many} there"
        yield Fault(message, _period(subject), fix=_begin(end))


def _begin(day: date) -> str:
    """Return what closes up with the issue before."""
    first = f"begin on {day}, or"
    return Wording(f"{first} write `since: last issue`", f"{first} {_TICK}")


_TICK = "tick “from where the last issue ended” under Words"
_ON = Wording("write `period: {since: last issue, to: …}`", _TICK)
OVERLAP = Rule(
    code="CNS001",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="two issues for the same days",
    why="an entry of these days could stand in either; the issue that ends first takes it, or else the shorter",
    fix=_ON,
    bad="period: {from: 2024-07-20, to: 2024-08-31}",
    good="period: {since: last issue, to: 2024-08-31}",
    check=_overlaps,
)
HOLE = Rule(
    code="CNS002",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="days that no issue has",
    why="what is dated there reaches no reader",
    fix=_ON,
    bad="period: {from: 2024-08-05, to: 2024-08-31}",
    good="period: {since: last issue, to: 2024-08-31}",
    check=_leaves,
)
