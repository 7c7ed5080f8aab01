"""Are summaries summaries?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = int(subject.number(RULE, "longest"))
    for passage in subject.passages:
        if passage.entry and passage.name == "summary" and len(passage.text) > most:
            message = f"the summary has {len(passage.text)} characters, more than {most}"
            yield Fault(message, subject.place(passage, most, len(passage.text)), passage.entry)


RULE = Rule(
    code="EDT008",
    severity=Severity.WARNING,
    title="summary too long",
    why="readers look for what concerns them; a text that has to be read in full hides it",
    fix="keep two or three sentences, and move the rest into the body below the front matter",
    parameters={"longest": 500},
    check=_check,
)
