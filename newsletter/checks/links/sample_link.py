"""Do links lead to pages, and not to what is kept for examples?"""

from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.hosts import is_private
from newsletter.model.finding import Severity
from newsletter.model.url import is_reserved


def _check(subject: Subject) -> Iterator[Fault]:
    if subject.facts.is_trial:
        return
    for link in links_of(subject):
        # Names of tests, such as localhost, are told as those of a private network.
        if is_reserved(link.host) and not is_private(link.host):
            yield Fault(f"{link.url} leads to an example, where there is nothing", link.place(subject), link.entry)


RULE = Rule(
    code="LNK028",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="link to an example",
    why="the sample entries of a new newsletter lead there; readers who follow it find nothing",
    fix="write the page's own address; where the entry is one of the samples, delete its file",
    bad="url: https://www.example.org/sample-study",
    good="url: https://www.your-library.org/study",
    check=_check,
)
