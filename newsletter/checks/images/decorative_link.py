"""Does a picture that is a link have words?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.wording import Wording


def _check(subject: Subject) -> Iterator[Fault]:
    by_id = {entry.id: (entry, name) for entry, name, picture in subject.pictures() if picture.alt == ""}
    told: set[str] = set()
    for page in subject.pages:
        for link in page.all("a"):
            if not link.name and any(inner.tag == "img" for inner in link.descendants):
                entry = page.entry(link)
                if entry in by_id and entry not in told:
                    told.add(entry)
                    owner, name = by_id[entry]
                    message = f"the {name} of “{owner.title}” is marked as decoration, but it is a link"
                    yield Fault(message, owner.origin.value(name, "alt"), entry)


RULE = Rule(
    code="IMG005",
    severity=Severity.ERROR,
    group=Group.IMAGES,
    title="decoration that is a link",
    why="a screen reader says “link” and then spells the address, because there are no words",
    fix=Wording(
        "write an `alt: …` that says what the picture shows", "say under “What it shows” what the picture shows"
    ),
    bad='image: {src: images/hub.jpg, alt: ""}',
    good="image: {src: images/hub.jpg, alt: Forty young people around a table}",
    check=_check,
)
