"""Does a reader without a name still read a whole sentence?"""

from collections.abc import Iterator

from newsletter.checks.rule import Rule, Subject
from newsletter.model.finding import Place, Severity
from newsletter.model.slot import SLOTS, SlotKind


def _check(subject: Subject) -> Iterator[tuple[str, Place]]:
    issue = subject.selection.issue
    bare = {
        slot.name
        for edition in subject.editions
        for part in (edition.subject, edition.preheader, edition.html, edition.text)
        for slot in part.slots
        if SLOTS[slot.name] is SlotKind.TEXT and not slot.fallback
    }
    for name in sorted(bare):
        marks = (f"{{{name}}}", f"{{{name}|}}")
        places = [
            issue.origin.value(field)
            for field in ("subject", "preheader", "intro")
            if any(mark in (getattr(issue, field) or "") for mark in marks)
        ]
        yield f"{{{name}}} has nothing to say to readers of whom it is not known", (places or [subject.issue_place])[0]


RULE = Rule(
    code="SLT002",
    severity=Severity.WARNING,
    title="slot without a fallback",
    why="they would read “Dear ,”",
    fix="write what stands there instead, such as {first_name|reader}",
    check=_check,
)
