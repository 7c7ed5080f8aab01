"""Can readers reach every address?"""

from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.hosts import is_private
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        # An address that begins twice has no host of its own, as LNK003 says.
        if is_private(link.host) and link.host not in {"http", "https"}:
            message = f"{link.url} can be reached from your own computer or office alone"
            yield Fault(message, link.place(subject), link.entry)


RULE = Rule(
    code="LNK004",
    severity=Severity.ERROR,
    group=Group.LINKS,
    title="address of a private network",
    why="for every reader outside the link is dead, and it tells strangers about your network",
    fix="write the public address of the page",
    bad="url: http://localhost:8000/news",
    good="url: https://www.example.org/news",
    check=_check,
)
