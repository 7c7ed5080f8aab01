"""What came of following the links, which happens only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from newsletter.checks.links.found import Link, links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.visit import Outcome, Visit


def _visits(subject: Subject, *outcomes: Outcome) -> Iterator[tuple[Link, Visit]]:
    if subject.facts.visits:
        for link in links_of(subject):
            visit = subject.facts.visits.get(link.url)
            if visit and visit.outcome in outcomes:
                yield link, visit


def _asks(outcome: Outcome, words: str) -> Callable[[Subject], Iterator[Fault]]:
    def check(subject: Subject) -> Iterator[Fault]:
        for link, visit in _visits(subject, outcome):
            detail = visit.detail or (f"status {visit.status}" if visit.status else "")
            message = f"{link.url} {words}" + (f" ({detail})" if detail else "")
            yield Fault(message, link.place(subject), link.entry)

    return check


def _moved(subject: Subject) -> Iterator[Fault]:
    for link, visit in _visits(subject, Outcome.OK):
        if visit.permanent:
            message = f"{link.url} has moved for good to {visit.final}"
            yield Fault(message, link.place(subject), link.entry, f"write {visit.final}")


_rule = partial(Rule, group=Group.LINKS, needs="visits")

GONE = _rule(
    code="LNK020",
    severity=Severity.ERROR,
    title="page that does not exist",
    why="readers come to a page that says so",
    fix="open the site, and write where the page is now",
    check=_asks(Outcome.GONE, "does not exist"),
)
EMPTY = _rule(
    code="LNK021",
    severity=Severity.WARNING,
    title="page that is probably gone",
    why="servers that say “ok” for every address are polite to programs and not to people",
    fix="open it and look; if it is the right page, mute the rule for this entry",
    check=_asks(Outcome.EMPTY, "answers, but not with the page"),
)
MOVED = _rule(
    code="LNK022",
    severity=Severity.NOTE,
    title="page that has moved",
    why="redirects slow readers down, lose parameters, and end some day",
    fix="write the new address",
    check=_moved,
)
UNTRUSTED = _rule(
    code="LNK023",
    severity=Severity.ERROR,
    title="page whose certificate is not valid",
    why="browsers show readers a warning in place of the page",
    fix="tell the owner of the site, and take the link out until it is mended",
    check=_asks(Outcome.UNTRUSTED, "has no valid certificate"),
)
FAILED = _rule(
    code="LNK024",
    severity=Severity.WARNING,
    title="page that does not work",
    why="readers see an error; it may pass by itself",
    fix="try again later; if it stays, tell the owner of the site",
    check=_asks(Outcome.FAILED, "answers with a fault of its server"),
)
UNREACHABLE = _rule(
    code="LNK025",
    severity=Severity.WARNING,
    title="page without an answer",
    why="either the address is wrong or the server is down",
    fix="open it in a browser; correct the address, or try again later",
    check=_asks(Outcome.UNREACHABLE, "gives no answer"),
)
REFUSED = _rule(
    code="LNK026",
    severity=Severity.NOTE,
    title="page that could not be looked at",
    why="it refuses programs, or asks for a login; people may well see it",
    fix="open it in a browser where you are not logged in",
    check=_asks(Outcome.REFUSED, "does not answer programs"),
)
PRIVATE = _rule(
    code="LNK027",
    severity=Severity.ERROR,
    title="name that leads into a private network",
    why="for every reader outside the link is dead; nothing was sent there",
    fix="write the public address of the page",
    check=_asks(Outcome.PRIVATE, "leads into a private network"),
)

RULES = (GONE, EMPTY, MOVED, UNTRUSTED, FAILED, UNREACHABLE, REFUSED, PRIVATE)
