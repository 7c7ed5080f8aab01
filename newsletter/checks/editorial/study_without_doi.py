"""Can a study be cited?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Study
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    kinds = subject.words(RULE, "kinds")
    for entry in subject.entries:
        if isinstance(entry, Study) and str(entry.kind) in kinds and not entry.doi:
            message = f"the {entry.kind} “{entry.title}” has no DOI"
            yield Fault(message, entry.origin.place(), entry.id, field="doi")


RULE = Rule(
    code="EDT015",
    severity=Severity.NOTE,
    title="study without a DOI",
    why="web addresses move, a DOI stays",
    fix=Wording("add a line `doi: 10.…` if it has one", "write it if it has one"),
    good="doi: 10.1234/abcd",
    parameters={"kinds": ("report", "working paper", "data")},
    check=_check,
)
