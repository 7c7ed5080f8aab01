"""Do text and fields name the same day?"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from newsletter.checks.editorial.dates import Written, dates_of
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Passage, Subject
from newsletter.model.entry import Call, Event
from newsletter.model.finding import Severity

_UNTIL = re.compile(
    r"(?:\b(?:until|till|by|before|deadline|closes?|closing|no later than|at the latest|up to"
    r"|bis|spätestens|vor|frist|einsendeschluss|bewerbungsschluss"
    r"|jusqu['’]au|avant|date limite|au plus tard|clôture"
    r"|hasta|antes|fecha límite|plazo|a más tardar)\b)[^.!?;]{0,24}$",
    re.IGNORECASE,
)
_NEAR = 100
"""Characters before a date: more than the two expressions look back."""
_BEFORE = re.compile(r"\b(?:before|vor|avant|antes)\b[^.!?;]{0,24}$", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    written: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in subject.passages:
        written[passage.entry].append(passage)
    for entry in subject.entries:
        passages = [passage for passage in written[entry.id] if passage.text and passage.name != "url"]
        if isinstance(entry, Call):
            for passage in passages:
                yield from _deadlines(subject, entry, passage)
        elif isinstance(entry, Event):
            yield from _span(subject, entry, [p for p in passages if p.name in {"title", "summary"}])


def _deadlines(subject: Subject, call: Call, passage: Passage) -> Iterator[Fault]:
    for written in dates_of(passage.text):
        before = _before(passage, written)
        if not _UNTIL.search(before):
            continue
        deadline = call.deadline.day
        meant = {deadline, deadline + timedelta(days=1)} if _BEFORE.search(before) else {deadline}
        days = written.around(deadline)
        if days and meant.isdisjoint(days):
            yield _fault(subject, passage, written, f"the deadline is {call.deadline.told}")


def _span(subject: Subject, event: Event, passages: list[Passage]) -> Iterator[Fault]:
    first, last = event.start.day, (event.end or event.start).day
    found = [
        (passage, written, days)
        for passage in passages
        for written in dates_of(passage.text)
        if not _UNTIL.search(_before(passage, written)) and (days := written.around(first))
    ]
    if found and not any(first <= day <= last for _, _, days in found for day in days):
        passage, written, _ = found[0]
        named = f"on {first}" if first == last else f"from {first} to {last}"
        yield _fault(subject, passage, written, f"the event takes place {named}")


def _before(passage: Passage, written: Written) -> str:
    return passage.text[max(0, written.start - _NEAR) : written.start]


def _fault(subject: Subject, passage: Passage, written: Written, truth: str) -> Fault:
    said = passage.text[written.start : written.end]
    place = subject.place(passage, written.start, written.end)
    return Fault(f"the text says “{said}”, but by its fields {truth}", place, passage.entry)


RULE = Rule(
    code="EDT022",
    severity=Severity.WARNING,
    title="dates that disagree",
    why="the email shows both, and readers believe the wrong one",
    fix="correct the text or the field",
    bad="deadline: 2024-07-31\nsummary: Apply until 30 July 2024.",
    good="summary: Apply until 31 July 2024.",
    check=_check,
)
