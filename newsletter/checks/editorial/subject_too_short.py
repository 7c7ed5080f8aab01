"""Does the subject say something?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import counted
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.columns import columns
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    least = int(subject.number(RULE, "shortest"))
    for passage in subject.passages:
        if passage.name == "subject" and 0 < columns(passage.text) < least:
            message = f"the subject “{passage.text}” has only {counted(passage.text)}"
            yield Fault(message, subject.place(passage))


RULE = Rule(
    code="EDT003",
    severity=Severity.WARNING,
    title="subject too short",
    why="it is the only thing that decides whether the message is opened",
    fix="name the one story that readers would miss",
    bad="subject: News",
    good="subject: Eleven start-ups head for Belgium, and more from July",
    parameters={"shortest": 12},
    check=_check,
)
