"""Does everything reach readers that was written after an issue had left?"""

from collections.abc import Iterator, Sequence

from newsletter.checks.consistency.shown import Shown
from newsletter.checks.facts import Sibling
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry, Status
from newsletter.model.finding import Severity
from newsletter.model.selection import Left, Out, asks_for
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    # Once it has left itself, it can make up for nothing.
    if subject.selection.issue.name in subject.facts.left:
        return
    shown = Shown(subject)
    if not shown.issues:
        return
    out = {left.id: left for left in subject.selection.out if left.reason in {Out.OUT_OF_PERIOD, Out.ALREADY_FEATURED}}
    for entry in subject.facts.entries:
        if entry.id not in out or not _fits(subject, entry):
            continue
        since = [other for other in shown.issues if entry.day is None or other.period.end > entry.day]
        missed = [(other, told) for other in since if (told := _missed(subject, entry, out[entry.id], other))]
        # Only then the texts are searched: thousands of entries, and all that has left, make many searches.
        if not missed or _is_known(shown, entry, since) or _is_dropped(entry, since):
            continue
        if not any(_is_turned_away(subject, entry, other) for other, _ in missed):
            yield Fault(missed[0][1], entry.origin.value("date"), entry.id)


def _is_known(shown: Shown, entry: Entry, since: Sequence[Sibling]) -> bool:
    """Return whether readers may have had an entry, in an issue since its day or in one that told more of it."""
    # Of what has a page of its own an earlier issue tells more than that it is to come.
    had = bool(entry.url) and any(shown.surely(entry, other) for other in shown.issues)
    return had or shown.may_be(entry, since) or shown.is_unknown(entry)


def _missed(subject: Subject, entry: Entry, left: Left, other: Sibling) -> str:
    """Return what is to be said of an entry that an issue has left without, or nothing where it is not that issue's."""
    name = other.issue.name
    if left.reason is Out.ALREADY_FEATURED:
        # By the files as they are now, which say nothing of when they were written.
        return f"{entry.id} counts as shown {left.detail}, which has left without it" if left.shown_in == name else ""
    if entry.day is None or entry.day >= subject.selection.period.start or entry.day not in other.period:
        return ""
    return f"{entry.id} is dated {entry.day}, but issue {name} of these days has left without it"


def _is_dropped(entry: Entry, since: Sequence[Sibling]) -> bool:
    """Return whether somebody has thought about an entry: an issue after that of its days has dropped it.

    What was dropped in that of its days may have been put off; of that the next one reminds, and no other.
    """
    dropping = [other for other in since if entry.id in other.issue.drop]
    return any(entry.day is None or entry.day < other.period.start or other is not since[-1] for other in dropping)


def _is_turned_away(subject: Subject, entry: Entry, other: Sibling) -> bool:
    """Return whether a limit would have kept the entry out, however early it had come."""
    turned_away = subject.facts.turned_away
    return turned_away is not None and entry.id in turned_away(other.issue.name)


def _fits(subject: Subject, entry: Entry) -> bool:
    """Return whether this issue could take an entry if it were of its days."""
    selection = subject.selection
    return (
        entry.status == Status.READY
        and any(asks_for(selection.issue, section, entry) for section in selection.issue.sections)
        and any(map(entry.speaks, subject.languages))
        and not (entry.closes and entry.closes.at < selection.send_at)
        and not (entry.embargo and entry.embargo.at > selection.send_at)
    )


RULE = Rule(
    code="CNS003",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="entry that came too late",
    why="it belongs to an issue that has been sent, so no later one takes it by itself",
    fix=Wording(
        "pin it in this issue, date it on the day it was written, or drop it with a reason",
        "put it in, date it on the day it was written, or leave it out with a reason",
    ),
    check=_check,
    needs="sent",
)
