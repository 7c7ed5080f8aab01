"""Do pictures keep their size in Outlook?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for page in subject.pages:
        for image in page.all("img"):
            if not image.get("width").rstrip("%").isdigit():
                yield page.fault(image, "a picture has no `width`")


RULE = Rule(
    code="IMG015",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="picture without a width",
    why="Outlook on Windows reads no width from styles and shows it as large as it is, across the whole window",
    fix="write the width in pixels into the tag",
    bad='<img src="…" alt="…" style="width:120px">',
    good='<img src="…" alt="…" width="120" style="width:120px">',
    check=_check,
)
