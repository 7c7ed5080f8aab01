"""Is every story told once?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import alike
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording, counted


def _check(subject: Subject) -> Iterator[Fault]:
    for number, entry in enumerate(subject.entries):
        others = [other.id for other in subject.entries[:number] if alike(entry.title, other.title)]
        if others:
            # One for each entry, and not for each pair: of thirty job offers that would be hundreds.
            more = f", and of {counted(len(others) - 1, 'other')}" if others[1:] else ""
            yield Fault(
                f"“{entry.title}” is nearly the title of {others[0]}{more}", entry.origin.value("title"), entry.id
            )


RULE = Rule(
    code="EDT009",
    severity=Severity.WARNING,
    title="two entries with nearly the same title",
    why="readers take it for the same story told twice, and it often is",
    fix=Wording(
        "drop one of the two, or say in its title what is new",
        "leave one of the two out, or say in its title what is new",
    ),
    check=_check,
)
