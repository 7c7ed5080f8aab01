"""Do links with the same words lead to the same page?"""

from collections.abc import Iterator

from newsletter.checks.links.found import written
from newsletter.checks.links.vague_text import is_vague
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.url import canonical_url


def _check(subject: Subject) -> Iterator[Fault]:
    source_of = written(subject)
    for page in subject.pages:
        targets: dict[str, str] = {}
        for element in page.all("a"):
            name, address = element.name.casefold(), element.get("href")
            if not name or not address.startswith(("http", "mailto")) or is_vague(name):
                continue
            target = _canonical(address)
            if targets.setdefault(name, target) != target:
                source = source_of(element)
                message = f"two links say “{element.name}” and lead to different pages"
                if source:
                    yield Fault(message, source.text_place(subject), source.entry)
                else:
                    yield _of_picture(subject, message, name, address) or page.fault(element, message)


def _of_picture(subject: Subject, message: str, name: str, address: str) -> Fault | None:
    """Return the fault at the words that somebody wrote for a linked picture, where it is one."""
    for entry, field, picture in subject.pictures():
        if (picture.alt or "").casefold() == name and entry.url == address:
            fix = "say what is on this picture alone, or choose another one"
            return Fault(message, entry.origin.value(field, "alt"), entry.id, fix)
    return None


def _canonical(address: str) -> str:
    try:
        return canonical_url(address)
    except ValueError:
        return address


RULE = Rule(
    code="LNK010",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="same words, different pages",
    why="in a list of links nobody can tell the two apart",
    fix="name in each what it leads to; in a template with an `aria-label`",
    check=_check,
)
