"""Is every story told once?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import alike
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for number, entry in enumerate(subject.entries):
        for other in subject.entries[:number]:
            if alike(entry.title, other.title):
                message = f"“{entry.title}” is nearly the title of {other.id}"
                yield Fault(message, entry.origin.value("title"), entry.id)


RULE = Rule(
    code="EDT009",
    severity=Severity.WARNING,
    title="two entries with nearly the same title",
    why="readers take it for the same story told twice, and it often is",
    fix="drop one of the two, or say in its title what is new",
    check=_check,
)
