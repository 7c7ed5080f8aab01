"""Is nothing hidden but the preheader?"""

from collections.abc import Iterator

from newsletter.checks.rendered import Element, Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = subject.number(RULE, "characters")
    for page in subject.pages:
        for element in _hidden(page):
            if len(element.text) > most:
                message = f"{len(element.text)} characters are hidden: “{element.text[:40]}…”"
                yield page.fault(element, message)


def _hidden(page: Page) -> Iterator[Element]:
    looks = page.light
    for element in page.elements:
        parent = element.parent
        if (
            parent is not None
            and looks[parent].shown
            and not looks[element].shown
            and element.tag not in {"head", "style"}
        ):
            yield element


RULE = Rule(
    code="DLV010",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="hidden text",
    why="spammers hide words to fool filters, so filters count hidden words against the sender",
    fix="hide nothing but the preheader, and keep that short",
    parameters={"characters": 200},
    check=_check,
)
