"""Does the alternative text say something that the title does not?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import alike
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, picture in subject.pictures():
        if picture.alt and alike(picture.alt, entry.title, 0.9):
            yield Fault("the alternative text repeats the title", entry.origin.value(name, "alt"), entry.id)


RULE = Rule(
    code="IMG004",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="alternative text repeats the title",
    why="who listens hears the same words twice and does not learn what the picture shows",
    fix="say what is on it",
    check=_check,
)
