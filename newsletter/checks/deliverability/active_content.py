"""Is there nothing that mail clients throw away or filters refuse?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_ACTIVE = frozenset("script iframe object embed applet form input textarea select base frame frameset audio".split())


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        for element in page.elements:
            if element.tag in _ACTIVE:
                yield page.fault(element, f"<{element.tag}> works in no inbox")
                continue
            handler = next((name for name in element.attributes if name.startswith("on")), "")
            if handler:
                message = f"`{handler}` on <{element.tag}> runs in no inbox"
                yield page.fault(element, message)


RULE = Rule(
    code="DLV015",
    severity=Severity.ERROR,
    group=Group.DELIVERABILITY,
    title="scripts, forms and frames",
    why="mail clients remove them, and mail filters reject messages that try",
    fix="link to a page on your website that does it",
    check=_check,
)
