"""Does every story have a picture of its own?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for entry, name, picture in subject.pictures():
        if seen.setdefault(picture.src, entry.id) != entry.id:
            message = f"{picture.src} is also the picture of {seen[picture.src]}"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG014",
    severity=Severity.NOTE,
    group=Group.IMAGES,
    title="same picture twice",
    why="it looks like a mistake, and often is one: left over from copying an entry",
    fix="choose another one, or leave one of the two without",
    check=_check,
)
