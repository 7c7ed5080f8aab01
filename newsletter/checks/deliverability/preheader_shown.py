"""Is the preheader the first thing in the email?"""

from collections.abc import Iterator

from newsletter.checks.rendered import clean
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        wanted = clean(page.edition.preheader.marked)
        if wanted and page.body is not None and not page.body.text.startswith(wanted):
            message = f"the email ({page.edition.language}) begins with “{page.text[:24]}”, not with its preheader"
            yield Fault(message, page.place(page.body))


RULE = Rule(
    code="DLV014",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="preheader that no inbox shows",
    why="inboxes show the first words of the body beside the subject, whatever they are",
    fix='write {% include "parts/preheader.mjml.j2" %} at the beginning of <mj-body>',
    check=_check,
)
