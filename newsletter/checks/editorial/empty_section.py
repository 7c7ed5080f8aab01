"""Does every section have entries?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    origin = subject.selection.issue.origin
    if not subject.selection.entries:
        yield Fault(
            "no section has entries: all that readers get are the words of the issue itself",
            origin.place("sections"),
            fix=f"see why with `newsletter select {subject.selection.issue.name}`; where nothing has happened, delete "
            "the folder of this issue, and one with `since: last issue` takes its days as well",
        )
        return
    for number, section in enumerate(subject.selection.sections):
        if not section.chosen:
            place = origin.place("sections", number)
            yield Fault(f"the section “{section.plan.heading}” has no entries and is left out of the email", place)


RULE = Rule(
    code="SEC001",
    severity=Severity.WARNING,
    title="empty section",
    why="either entries are missing, or the section is not needed this time",
    fix="see why with `newsletter select`; then pin an entry, widen the period, or delete the section",
    check=_check,
)
