"""Is a text in another language marked as such?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.tongues import same


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        foreign = {entry.title: entry for entry in subject.entries if not entry.speaks(page.edition.language)}
        for element in page.all("h1", "h2", "h3", "h4", "p", "a", "td"):
            entry = foreign.pop(element.text, None)
            if entry is None:
                continue
            # A cell that holds nothing but the title is the first to be met, and the title in it bears the mark.
            whole = (inner for inner in element.descendants if inner.text == element.text)
            around = next((e.get("lang") for e in (element, *whole, *element.ancestors) if e.get("lang")), "")
            if not same(around, entry.language):
                message = f"“{entry.title}” is in another language ({entry.language}) and not marked so"
                yield Fault(message, page.place(element), entry.id)


RULE = Rule(
    code="ACC016",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="other language that is not marked",
    why="a screen reader reads it with the wrong voice, and nobody understands a word",
    fix='add lang="{{ entry.lang }}" dir="{{ entry.dir }}" to what shows the entry\'s words',
    check=_check,
)
