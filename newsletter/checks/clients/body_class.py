"""Does Roundcube apply the style sheets?

It gives the body a class of its own and puts that before each selector; a class of ours takes its place (1.6, 2026-11).
"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        for body in page.all("body"):
            if name := body.attributes.get("class"):
                yield Fault(f"the body of the email has a class, “{name}”", page.place(body))


RULE = Rule(
    code="CLT009",
    severity=Severity.WARNING,
    group=Group.CLIENTS,
    title="class on the body of the email",
    why="Roundcube then applies no style sheet at all: no layout for phones, no colours for the dark",
    fix="take css-class out of mj-body, and write body>div in the style sheet instead",
    bad='<mj-body css-class="page">',
    good="<mj-body>",
    check=_check,
)
