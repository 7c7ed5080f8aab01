"""Are pictures fetched through an encrypted connection?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, picture in subject.pictures():
        if picture.src.lower().startswith("http://"):
            yield Fault(f"{picture.src} is not encrypted", entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG012",
    severity=Severity.ERROR,
    group=Group.IMAGES,
    title="picture without https",
    why="web mail and newer phones refuse to show it",
    fix="try https://, or copy the picture to the issues folder and write its path",
    check=_check,
)
