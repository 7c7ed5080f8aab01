"""Does no address carry a password?"""

from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        parts = link.parts
        if parts and parts.scheme in {"http", "https"} and (parts.username or parts.password):
            message = f"an address of {link.host} carries a user name or a password"
            yield Fault(message, link.place(subject), link.entry)


RULE = Rule(
    code="LNK011",
    severity=Severity.ERROR,
    group=Group.LINKS,
    title="address with a password",
    why="every reader gets it, and mail filters take such addresses for fraud",
    fix="change the password now; then write the address without what stands before @",
    bad="url: https://ana:secret@www.example.org/report",
    good="url: https://www.example.org/report",
    check=_check,
)
