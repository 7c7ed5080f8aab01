"""Does an animation begin with what matters?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, known in subject.files():
        if known.frames > 1 and known.blank_start:
            message = f"the first of {known.frames} frames of the {name} is empty"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG010",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="animation that begins empty",
    why="Outlook on Windows shows the first frame alone, and so do readers who have switched motion off",
    fix="put the frame first that says it all",
    check=_check,
)
