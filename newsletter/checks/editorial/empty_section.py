"""Does every section have entries?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity
from newsletter.model.issue import Section, Untranslated
from newsletter.model.selection import Out, asks_for
from newsletter.model.wording import Wording, listed

_MOST = 3
"""Entries that are named."""


def _check(subject: Subject) -> Iterator[Fault]:
    origin = subject.selection.issue.origin
    if not subject.selection.entries:
        yield Fault(
            "no section has entries: all that readers get are the words of the issue itself",
            origin.place("sections"),
            fix=Wording(
                f"see why with `newsletter select {subject.selection.issue.name}`; where nothing has happened, delete "
                "the folder of this issue, and one with `since: last issue` takes its days as well",
                "see why on the page Entries; where nothing has happened, delete the folder of this issue, and one "
                "that begins where the last issue ended takes its days as well",
            ),
        )
        return
    for number, section in enumerate(subject.selection.sections):
        if not section.chosen:
            yield _empty(subject, section.plan, origin.place("sections", number))


def _empty(subject: Subject, section: Section, place: Place) -> Fault:
    message = f"the section “{section.heading}” has no entries and is left out of the email"
    issue, left = subject.selection.issue, subject.selection.out
    other = {one.id for one in left if one.reason is Out.OTHER_LANGUAGE}
    foreign = [one.id for one in subject.facts.entries if one.id in other and asks_for(issue, section, one)]
    if not foreign:
        return Fault(message, place)
    named = listed(foreign if len(foreign) <= _MOST else [*foreign[:_MOST], f"{len(foreign) - _MOST} more"])
    translate = f"translate {'it' if len(foreign) == 1 else 'one of them'}"
    as_it_is = issue.untranslated is Untranslated.SHOW
    return Fault(
        f"{message}; {named} {'is' if len(foreign) == 1 else 'are'} in none of the issue's languages",
        place,
        fix=Wording(
            f"{translate}{', or pin it to have it shown as it is' if as_it_is else ''}; or delete the section",
            f"{translate}{', or put it in to have it shown as it is' if as_it_is else ''}; or take out the section",
        ),
    )


RULE = Rule(
    code="SEC001",
    severity=Severity.WARNING,
    title="empty section",
    why="either entries are missing, or the section is not needed this time",
    fix=Wording(
        "see why with `newsletter select`; then pin an entry, widen the period, or delete the section",
        "see why under Entries; then put one in, let it cover more days, or take out the section",
    ),
    check=_check,
)
