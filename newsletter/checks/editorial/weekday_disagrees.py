"""Is that Monday a Monday?"""

from collections.abc import Iterator

from newsletter.checks.editorial.dates import dates_of
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def _check(subject: Subject) -> Iterator[Fault]:
    year = subject.selection.send_at.year
    for passage in subject.passages:
        for written in dates_of(passage.text):
            day = written.on(year)
            if written.weekday is None or day is None or day.weekday() == written.weekday:
                continue
            said = passage.text[written.start : written.end]
            message = f"“{said}”: {day} is a {_NAMES[day.weekday()]}"
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
