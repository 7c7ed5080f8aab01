"""Do readers of each list get what is out because readers of another have had it, or an issue of its day?"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from newsletter.checks.consistency.beside import earlier
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.selection import Left, Out
from newsletter.model.wording import Wording, listed

_MOST = 5
"""Entries that are named; `newsletter select` names all."""


def _check(subject: Subject) -> Iterator[Fault]:
    issue, start = subject.selection.issue, subject.selection.period.start
    for number, name in enumerate(issue.lists):
        place = issue.origin.value("lists", number)
        had = [other.period.end for other in earlier(subject) if other.issue.reaches_all(name, issue)]
        missed = [left for left in subject.selection.out if name in left.unseen_by]
        between = [left for left in missed if left.reason is Out.OUT_OF_PERIOD]
        shown = [left for left in missed if left.reason is Out.ALREADY_FEATURED]
        if between and had:
            days = f"{max(had)} to {start - timedelta(days=1)}"
            message = f"readers of {name} have had no issue for {days}, and have not been shown {_named(between)}"
            yield Fault(message, place)
        if shown:
            message = f"readers of {name} have not been shown {_named(shown)}, which other readers of this issue have"
            yield Fault(message, place)


def _named(left: Sequence[Left]) -> str:
    ids = [one.id for one in left]
    more = len(ids) - _MOST
    return listed(ids if more <= 1 else [*ids[:_MOST], f"{more} more"])


RULE = Rule(
    code="CNS011",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="entries that readers of one list miss",
    why="an issue goes on from the last one to any of its lists, or to a segment, and repeats nothing that some had",
    fix=Wording(
        "send that list a letter of its own, with periods of its own; or `newsletter pin` the entries in this issue, "
        "where the others then see them again; or drop them with a reason",
        "send that list a letter of its own, with periods of its own; or put the entries in, where the others then see "
        "them again; or leave them out with a reason",
    ),
    bad="lists: [weekly, members]",
    good="lists: [members]",
    check=_check,
)
