"""Does every entry say what it is about?"""

from collections.abc import Iterator

from newsletter.checks.rule import Rule, Subject
from newsletter.model.finding import Place, Severity


def _check(subject: Subject) -> Iterator[tuple[str, Place]]:
    for entry in subject.selection.entries:
        # A project or a figure says it in its title.
        if not entry.recurs and not entry.summary and not entry.body:
            yield f"“{entry.title}” has no summary", entry.origin.place()


RULE = Rule(
    code="EDT001",
    severity=Severity.WARNING,
    title="entry without a summary",
    why="a title alone gives readers no reason to click",
    fix="add a line `summary: …` with one or two sentences",
    check=_check,
)
