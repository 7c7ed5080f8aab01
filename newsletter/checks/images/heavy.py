"""Do pictures load while readers look?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = int(subject.number(RULE, "bytes"))
    if subject.facts.picture is None:
        return
    for entry, name, known in subject.files():
        # Stills are made lighter on their way into the email; what moves is sent as it is.
        if known.frames > 1 and known.weight > most:
            message = f"the animated {name} weighs {known.weight / 1e6:.1f} MB, more than {most / 1e6:.1f}"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)
    heavy = {image.name: image for edition in subject.editions for image in (*edition.images, *edition.hosted)}
    for image in heavy.values():
        if image.media_type.startswith("image/") and image.media_type != "image/gif" and len(image.data) > most:
            yield Fault(f"the picture {image.name} weighs {len(image.data) / 1e6:.1f} MB", subject.issue_place)


RULE = Rule(
    code="IMG008",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="heavy picture",
    why="on the way to work it appears when readers have scrolled past, and they pay for it",
    fix="save it smaller: fewer frames, fewer colours, or a still picture",
    parameters={"bytes": 500_000},
    check=_check,
)
