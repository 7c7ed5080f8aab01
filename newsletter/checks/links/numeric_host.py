"""Do addresses have names?"""

import ipaddress
from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        try:
            number = ipaddress.ip_address(link.host)
        except ValueError:
            # A name, as it should be.
            continue
        if number.is_global:
            yield Fault(f"{link.url} has a number for a host", link.place(subject), link.entry)


RULE = Rule(
    code="LNK012",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="number in place of a host name",
    why="readers cannot tell whose page it is, and mail filters count it as fraud",
    fix="write the address with the host's name",
    bad="url: https://93.184.216.34/news",
    good="url: https://www.example.org/news",
    check=_check,
)
