"""Does Gmail show the whole email?

Gmail cuts a message off at about 102,400 bytes of HTML, in tests between 99,500 and 100,200, and hides the unsubscribe
link with the rest: https://github.com/hteumeuleu/email-bugs/issues/41.
"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

WARN_BYTES = 85_000
CLIP_BYTES = 100_000


def _sizes(subject: Subject) -> Iterator[tuple[str, int]]:
    for language, (_, html, _) in subject.filled.items():
        yield language, len(html.encode())


def _near(subject: Subject) -> Iterator[Fault]:
    least, most = subject.number("SIZ001", "bytes"), subject.number("SIZ002", "bytes")
    for language, size in _sizes(subject):
        if least < size <= most:
            message = f"the HTML ({language}) has {size:,} bytes, near the {most:,} at which Gmail cuts it off"
            yield Fault(message, subject.issue_place)


def _over(subject: Subject) -> Iterator[Fault]:
    most = subject.number("SIZ002", "bytes")
    for language, size in _sizes(subject):
        if size > most:
            message = f"the HTML ({language}) has {size:,} bytes; Gmail cuts it off at about {most:,}"
            yield Fault(message, subject.issue_place)


_WHY = "Gmail hides what comes after the cut, the link to leave included"
_FIX = "show fewer entries, or show more of them with `layout: list`, which needs a quarter of the bytes of a card"

CLIPPING_NEAR = Rule(
    code="SIZ001",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="email nearly too long",
    why=_WHY,
    fix=_FIX,
    parameters={"bytes": WARN_BYTES},
    check=_near,
)
CLIPPED = Rule(
    code="SIZ002",
    severity=Severity.ERROR,
    group=Group.DELIVERABILITY,
    title="email too long",
    why=_WHY,
    fix=_FIX,
    parameters={"bytes": CLIP_BYTES},
    check=_over,
)
