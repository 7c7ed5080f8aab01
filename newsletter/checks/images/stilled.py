"""Does what moves go on moving?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, known in subject.files():
        if known.frames > 1 and known.form != "GIF":
            message = (
                f"the {known.frames} frames of the {name}, a {known.form}, stand still: the first is all that shows"
            )
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG016",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="animation that stands still",
    why="mail programs move GIFs alone; of an animated WebP or PNG readers get one picture",
    fix="save the animation as GIF, or choose the picture that says it all",
    bad="image: {src: images/steps.webp, alt: Three steps to apply}",
    good="image: {src: images/steps.gif, alt: Three steps to apply}",
    check=_check,
)
