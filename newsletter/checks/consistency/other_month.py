"""Does the title name the month of the issue?"""

import re
from collections.abc import Iterator

from newsletter.checks.editorial.dates import MONTH_NUMBERS
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_NAMES = "|".join(map(re.escape, MONTH_NUMBERS))
_MONTH = re.compile(rf"\b(?P<month>{_NAMES})\b\.?\s+(?:de\s+)?(?P<year>20\d\d)\b", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    period = subject.selection.period
    for passage in subject.passages:
        if passage.entry or passage.name != "title":
            continue
        named = list(_MONTH.finditer(passage.text))
        months = [(int(match["year"]), MONTH_NUMBERS[match["month"].casefold()]) for match in named]
        # A month to come may be that of sending, or of what the issue is about.
        if months and max(months) < (period.start.year, period.start.month):
            place = subject.place(passage, *named[0].span())
            yield Fault(f"the title says {named[0][0]}, but the issue begins on {period.start}", place)


RULE = Rule(
    code="CNS010",
    severity=Severity.WARNING,
    group=Group.CONSISTENCY,
    title="title of another month",
    why="it came along when the issue was copied; the masthead and the archive show it",
    fix="write the month of this issue",
    check=_check,
)
