"""Is there enough to read between the links?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most, least = subject.number(RULE, "per_100_words"), int(subject.number(RULE, "links"))
    for page in subject.pages:
        links = len({link.get("href") for link in page.all("a") if link.get("href")})
        words = len(page.text.split())
        if links >= least and links > most * words / 100:
            message = f"the HTML ({page.edition.language}) has {links} links in {words} words"
            yield Fault(message, subject.issue_place)


RULE = Rule(
    code="DLV011",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="many links, few words",
    why="advertising is made of links, and mail filters know it",
    fix="give every entry a summary",
    parameters={"per_100_words": 20, "links": 8},
    check=_check,
)
