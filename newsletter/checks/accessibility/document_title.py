"""Has the email a title?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        title = next(page.all("title"), None)
        said = "".join(item for item in title.inside if isinstance(item, str)).strip() if title is not None else ""
        if not said:
            head = title if title is not None else next(page.all("head"), None)
            place = page.place(head) if head is not None else subject.issue_place
            yield Fault("the document has no title", place)


RULE = Rule(
    code="ACC013",
    severity=Severity.WARNING,
    group=Group.ACCESSIBILITY,
    title="document without a title",
    why="shown in a browser, the tab bears the address, and that is what a screen reader says first",
    fix="write <mj-title>{{ issue.title }}</mj-title> into <mj-head>",
    check=_check,
)
