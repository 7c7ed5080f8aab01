"""Can everything be read against what is behind it, by day and in the dark?

WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum
"""

from collections.abc import Collection, Iterator

from newsletter.checks.rendered import Element, Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.styles import Looks, hexadecimal, over
from newsletter.checks.subject import Subject
from newsletter.model.color import READABLE, ratio
from newsletter.model.finding import Severity

_LARGE = 3.0
"""What WCAG asks of large text."""


def faint(page: Page, looks: Looks) -> Iterator[tuple[Element, float, str, str]]:
    """Yield the elements whose own text is too faint, with the ratio and both colours."""
    for element in page.elements:
        style = looks[element]
        if not style.shown or style.pictured or not element.own_text or style.size < 1:
            continue
        ink = over(style.color, style.ground)
        contrast = ratio(ink, style.ground)
        # Two decimals, as everybody states the ratio.
        if round(contrast, 2) < (_LARGE if style.large else READABLE):
            yield element, contrast, hexadecimal(ink), hexadecimal(style.ground)


def _faults(
    page: Page, looks: Looks, when: str, told: Collection[tuple[int, str, str]] = ()
) -> Iterator[tuple[tuple[str, str], Fault]]:
    for element, contrast, ink, ground in faint(page, looks):
        if (element.number, ink, ground) not in told:
            message = f"“{element.own_text[:40]}” has a contrast of {contrast:.2f} {when}: {ink} on {ground}"
            # One colour on another is one fault, wherever it recurs.
            yield (ink, ground), page.fault(element, message)


def _light(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        yield from subject.once(LIGHT, _faults(page, page.light, "in light"))


def _dark(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        # What looks the same by day has been told there.
        told = {(element.number, ink, ground) for element, _, ink, ground in faint(page, page.light)}
        yield from subject.once(DARK, _faults(page, page.dark, "in dark", told))


_FIX = "make one of the two colours darker or lighter: 4.5 is needed, 3 for text of 24 pixels or bold 19"
LIGHT = Rule(
    code="ACC007",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="faint text",
    why="in the sun, on a cheap screen or with older eyes it cannot be read",
    fix=_FIX,
    bad='<p style="color:#999999">',
    good='<p style="color:#636a72">',
    check=_light,
)
DARK = Rule(
    code="ACC008",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="faint text in the dark",
    why="a third of readers have their mail program dark, and there it cannot be read",
    fix=f"{_FIX}; for the dark inside of @media (prefers-color-scheme:dark)",
    check=_dark,
)
