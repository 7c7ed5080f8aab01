"""Has every picture of the templates an alternative text?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        # What the engine adds where a template says nothing is told with the template (MJM013).
        for image in page.all("img"):
            if "alt" not in image.attributes:
                yield Fault("a picture has no alternative text", page.place(image), page.entry(image))


RULE = Rule(
    code="ACC012",
    severity=Severity.ERROR,
    group=Group.ACCESSIBILITY,
    title="picture of a template without alternative text",
    why="with pictures off, or to a screen reader, it shows its file name or nothing",
    fix='add alt="…" that says what it shows, or alt="" if it is mere decoration',
    check=_check,
)
