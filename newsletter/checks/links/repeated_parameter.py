"""Does every UTM parameter stand once?"""

from collections import Counter
from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        parts = link.parts
        if parts is None or "utm_" not in parts.query.lower():
            continue
        given = Counter(pair.partition("=")[0].lower() for pair in parts.query.split("&"))
        for name in (name for name, count in given.items() if count > 1 and name.startswith("utm_")):
            start = link.start + link.url.lower().rindex(f"{name}=")
            yield Fault(f"{name} stands in the address twice", subject.place(link.passage, start, link.end), link.entry)


RULE = Rule(
    code="LNK006",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="UTM parameter that stands twice",
    why="each statistics tool counts another one of the two",
    fix="keep one",
    bad="url: https://www.example.org/?utm_source=a&utm_source=b",
    good="url: https://www.example.org/?utm_source=b",
    check=_check,
)
