"""Are summaries summaries?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import counted
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.columns import columns, fitting
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = int(subject.number(RULE, "longest"))
    for passage in subject.passages:
        if passage.entry and passage.name == "summary" and columns(passage.text) > most:
            place = subject.place(passage, fitting(passage.text, most), len(passage.text))
            yield Fault(f"the summary has {counted(passage.text)}, more than {most}", place, passage.entry)


RULE = Rule(
    code="EDT008",
    severity=Severity.WARNING,
    title="summary too long",
    why="readers look for what concerns them; a text that has to be read in full hides it",
    fix="keep two or three sentences, and move the rest into the body below the front matter",
    parameters={"longest": 500},
    check=_check,
)
