"""Do mail clients understand every selector and at-rule that templates use?"""

from collections.abc import Iterator

from newsletter.checks.clients.found import faults
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    yield from faults(subject, RULE, "selector", "pseudo", "at", "media")


RULE = Rule(
    code="CLT003",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="selector or at-rule that mail clients do not understand",
    why="they leave the rule out, and some all rules after it",
    fix="do without it, or accept it with its name of caniemail where nothing is lost",
    bad="td:nth-child(2) { padding: 0 }",
    good="td.second { padding: 0 }",
    parameters={"accepted": ()},
    check=_check,
)
