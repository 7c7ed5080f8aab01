"""Is every id there once?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        seen: set[str] = set()
        for element in page.elements:
            name = element.get("id")
            if name and name in seen:
                yield page.fault(element, f"the id “{name}” is there twice")
            seen.add(name)


RULE = Rule(
    code="ACC014",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="id that stands twice",
    why="links within the letter and labels find the first one only",
    fix="make it unique, with {{ entry.id }} for instance, or take it away",
    check=_check,
)
