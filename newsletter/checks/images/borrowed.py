"""Will every picture still be there tomorrow?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_BORROWED = re.compile(
    r"https?://[^/]*(?:fbcdn\.net|cdninstagram\.com|licdn\.com|twimg\.com|googleusercontent\.com|drive\.google\.com"
    r"|dropbox\.com|sharepoint\.com|1drv\.ms|wetransfer\.com|onedrive\.live\.com|gstatic\.com)/",
    re.IGNORECASE,
)


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, picture in subject.pictures():
        if _BORROWED.match(picture.src):
            message = f"the {name} lies on a service that shows it for a while, or to you alone"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG013",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="picture on somebody else's service",
    why="such addresses expire or ask for a login, and readers see an empty frame",
    fix="copy the picture to the issues folder, and write its path",
    check=_check,
)
