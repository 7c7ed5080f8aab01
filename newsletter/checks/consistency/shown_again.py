"""Does the issue show anything that all of its readers have had?"""

from collections.abc import Iterator

from newsletter.checks.consistency.shown import Shown
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry
from newsletter.model.finding import Place, Severity
from newsletter.model.wording import Wording, listed


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    if issue.name in subject.facts.left:
        return
    shown = Shown(subject)
    for entry in subject.entries:
        had = [] if entry.recurs else [other.issue for other in shown.issues if shown.surely(entry, other)]
        everybody = issue.lists or ("",)
        if had and all(any(other.reaches_all(name, issue) for other in had) for name in everybody):
            names = listed(sorted(other.name for other in had))
            message = f"readers have had {entry.id} in {'issue' if len(had) == 1 else 'the issues'} {names}"
            yield Fault(message, _place(subject, entry), entry.id)


def _place(subject: Subject, entry: Entry) -> Place:
    """Return where it stands that the entry is in: in the issue where a person named it, else at its date."""
    issue = subject.selection.issue
    for field, named in (("pin", issue.pin), ("feature", issue.feature)):
        if entry.id in named:
            return issue.origin.value(field, named.index(entry.id))
    return entry.origin.value("date")


RULE = Rule(
    code="CNS012",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="entry that readers have had",
    why="its date has changed since, or somebody named it, as where `pin` or `feature` came along with a copied issue",
    fix=Wording(
        "take it out of `pin` and `feature`, or drop it with a reason; if it is to come again, mute the rule",
        "take back what was decided about it, or leave it out with a reason; if it is to come again, mute the rule",
    ),
    check=_check,
    needs="sent",
)
