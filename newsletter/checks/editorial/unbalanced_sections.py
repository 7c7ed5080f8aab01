"""Do the sections help to find one's way?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    most, share = int(subject.number(RULE, "most")), subject.number(RULE, "share")
    filled = [section for section in subject.selection.sections if section.chosen]
    whole = sum(len(section.chosen) for section in filled)
    for number, section in enumerate(subject.selection.sections):
        count = len(section.chosen)
        lopsided = len(filled) > 1 and whole >= 10 and count > share * whole
        if count > most or lopsided:
            part = f"{count} of {whole} entries" if lopsided else f"{count} entries"
            place = subject.selection.issue.origin.place("sections", number)
            yield Fault(f"the section “{section.plan.heading}” has {part}", place)


RULE = Rule(
    code="EDT020",
    severity=Severity.NOTE,
    title="unbalanced sections",
    why="headings are there to skip what does not concern one; a section of everything cannot be skipped",
    fix=Wording("divide it by topic or type, or give it a `limit`", "divide it, or say “At most” how many it shows"),
    parameters={"most": 16, "share": 0.8},
    check=_check,
)
