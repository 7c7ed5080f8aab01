"""Does Gmail show the whole email?

Gmail cuts a message off at about 102,400 bytes of HTML, in tests between 99,500 and 100,200, and hides the unsubscribe
link with the rest: https://github.com/hteumeuleu/email-bugs/issues/41.
"""

from collections.abc import Iterator

from newsletter.checks.rule import Rule, Subject
from newsletter.model.finding import Place, Severity

WARN_BYTES = 85_000
CLIP_BYTES = 100_000


def _sizes(subject: Subject) -> Iterator[tuple[str, int]]:
    for language, (_, html, _) in subject.filled.items():
        yield language, len(html.encode())


def _near(subject: Subject) -> Iterator[tuple[str, Place]]:
    for language, size in _sizes(subject):
        if WARN_BYTES < size <= CLIP_BYTES:
            message = f"the HTML ({language}) has {size:,} bytes, near the {CLIP_BYTES:,} at which Gmail cuts it off"
            yield message, subject.issue_place


def _over(subject: Subject) -> Iterator[tuple[str, Place]]:
    for language, size in _sizes(subject):
        if size > CLIP_BYTES:
            message = f"the HTML ({language}) has {size:,} bytes; Gmail cuts it off at about {CLIP_BYTES:,}"
            yield message, subject.issue_place


_WHY = "Gmail hides what comes after the cut, the link to leave included"
_FIX = "show fewer entries, or show more of them with `layout: list`, which needs a quarter of the bytes of a card"

CLIPPING_NEAR = Rule("SIZ001", Severity.WARNING, "email nearly too long", _WHY, _FIX, _near)
CLIPPED = Rule("SIZ002", Severity.ERROR, "email too long", _WHY, _FIX, _over)
