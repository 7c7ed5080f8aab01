"""Does the inbox show something beside the subject?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    if not issue.preheader:
        yield Fault("the issue has no preheader", issue.origin.place("subject"), field="preheader")


RULE = Rule(
    code="EDT004",
    severity=Severity.WARNING,
    title="no preheader",
    why="inboxes show a line beside the subject; without one they show the first titles, whatever these are",
    fix=Wording(
        "add a line `preheader: …` with what the subject could not say",
        "say at “Preheader” under Words what the subject could not say",
    ),
    good="preheader: Plus new resource centres in Iraq and Pakistan, and a call open until 31 July",
    check=_check,
)
