"""Does every entry say what it is about?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    for entry in subject.entries:
        # A project or a figure says it in its title.
        if not entry.recurs and not entry.summary and not entry.body:
            yield Fault(f"“{entry.title}” has no summary", entry.origin.place(), entry.id, field="summary")


RULE = Rule(
    code="EDT001",
    severity=Severity.WARNING,
    title="entry without a summary",
    why="a title alone gives readers no reason to click",
    fix=Wording("add a line `summary: …` with one or two sentences", "write one or two sentences"),
    good="summary: NGOs from five countries begin their work in border areas.",
    check=_check,
)
