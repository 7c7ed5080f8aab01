"""What came of following the links; only `lint --online` follows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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


def _rule(code: str, severity: Severity, outcome: Outcome, words: str, title: str, why: str, fix: str) -> Rule:
    return Rule(code, severity, title, why, fix, _asks(outcome, words), group=Group.LINKS)


GONE = _rule(
    "LNK020",
    Severity.ERROR,
    Outcome.GONE,
    "does not exist",
    "page that does not exist",
    "readers come to a page that says so",
    "open the site, and write where the page is now",
)
EMPTY = _rule(
    "LNK021",
    Severity.WARNING,
    Outcome.EMPTY,
    "answers, but not with the page",
    "page that is probably gone",
    "servers that say “ok” for every address are polite to programs and not to people",
    "open it and look; if it is the right page, mute the rule for this entry",
)
MOVED = Rule(
    "LNK022",
    Severity.NOTE,
    "page that has moved",
    "redirects slow readers down, lose parameters, and end some day",
    "write the new address",
    _moved,
    group=Group.LINKS,
)
UNTRUSTED = _rule(
    "LNK023",
    Severity.ERROR,
    Outcome.UNTRUSTED,
    "has no valid certificate",
    "page whose certificate is not valid",
    "browsers show readers a warning in place of the page",
    "tell the owner of the site, and take the link out until it is mended",
)
FAILED = _rule(
    "LNK024",
    Severity.WARNING,
    Outcome.FAILED,
    "answers with a fault of its server",
    "page that does not work",
    "readers see an error; it may pass by itself",
    "try again later; if it stays, tell the owner of the site",
)
UNREACHABLE = _rule(
    "LNK025",
    Severity.WARNING,
    Outcome.UNREACHABLE,
    "gives no answer",
    "page without an answer",
    "either the address is wrong or the server is down",
    "open it in a browser; correct the address, or try again later",
)
REFUSED = _rule(
    "LNK026",
    Severity.NOTE,
    Outcome.REFUSED,
    "does not answer programs",
    "page that could not be looked at",
    "it refuses programs, or asks for a login; people may well see it",
    "open it in a browser where you are not logged in",
)
PRIVATE = _rule(
    "LNK027",
    Severity.ERROR,
    Outcome.PRIVATE,
    "leads into a private network",
    "name that leads into a private network",
    "for every reader outside the link is dead; nothing was sent there",
    "write the public address of the page",
)

RULES = (GONE, EMPTY, MOVED, UNTRUSTED, FAILED, UNREACHABLE, REFUSED, PRIVATE)
