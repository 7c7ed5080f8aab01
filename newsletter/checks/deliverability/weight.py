"""Is the message light enough to be taken?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = subject.number(RULE, "bytes")
    for edition in subject.editions:
        # Base64 makes four letters of three bytes, with a line break after 76.
        pictures = sum(len(image.data) for image in edition.images) * 4 / 3 * 78 / 76
        whole = pictures + sum(map(len, (*edition.html.chunks, *edition.text.chunks)))
        if whole > most:
            message = (
                f"the message ({edition.language}) weighs {whole / 1e6:.1f} MB with its {len(edition.images)} pictures"
            )
            yield Fault(message, subject.issue_place)


RULE = Rule(
    code="DLV012",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="heavy message",
    why="mail servers count size against a sender, some refuse it, and phones load it slowly",
    fix='leave pictures out, make them smaller, or set `images = "linked"` so that readers fetch them',
    parameters={"bytes": 2_000_000},
    check=_check,
)
