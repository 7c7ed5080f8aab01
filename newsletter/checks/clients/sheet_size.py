"""Does Gmail take the style sheet?

Gmail drops a style element beyond 16 KB: https://github.com/hteumeuleu/email-bugs/issues/90
"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = int(subject.number(RULE, "bytes"))
    for page in subject.pages:
        for sheet in page.all("style"):
            size = len("".join(item for item in sheet.inside if isinstance(item, str)).encode())
            if size > most:
                yield Fault(f"the style sheet has {size:,} bytes; Gmail takes {most:,}", page.place(sheet))


RULE = Rule(
    code="CLT007",
    severity=Severity.ERROR,
    group=Group.CLIENTS,
    title="style sheet too large for Gmail",
    why="Gmail drops it as a whole, and phones get the layout of a desktop",
    fix="take out what is not used, or divide it into two mj-style",
    parameters={"bytes": 16_384},
    check=_check,
)
