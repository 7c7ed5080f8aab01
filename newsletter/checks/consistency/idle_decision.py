"""Does everything have an effect that was decided by hand?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording

_DECIDED = {"pin": "put in", "feature": "featured", "order": "moved"}


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    shown = {entry.id for entry in subject.entries}
    reasons = {left.id: " – ".join(filter(None, [str(left.reason), left.detail])) for left in subject.selection.out}
    for field, named in (("pin", issue.pin), ("feature", issue.feature), ("order", issue.order)):
        for number, name in enumerate(named):
            if name not in shown and name in reasons:
                why = f"not in the issue ({reasons[name]})"
                message = Wording(
                    f"`{field}` names {name}, which is {why}", f"{name} was {_DECIDED[field]} and is {why}"
                )
                yield Fault(message, issue.origin.value(field, number))


RULE = Rule(
    code="CNS007",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="decision without effect",
    why="somebody wanted the entry in, and readers will not see it",
    fix=Wording("mend what keeps it out, or delete the line", "mend what keeps it out, or take back what was decided"),
    check=_check,
)
