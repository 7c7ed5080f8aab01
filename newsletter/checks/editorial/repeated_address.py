"""Does every entry lead to a page of its own?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.selection import Out


def _check(subject: Subject) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for entry in subject.entries:
        address = entry.canonical_url
        if address and address in seen:
            message = f"{entry.id} leads to the same page as {seen[address]}"
            yield Fault(message, entry.origin.value("url"), entry.id)
        elif address:
            seen[address] = entry.id
    known = {entry.id: entry for entry in subject.facts.entries}
    for left in subject.selection.out:
        if left.reason is Out.DUPLICATE_OF and left.id in known:
            entry = known[left.id]
            yield Fault(f"{left.id} is left out: {left.detail}", entry.origin.value("url"), entry.id)


RULE = Rule(
    code="EDT010",
    severity=Severity.WARNING,
    title="two entries with the same address",
    why="either it is the same story twice, or one of the addresses was left over from copying",
    fix="correct the address, or drop one of the two",
    check=_check,
)
