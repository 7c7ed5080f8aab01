"""Is there something to read without pictures?"""

from collections.abc import Iterator

from newsletter.checks.amount import words
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    least = int(subject.number(RULE, "words_per_picture"))
    for page in subject.pages:
        pictures = [image for image in page.all("img") if image.get("width") not in {"0", "1"}]
        told = words(page.text)
        if pictures and told < least * len(pictures):
            message = f"the HTML ({page.edition.language}) has {told} words to {len(pictures)} pictures"
            yield Fault(message, subject.issue_place)


RULE = Rule(
    code="DLV013",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="all pictures, no words",
    why="mail filters cannot read pictures and suspect what they hide, and many readers see none at first",
    fix="write what the pictures say",
    parameters={"words_per_picture": 12},
    check=_check,
)
