"""Can links in a text be told from the text without seeing colours?

WCAG 2.2, 1.4.1: https://www.w3.org/TR/WCAG22/#use-of-color
"""

from collections.abc import Iterator

from newsletter.checks.rendered import Element, Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.styles import Looks
from newsletter.checks.subject import Subject
from newsletter.model.color import ratio
from newsletter.model.finding import Severity

_DISTINCT = 3.0


def alone(page: Page, looks: Looks) -> Iterator[Element]:
    """Yield the links that only their colour tells from the words around them."""
    for link in page.all("a"):
        style = looks[link]
        if not link.get("href") or not link.text or not style.shown or style.display == "inline-block":
            continue
        block = next(
            (above for above in link.ancestors if looks[above].display not in {"inline", "inline-block"}), None
        )
        if block is None or not block.has_words_beside_links:
            continue
        around = looks[block]
        underlined = style.underlined or any(looks[inner].underlined for inner in link.descendants)
        told = underlined or style.bordered or style.weight - around.weight >= 200 or style.own_ground[3] > 0
        if not told and ratio(style.color, around.color) < _DISTINCT:
            yield link


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        for link in alone(page, page.light):
            message = f"only its colour tells that “{link.text[:40]}” is a link"
            yield page.fault(link, message)


RULE = Rule(
    code="ACC009",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="link by colour alone",
    why="one man in twelve does not see the difference, and nobody does in black and white",
    fix="underline it, or make it bold",
    bad='<a href="…" style="color:#004b87;text-decoration:none">',
    good='<a href="…" style="color:#004b87;text-decoration:underline">',
    check=_check,
)
