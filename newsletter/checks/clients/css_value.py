"""Do mail clients understand every value of CSS that templates use?"""

from collections.abc import Iterator

from newsletter.checks.clients.found import faults
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    yield from faults(subject, RULE, "function", "unit", "keyword")


RULE = Rule(
    code="CLT002",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="CSS value that mail clients do not understand",
    why="they leave the whole line out",
    fix="do without it, or accept it with its name of caniemail where nothing is lost",
    bad='<td style="width:calc(100% - 20px)">',
    good='<td width="280">',
    parameters={"accepted": ()},
    check=_check,
)
