"""Does every link have words?"""

from collections.abc import Iterator

from newsletter.checks.links.found import written
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    # Those whose picture lacks its words are told at the entry (IMG001, IMG005).
    wordless = {entry.id for entry, _, picture in subject.pictures() if not picture.alt}
    source_of = written(subject)
    for page in subject.pages:
        for link in page.all("a"):
            if link.get("href") and not link.name and page.light[link].shown and page.entry(link) not in wordless:
                source, message = source_of(link), "a link has no words"
                yield Fault(message, source.place(subject), source.entry) if source else page.fault(link, message)


RULE = Rule(
    code="ACC011",
    severity=Severity.ERROR,
    group=Group.ACCESSIBILITY,
    title="link without words",
    why="a screen reader spells its address letter by letter",
    fix="write words into it, an alternative text for its picture, or an `aria-label`",
    bad='<a href="…"><img src="…" alt=""></a>',
    good='<a href="…"><img src="…" alt="Our website"></a>',
    check=_check,
)
