"""Does every picture say what it shows?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, picture in subject.pictures():
        if picture.alt is None:
            message = f"the {name} of “{entry.title}” has no alternative text"
            yield Fault(message, entry.origin.place(name), entry.id, field=f"{name}.alt")


RULE = Rule(
    code="IMG001",
    severity=Severity.ERROR,
    group=Group.IMAGES,
    title="picture without alternative text",
    why="with pictures off, or to a screen reader, it shows nothing",
    fix=Wording(
        'add `alt: …` that says what the picture shows, or `alt: ""` if it is mere decoration',
        "say under “What it shows” what the picture shows, or tick “Decoration” if it is nothing more",
    ),
    bad="image: {src: images/hub.jpg}",
    good="image: {src: images/hub.jpg, alt: Forty young people around a table}",
    check=_check,
)
