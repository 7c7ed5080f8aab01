"""Are titles written, not shouted?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import is_shouted
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if passage.name in {"title", "heading"} and is_shouted(passage.text):
            yield Fault(f"“{passage.text}” is all in capitals", subject.place(passage), passage.entry)


RULE = Rule(
    code="EDT026",
    severity=Severity.WARNING,
    title="title in capitals",
    why="capitals are slow to read, and some screen readers spell them letter by letter",
    fix="write it as a sentence; how it looks is the template's business",
    bad="title: CALL FOR PAPERS NOW OPEN",
    good="title: Call for papers now open",
    check=_check,
)
