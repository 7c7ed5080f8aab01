"""Does the summary say more than the title?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import alike
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for entry in subject.entries:
        if entry.summary and alike(entry.summary, entry.title, 0.85):
            yield Fault("the summary only repeats the title", entry.origin.value("summary"), entry.id)


RULE = Rule(
    code="EDT027",
    severity=Severity.WARNING,
    title="summary repeats the title",
    why="readers read the same twice and learn nothing",
    fix="say what is new, for whom, and from when",
    check=_check,
)
