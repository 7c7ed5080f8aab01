"""Does every picture have the pixels that its place needs?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    least = int(subject.number(RULE, "width"))
    for entry, name, known in subject.files():
        if known.width < least:
            message = f"the {name} is {known.width} × {known.height} pixels; it needs a width of at least {least}"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG006",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="picture with too few pixels",
    why="it is stretched and looks blurred, on good screens most of all",
    fix="ask for the original, and save it 1200 pixels wide",
    parameters={"width": 480},
    check=_check,
)
