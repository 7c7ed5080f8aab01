"""Is that Monday a Monday?"""

from collections.abc import Iterator
from datetime import timedelta

from newsletter.checks.editorial.dates import dates_of
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_NINE_MONTHS = timedelta(days=274)
"""So far off a date without a year may lie; one within three months is that of one year alone."""
_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def _check(subject: Subject) -> Iterator[Fault]:
    sent = subject.selection.send_at.date()
    for passage in subject.passages:
        for written in dates_of(passage.text):
            if written.weekday is None:
                continue
            days = [day for day in written.around(sent) if written.year or abs(day - sent) <= _NINE_MONTHS]
            if not days or written.weekday in {day.weekday() for day in days}:
                continue
            said = passage.text[written.start : written.end]
            message = f"“{said}”: {days[0]} is a {_NAMES[days[0].weekday()]}"
            yield Fault(message, subject.place(passage, written.start, written.end), passage.entry)


RULE = Rule(
    code="EDT023",
    severity=Severity.WARNING,
    title="weekday that does not fit the date",
    why="readers come on the wrong day",
    fix="look it up in a calendar, and correct the one or the other",
    bad="summary: We meet on Monday, 30 July 2024.",
    good="summary: We meet on Tuesday, 30 July 2024.",
    check=_check,
)
