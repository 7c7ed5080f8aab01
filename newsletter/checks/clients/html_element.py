"""Do mail clients show every element that templates use?"""

from collections.abc import Iterator

from newsletter.checks.clients.found import faults
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    yield from faults(subject, RULE, "element", "typed", "meta")


RULE = Rule(
    code="CLT004",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="HTML element that mail clients do not show",
    why="they take it out, with or without what is in it",
    fix="do without it, or accept it with its name of caniemail where nothing is lost",
    bad="<picture>…</picture>",
    good='<img src="…" alt="…" width="536">',
    parameters={"accepted": ()},
    check=_check,
)
