"""Is every text large enough to be read?"""

from collections.abc import Iterator

from newsletter.checks.rendered import Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity


def _check(subject: Subject) -> Iterator[Fault]:
    least = subject.number(RULE, "pixels")
    for page in subject.pages:
        yield from subject.once(RULE, _small(page, least))


def _small(page: Page, least: float) -> Iterator[tuple[Place, Fault]]:
    for element in page.elements:
        style = page.light[element]
        # Below two pixels it is a trick of layout, not a text.
        if style.shown and element.own_text and 2 <= style.size < least:
            fault = page.fault(element, f"“{element.own_text[:40]}” is {style.size:g} pixels large")
            yield fault.place, fault


RULE = Rule(
    code="ACC015",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="text too small",
    why="readers over forty hold the phone away and give up; iPhones enlarge it and break the layout",
    fix="use 14 pixels or more, and never less than 12",
    parameters={"pixels": 12},
    check=_check,
)
