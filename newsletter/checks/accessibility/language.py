"""Is the language said inside the body?"""

from collections.abc import Iterator

from newsletter.checks.accessibility.around import carries
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        missing = [element for element in carries(page) if not element.get("lang") or element.get("lang") == "und"]
        if missing:
            yield Fault("the email does not say its language inside the body", page.place(missing[0]))


RULE = Rule(
    code="ACC001",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="language not said",
    why="web mail takes the email out of its html element, and a screen reader then reads it in its owner's language",
    fix='write <mjml lang="{{ lang }}" dir="{{ dir }}">',
    bad="<mjml>",
    good='<mjml lang="{{ lang }}" dir="{{ dir }}">',
    check=_check,
)
