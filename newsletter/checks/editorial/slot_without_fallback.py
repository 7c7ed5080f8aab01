"""Does a reader without a name still read a whole sentence?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.slot import SLOTS, SlotKind


def _check(subject: Subject) -> Iterator[Fault]:
    bare = {
        slot.name
        for edition in subject.editions
        for part in (edition.subject, edition.preheader, edition.html, edition.text)
        for slot in part.slots
        if SLOTS[slot.name] is SlotKind.TEXT and not slot.fallback
    }
    for name in sorted(bare):
        places = [
            subject.place(passage, start, start + len(mark))
            for passage in subject.passages
            if not passage.entry and passage.name in {"subject", "preheader", "intro"}
            for mark in (f"{{{name}}}", f"{{{name}|}}")
            if (start := passage.text.find(mark)) >= 0
        ]
        message = f"{{{name}}} has nothing to say to readers of whom it is not known"
        yield Fault(message, (places or [subject.issue_place])[0])


RULE = Rule(
    code="SLT002",
    severity=Severity.WARNING,
    title="slot without a fallback",
    why="they would read “Dear ,”",
    fix="write what stands there instead, such as {first_name|reader}",
    bad="intro: Dear {first_name},",
    good="intro: Dear {first_name|reader},",
    check=_check,
)
