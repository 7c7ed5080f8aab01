"""Do mail clients know every property of CSS that templates use?"""

from collections.abc import Iterator

from newsletter.checks.clients.found import faults
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    yield from faults(subject, RULE, "property", "pair")


RULE = Rule(
    code="CLT001",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="CSS property that mail clients do not know",
    why="they leave it out, and what it held together falls apart",
    fix="do without it, or accept it with its name of caniemail where nothing is lost",
    bad='<div style="display:flex">',
    good='<table role="presentation">',
    parameters={"accepted": ()},
    check=_check,
)
