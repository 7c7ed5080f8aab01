"""Is the reading direction said inside the body?"""

from collections.abc import Iterator

from newsletter.checks.accessibility.around import carries
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        wanted = page.edition.direction
        for element in carries(page):
            given = element.get("dir")
            if given != wanted:
                said = f"says “{given}”, but its language runs {wanted}" if given else "does not say its direction"
                yield Fault(f"the email {said} inside the body", page.place(element))
                break


RULE = Rule(
    code="ACC002",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="direction not said",
    why="in a right-to-left inbox sentences get their full stops at the wrong end, and the other way round",
    fix='write <mjml lang="{{ lang }}" dir="{{ dir }}">',
    check=_check,
)
