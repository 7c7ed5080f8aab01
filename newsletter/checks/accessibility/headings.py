"""Do the headings make an outline?"""

from collections.abc import Iterator

from newsletter.checks.rendered import Element, Page
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _seen(page: Page) -> list[Element]:
    return [element for element in page.all(*_LEVELS) if page.light[element].shown]


def _one(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        first = [element for element in _seen(page) if element.tag == "h1"]
        if not first and page.body is not None:
            yield Fault("the email has no h1", page.place(page.body))
        for element in first[1:]:
            yield page.fault(element, f"“{element.text}” is another h1")


def _order(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        before = 0
        for element in _seen(page):
            level = int(element.tag[1])
            if before and level > before + 1:
                message = f"“{element.text}” is an h{level} after an h{before}"
                yield page.fault(element, message, f"make it an h{before + 1}")
            before = level


def _empty(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        for element in _seen(page):
            if not element.name:
                yield page.fault(element, f"an {element.tag} is empty")


ONE_H1 = Rule(
    code="ACC004",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="not exactly one h1",
    why="the h1 is what the letter is called; screen readers jump to it first",
    fix="make the newsletter's title the h1, sections h2 and entries h3",
    check=_one,
)
ORDER = Rule(
    code="ACC005",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="heading level left out",
    why="who goes by headings looks for the part that is missing",
    fix="use the next level; how large it is can be said in its style",
    check=_order,
)
EMPTY = Rule(
    code="ACC006",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="empty heading",
    why="a screen reader says “heading” and nothing else",
    fix="write its words, or take the element away",
    check=_empty,
)
