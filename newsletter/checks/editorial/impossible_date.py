"""Is every day that is named in the calendar?"""

from collections.abc import Iterator

from newsletter.checks.editorial.dates import dates_of
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_LEAP_YEAR, _MOST = 2024, 31


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if passage.name == "url":
            continue
        for written in dates_of(passage.text):
            # Without a year 29 February may be meant of the next leap year; "Article 45 may apply" names no day.
            if written.day <= _MOST and written.on(_LEAP_YEAR) is None:
                said = passage.text[written.start : written.end].rstrip(".")
                place = subject.place(passage, written.start, written.end)
                yield Fault(f"no calendar has “{said}”", place, passage.entry)


RULE = Rule(
    code="EDT030",
    severity=Severity.WARNING,
    title="day that does not exist",
    why="readers cannot tell which day is meant",
    fix="look it up in a calendar",
    bad="summary: Apply until 31 November.",
    good="summary: Apply until 30 November.",
    check=_check,
)
