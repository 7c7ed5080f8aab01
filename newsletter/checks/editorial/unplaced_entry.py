"""Does every entry of these days have a section, and a language that readers get?"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from newsletter.checks.editorial.elsewhere import is_elsewhere
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry, Status
from newsletter.model.finding import Severity
from newsletter.model.issue import Untranslated
from newsletter.model.selection import Out
from newsletter.model.wording import Wording

_MOST = 5
"""Entries of a kind that are told one by one."""


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    # Once it has left, nobody can put anything in.
    if issue.name in subject.facts.left:
        return
    known = {entry.id: entry for entry in subject.facts.entries}
    by_reason: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for left in subject.selection.out:
        if left.reason in {Out.NO_SECTION, Out.OTHER_LANGUAGE} and left.id in known:
            entry = known[left.id]
            if entry.day and entry.day in subject.selection.period and _is_lost(subject, entry, entry.day):
                by_reason[left.detail, _fix(subject, entry, left.reason)].append(entry)
    for (reason, fix), lost in by_reason.items():
        if len(lost) > _MOST:
            message = f"{len(lost)} entries of these days, such as “{lost[0].title}”, are in no issue: {reason}"
            yield Fault(message, issue.origin.place("sections"), fix=fix)
            continue
        for entry in lost:
            message = f"“{entry.title}” is of these days and in no issue: {reason}"
            yield Fault(message, entry.origin.value("date"), entry.id, fix)


def _is_lost(subject: Subject, entry: Entry, day: date) -> bool:
    """Return whether nobody will get an entry that could go out with this issue."""
    send_at = subject.selection.send_at
    return (
        entry.status == Status.READY
        and not (entry.embargo and entry.embargo.at > send_at)
        and not (entry.closes and entry.closes.at < send_at)
        and not is_elsewhere(subject, entry, day)
    )


def _fix(subject: Subject, entry: Entry, reason: Out) -> str:
    """Return what helps where the rule's own words would not."""
    issue = subject.selection.issue
    if reason is Out.OTHER_LANGUAGE:
        as_it_is = issue.untranslated is Untranslated.SHOW
        return Wording(
            f"translate it, {'pin it to have it shown as it is, ' if as_it_is else ''}or drop it with a reason",
            f"translate it, {'put it in to have it shown as it is, ' if as_it_is else ''}or leave it out with a reason",
        )
    if any(entry.type in section.take for section in issue.sections):
        return ""
    # By name it would find no place either.
    return Wording(
        "add a section that takes it, or drop it with a reason",
        "add a section that takes it, or leave it out with a reason",
    )


RULE = Rule(
    code="SEC003",
    severity=Severity.WARNING,
    title="entry that no section takes",
    why="its day belongs to this issue, so no later one takes it, and no reader learns of it",
    fix=Wording(
        "add a section that takes it, pin it, or drop it with a reason",
        "add a section that takes it, put it in, or leave it out with a reason",
    ),
    bad="sections: [{heading: Featured study, take: study, featured: true}]",
    good="sections: [{heading: Featured study, take: study, featured: true}, {heading: Studies, take: study}]",
    check=_check,
)
