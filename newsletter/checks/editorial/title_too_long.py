"""Are titles short enough to be taken in at a glance?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import counted
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.columns import columns, fitting
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = int(subject.number(RULE, "longest"))
    for passage in subject.passages:
        if passage.entry and passage.name == "title" and columns(passage.text) > most:
            place = subject.place(passage, fitting(passage.text, most), len(passage.text))
            yield Fault(f"the title has {counted(passage.text)}, more than {most}", place, passage.entry)


RULE = Rule(
    code="EDT007",
    severity=Severity.WARNING,
    title="title too long",
    why="on a phone it takes up half the screen, and the story never comes into sight",
    fix="keep who does what; the rest belongs into the summary",
    parameters={"longest": 120},
    check=_check,
)
