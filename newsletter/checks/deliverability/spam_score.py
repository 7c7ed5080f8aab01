"""What does SpamAssassin say? Asked by `lint --spam` alone."""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    ask, message = subject.facts.spam, subject.facts.message
    if ask is None or message is None:
        return
    most = subject.number(RULE, "points")
    for edition in subject.editions:
        score = ask(message(edition))
        if score.points >= most:
            dearest = ", ".join(f"{name} {points:g}" for name, points in score.hits[:4])
            said = f"SpamAssassin gives the message ({edition.language}) {score.points:g} of {score.limit:g} points"
            yield Fault(f"{said}: {dearest}", subject.issue_place)


RULE = Rule(
    code="DLV016",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    needs="spam",
    title="message that looks like spam to SpamAssassin",
    why="many mail servers use it or its rules, and reject at 5 points",
    fix="look up the names at https://spamassassin.apache.org/tests.html, and mend what costs most",
    parameters={"points": 2.0},
    check=_check,
)
