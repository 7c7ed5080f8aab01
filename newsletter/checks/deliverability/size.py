"""Does Gmail show the whole email?"""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.checks.rendered import Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.checks.tracing import shown
from newsletter.model.edition import CLIP_BYTES, NEAR_CLIP_BYTES
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording, kilobytes


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an edition's HTML: a section with its heading, or what stands before and after the sections."""

    heading: str
    bytes: int


def parts(page: Page) -> tuple[Part, ...]:
    """Return how the bytes of an edition are divided: its head, its sections in their order, its footer."""
    html, position = page.html, 0
    starts = [("head, masthead and intro", 0)]
    for section in page.selection.edition(page.edition.language, page.edition.topics).sections:
        found = shown(section.plan.heading, html, position)
        if section.chosen and found >= 0:
            position = found
            starts.append((section.plan.heading, _block(html, found)))
    end = html.rfind("{unsubscribe_url}")
    if end > position:
        starts.append(("footer", max(_block(html, end), position)))
    ends = [start for _, start in starts[1:]] + [len(html)]
    return tuple(Part(name, len(html[start:stop].encode())) for (name, start), stop in zip(starts, ends, strict=True))


def _block(html: str, at: int) -> int:
    """Return where the section of MJML begins that holds an offset: with a table for Outlook."""
    inside = html.rfind("mso-line-height-rule:exactly", 0, at)
    return max(html.rfind("<!--[if", 0, inside), 0) if inside >= 0 else at


def _sizes(subject: Subject) -> Iterator[tuple[Page, str, int]]:
    for page, (language, (_, html, _)) in zip(subject.pages, subject.filled.items(), strict=True):
        yield page, language, len(html.encode())


def _largest(page: Page) -> str:
    """Return what a message goes on to say of where the bytes are."""
    known = parts(page)
    largest = max(known, key=lambda part: part.bytes)
    return f"; its largest part is “{largest.heading}” with {kilobytes(largest.bytes)}" if len(known) > 1 else ""


def _near(subject: Subject) -> Iterator[Fault]:
    least, most = subject.number(CLIPPING_NEAR, "bytes"), subject.number(CLIPPED, "bytes")
    for page, language, size in _sizes(subject):
        if least < size <= most:
            message = (
                f"the HTML ({language}) has {kilobytes(size)}, near the {kilobytes(most)} at which Gmail cuts it off"
            )
            yield Fault(message + _largest(page), subject.issue_place)


def _over(subject: Subject) -> Iterator[Fault]:
    most = subject.number(CLIPPED, "bytes")
    for page, language, size in _sizes(subject):
        if size > most:
            message = f"the HTML ({language}) has {kilobytes(size)}; Gmail cuts it off at about {kilobytes(most)}"
            yield Fault(message + _largest(page), subject.issue_place)


_WHY = "Gmail hides what comes after the cut, the link to leave included"
_FIX = Wording(
    "show fewer entries, or show more of them with `layout: list`, which needs a quarter of the bytes of a card",
    "show fewer entries, or sections “Shown as” list, which needs a quarter of the bytes of a card",
)

CLIPPING_NEAR = Rule(
    code="SIZ001",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="email nearly too long",
    why=_WHY,
    fix=_FIX,
    parameters={"bytes": NEAR_CLIP_BYTES},
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
