"""Is the alternative text short enough to be listened to?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = int(subject.number(RULE, "longest"))
    for entry, name, picture in subject.pictures():
        if picture.alt and len(picture.alt) > most:
            message = f"the alternative text has {len(picture.alt)} characters, more than {most}"
            yield Fault(message, entry.origin.value(name, "alt"), entry.id)


RULE = Rule(
    code="IMG003",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="alternative text too long",
    why="screen readers read it in one go, without a way to stop or go back",
    fix="keep what matters, and put the rest into the summary, where everybody can read it",
    parameters={"longest": 200},
    check=_check,
)
