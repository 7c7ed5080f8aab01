"""Was everything written anew that came along from an earlier issue?"""

from collections.abc import Iterator

from newsletter.checks.amount import words
from newsletter.checks.consistency.beside import earlier
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_LABELS = {"subject": "subject", "preheader": "preheader", "intro": "introduction"}


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    least = int(subject.number(RULE, "words"))
    before = earlier(subject)[::-1]
    for field, label in _LABELS.items():
        said = _bare(getattr(issue, field))
        # A greeting alone may well be the same.
        if not said or (field == "intro" and words(said) < least):
            continue
        same = next((other.issue.name for other in before if _bare(getattr(other.issue, field)) == said), None)
        if same:
            yield Fault(f"the {label} is that of issue {same}", issue.origin.value(field))


def _bare(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


RULE = Rule(
    code="CNS009",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="words of an earlier issue",
    why="it came along when the issue was copied, and readers take the email for one that they know",
    fix="write what is in this one",
    parameters={"words": 25},
    check=_check,
)
