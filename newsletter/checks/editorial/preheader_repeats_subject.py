"""Does the preheader say something that the subject does not?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import alike
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    subjects = {passage.path[:-1]: passage.text for passage in subject.passages if passage.name == "subject"}
    for passage in subject.passages:
        if passage.name == "preheader" and passage.text and alike(passage.text, subjects.get(passage.path[:-1], "")):
            yield Fault("the preheader says the same as the subject", subject.place(passage))


RULE = Rule(
    code="EDT006",
    severity=Severity.WARNING,
    title="preheader repeats the subject",
    why="the inbox shows both in one line, so half of it is wasted",
    fix="say in the preheader what the subject had no room for",
    check=_check,
)
