"""Do mail clients show every picture format that templates use?"""

from collections.abc import Iterator

from newsletter.checks.clients.found import faults
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    yield from faults(subject, RULE, "image")


RULE = Rule(
    code="CLT006",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="picture format that mail clients do not show",
    why="readers see an empty frame",
    fix="do without it, or accept it with its name of caniemail where nothing is lost",
    bad='<img src="https://www.example.org/logo.svg">',
    good='<img src="https://www.example.org/logo.png">',
    parameters={"accepted": ()},
    check=_check,
)
