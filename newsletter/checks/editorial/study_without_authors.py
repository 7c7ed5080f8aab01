"""Does every study name who wrote it?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Study
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    for entry in subject.entries:
        if isinstance(entry, Study) and not entry.authors:
            message = f"the study “{entry.title}” names no authors"
            yield Fault(message, entry.origin.place(), entry.id, field="authors")


RULE = Rule(
    code="EDT014",
    severity=Severity.WARNING,
    title="study without authors",
    why="authors expect to be named, and readers look for them",
    fix=Wording("add a line `authors: [First Last, First Last]`", "name them, one a line"),
    good="authors: [Ana Example, Ben Example]",
    check=_check,
)
