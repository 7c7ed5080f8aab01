"""Has every section a heading of its own?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for number, section in enumerate(subject.selection.sections):
        heading = section.plan.heading.casefold()
        if section.chosen and heading in seen:
            place = subject.selection.issue.origin.value("sections", number, "heading")
            yield Fault(f"two sections are headed “{section.plan.heading}”", place)
        elif section.chosen:
            seen[heading] = number


RULE = Rule(
    code="SEC002",
    severity=Severity.WARNING,
    title="two sections with the same heading",
    why="readers who go by headings, and all who listen to them, cannot tell the two apart",
    fix="join the two, or say in the headings how they differ",
    check=_check,
)
