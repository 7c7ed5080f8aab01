"""Does anything of these days wait for a word of the team?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.selection import Out, asks_for
from newsletter.model.wording import Wording, listed

_MOST = 3
"""Entries that are named."""
_WAITS = {
    Out.DRAFT: ("it is a draft", "they are drafts"),
    Out.EMBARGOED: ("it is under embargo", "they are under embargo"),
}


def _check(subject: Subject) -> Iterator[Fault]:
    issue, period = subject.selection.issue, subject.selection.period
    known = {entry.id: entry for entry in subject.facts.entries}
    for reason, (one, several) in _WAITS.items():
        out = [left for left in subject.selection.out if left.reason is reason and left.day and left.day in period]
        waiting = [known[left.id] for left in out if left.id in known]
        titles = [
            f"“{entry.title}”"
            for entry in waiting
            if any(map(entry.speaks, subject.languages))
            and any(asks_for(issue, section, entry) for section in issue.sections)
        ]
        # Once it has left, nothing can join it.
        if titles and issue.name not in subject.facts.left:
            named = titles if len(titles) <= _MOST else [*titles[:_MOST], f"{len(titles) - _MOST} more"]
            stays = f"is of these days and stays out: {one}"
            are = stays if len(titles) == 1 else f"are of these days and stay out: {several}"
            yield Fault(f"{listed(named)} {are}", issue.origin.place("period"))


RULE = Rule(
    code="SEC004",
    severity=Severity.NOTE,
    title="entry that waits",
    why="its day belongs to this issue, and once that has left no later one takes it by itself",
    fix=Wording(
        "write `status: ready` into what is to go out, or date it on a day of a later issue",
        "make ready what is to go out, or date it on a day of a later issue",
    ),
    check=_check,
)
