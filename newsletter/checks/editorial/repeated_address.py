"""Does every entry lead to a page of its own?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry, is_repeat
from newsletter.model.finding import Severity
from newsletter.model.selection import SAME_LINK, Out
from newsletter.model.wording import Wording

_ANOTHER = Wording(
    "pin it, so that readers learn of it; or drop it with a reason; or give it a page of its own",
    "put it in, so that readers learn of it; or leave it out with a reason; or give it a page of its own",
)


def _check(subject: Subject) -> Iterator[Fault]:
    seen: dict[str, list[Entry]] = {}
    for entry in subject.entries:
        others = seen.setdefault(entry.canonical_url or "", [])
        repeated = next((other for other in others if is_repeat(entry, other)), None)
        if repeated is None:
            others.append(entry)
        else:
            message = f"{entry.id} leads to the same page as {repeated.id}"
            yield Fault(message, entry.origin.value("url"), entry.id)
    has_left = subject.selection.issue.name in subject.facts.left
    known = {entry.id: entry for entry in subject.facts.entries}
    for left in subject.selection.out:
        if left.id not in known or not left.detail.endswith(SAME_LINK):
            continue
        entry = known[left.id]
        if left.reason is Out.DUPLICATE_OF:
            yield Fault(f"{left.id} is left out: {left.detail}", entry.origin.value("url"), entry.id)
        elif left.day and left.day in subject.selection.period and not has_left:
            message = f"{left.id} is left out: its page was shown {left.detail}"
            yield Fault(message, entry.origin.value("url"), entry.id, fix=_ANOTHER)


RULE = Rule(
    code="EDT010",
    severity=Severity.WARNING,
    title="two entries with the same address",
    why="either it is the same story twice, or one of the addresses was left over from copying",
    fix=Wording("correct the address, or drop one of the two", "correct the address, or leave one of the two out"),
    check=_check,
)
