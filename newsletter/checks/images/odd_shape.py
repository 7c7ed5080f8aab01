"""Does every picture have a shape that fits into a column?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    tallest, widest = subject.number(RULE, "tallest"), subject.number(RULE, "widest")
    for entry, name, known in subject.files():
        # The cover of a study is a page, and stands upright.
        if not known.width or not known.height or name == "cover":
            continue
        ratio = known.width / known.height
        if not tallest <= ratio <= widest:
            shape = "tall and narrow" if ratio < tallest else "wide and flat"
            message = f"the {name} is {shape}: {known.width} × {known.height} pixels"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG007",
    severity=Severity.NOTE,
    group=Group.IMAGES,
    title="picture of an odd shape",
    why="a tall one fills a phone's screen and pushes the words away; of a flat one nothing can be made out",
    fix="cut it to about 3:2",
    parameters={"tallest": 0.6, "widest": 4.0},
    check=_check,
)
