"""Is every text large enough to be read?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity


def _check(subject: Subject) -> Iterator[Fault]:
    least, muting = subject.number(RULE, "pixels"), subject.muting(RULE)
    for page in subject.pages:
        seen: set[tuple[Place, str]] = set()
        for element in page.elements:
            style = page.light[element]
            # Below two pixels it is a trick of layout, not a text.
            if not style.shown or not element.own_text or not 2 <= style.size < least:
                continue
            place, entry = page.place(element), page.entry(element)
            fault = (place, entry if entry in muting else "")
            if fault not in seen:
                seen.add(fault)
                message = f"“{element.own_text[:40]}” is {style.size:g} pixels large"
                yield Fault(message, place, entry)


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
