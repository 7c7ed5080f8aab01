"""Can mail clients show every picture?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# https://www.caniemail.com/features/image-svg/ and its neighbours: Outlook on Windows and Gmail show none of them.
_UNSHOWN = re.compile(r"\.(svgz?|webp|avif|heic|heif|tiff?|bmp|ico|jxl|pdf|eps)(?:$|\?)", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, picture in subject.pictures():
        match = _UNSHOWN.search(picture.src)
        # A picture of the team's own is turned into PNG or JPEG where that is possible.
        if match and picture.src.startswith(("http://", "https://")):
            message = f"{match[1].upper()} is not shown by every mail client"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG009",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="picture format that mails cannot show",
    why="Outlook on Windows, Gmail and others leave an empty frame",
    fix="save it as PNG or JPEG below the issues folder, and write its path",
    bad="image: {src: https://www.example.org/logo.svg, alt: Our logo}",
    good="image: {src: images/logo.png, alt: Our logo}",
    check=_check,
)
