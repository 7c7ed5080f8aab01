"""Do mail clients read every attribute that templates use?"""

from collections.abc import Iterator

from newsletter.checks.clients.found import faults
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    yield from faults(subject, RULE, "attribute", "link")


RULE = Rule(
    code="CLT005",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="HTML attribute that mail clients do not read",
    why="they take it out",
    fix="do without it, or accept it with its name of caniemail where nothing is lost",
    bad='<img srcset="…">',
    good='<img src="…" width="300">',
    parameters={"accepted": ()},
    check=_check,
)
