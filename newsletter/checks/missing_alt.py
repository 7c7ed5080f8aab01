"""Does every picture say what it shows?"""

from collections.abc import Iterator

from newsletter.checks.rule import Rule, Subject
from newsletter.model.entry import Image
from newsletter.model.finding import Place, Severity


def _check(subject: Subject) -> Iterator[tuple[str, Place]]:
    for entry in subject.selection.entries:
        for name in ("image", "cover"):
            picture = getattr(entry, name, None)
            if isinstance(picture, Image) and picture.alt is None:
                yield f"the {name} of “{entry.title}” has no alternative text", entry.origin.place(name)


RULE = Rule(
    code="IMG001",
    severity=Severity.ERROR,
    title="picture without alternative text",
    why="with pictures off, or to a screen reader, it shows nothing",
    fix='add `alt: …` that says what the picture shows, or `alt: ""` if it is mere decoration',
    check=_check,
)
