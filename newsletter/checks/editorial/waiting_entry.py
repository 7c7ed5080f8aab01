"""Does anything of these days stay out that a word of the team would let in?"""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checks.consistency.beside import earlier, same_readers
from newsletter.checks.editorial.elsewhere import is_elsewhere
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry, Status
from newsletter.model.finding import Severity
from newsletter.model.issue import Issue, Section
from newsletter.model.selection import Left, Out, asks_for
from newsletter.model.wording import Wording, listed

_MOST = 3
"""Entries that are named."""


@dataclass(frozen=True, slots=True)
class _Stay:
    """Why entries stay out, of one and of several, and what helps where the rule's own words would not."""

    one: str
    several: str
    fix: str = ""


_OF_THESE_DAYS = "is of these days and stays out: ", "are of these days and stay out: "
_STAYS = {
    Out.DRAFT: _Stay("it is a draft", "they are drafts"),
    Out.EMBARGOED: _Stay(
        "it is under embargo",
        "they are under embargo",
        "date it on a day of the issue that leaves after its embargo, or send this one later",
    ),
    Out.OVER_LIMIT: _Stay(
        "its section is full",
        "their sections are full",
        Wording(
            "pin what is to go out, raise the section's `limit`, or date it on a day of a later issue",
            "put in what is to go out, let the section take more, or date it on a day of a later issue",
        ),
    ),
    Out.PAST_DEADLINE: _Stay(
        "it closes before the issue leaves",
        "they close before the issue leaves",
        "let the issue leave earlier, or tell readers of it in a letter of its own; else nothing is to do",
    ),
    Out.OUT_OF_PERIOD: _Stay(
        "has no date, so no issue takes it by itself",
        "have no date, so no issue takes them by itself",
        Wording(
            "write `date:` with the day on which it was published, pin it, or make it a draft",
            "say at “Date” on which day it was published, put it in, or make it a draft",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class _Placed:
    """What other issues say of entries without a date."""

    named: frozenset[str]
    takers: tuple[tuple[Issue, Section], ...]
    is_last: bool
    """Whether no issue to the same readers comes later, which would be the one to tell."""

    def has(self, entry: Entry) -> bool:
        """Return whether somebody has decided about an entry in another issue, or one there takes it as it is."""
        return entry.id in self.named or any(asks_for(issue, section, entry) for issue, section in self.takers)


def _placed(subject: Subject) -> _Placed:
    others = [other.issue for other in subject.facts.siblings]
    return _Placed(
        frozenset(name for issue in others for name in (*issue.pin, *issue.feature, *issue.drop)),
        tuple((issue, section) for issue in others for section in issue.sections if section.period == "any"),
        len(earlier(subject)) == len(same_readers(subject)),
    )


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    # Once it has left, nothing can join it.
    if issue.name in subject.facts.left:
        return
    known = {entry.id: entry for entry in subject.facts.entries}
    placed = _placed(subject)
    for reason, stay in _STAYS.items():
        out = [left for left in subject.selection.out if left.reason is reason and left.id in known]
        titles = [f"“{known[left.id].title}”" for left in out if _concerns(subject, known[left.id], left, placed)]
        if titles:
            named = titles if len(titles) <= _MOST else [*titles[:_MOST], f"{len(titles) - _MOST} more"]
            before = ("", "") if reason is Out.OUT_OF_PERIOD else _OF_THESE_DAYS
            said = f"{before[0]}{stay.one}" if len(titles) == 1 else f"{before[1]}{stay.several}"
            yield Fault(f"{listed(named)} {said}", issue.origin.place("period"), fix=stay.fix)


def _concerns(subject: Subject, entry: Entry, left: Left, placed: _Placed) -> bool:
    """Return whether this issue is the one that would show an entry."""
    issue, day = subject.selection.issue, left.day
    # Of thousands of entries most are of other days: that is asked first.
    if (day is None) is not (left.reason is Out.OUT_OF_PERIOD) or (day and day not in subject.selection.period):
        return False
    if not any(map(entry.speaks, subject.languages)):
        return False
    if not any(asks_for(issue, section, entry) for section in issue.sections):
        return False
    if day is None:
        return placed.is_last and _may_leave(subject, entry) and not placed.has(entry)
    return left.reason in {Out.DRAFT, Out.EMBARGOED} or not is_elsewhere(subject, entry, day)


def _may_leave(subject: Subject, entry: Entry) -> bool:
    """Return whether a date is all that an entry lacks."""
    held = entry.embargo is not None and entry.embargo.at > subject.selection.send_at
    over = entry.closes is not None and entry.closes.at < subject.selection.send_at
    return entry.status is Status.READY and not entry.recurs and not held and not over


RULE = Rule(
    code="SEC004",
    severity=Severity.NOTE,
    title="entry that stays out",
    why="its day belongs to this issue, and once that has left no later one takes it by itself",
    fix=Wording(
        "write `status: ready` into what is to go out, or date it on a day of a later issue",
        "make ready what is to go out, or date it on a day of a later issue",
    ),
    check=_check,
)
