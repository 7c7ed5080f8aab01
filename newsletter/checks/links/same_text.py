"""Do links with the same words lead to the same page?"""

from collections.abc import Iterator

from newsletter.checks.links.found import written
from newsletter.checks.links.vague_text import is_vague
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry
from newsletter.model.finding import Severity
from newsletter.model.tongues import nearest
from newsletter.model.url import canonical_url


def _check(subject: Subject) -> Iterator[Fault]:
    source_of = written(subject)
    for page in subject.pages:
        targets: dict[str, str] = {}
        titled: set[str] = set()
        for element in page.all("a"):
            name, address = element.name.casefold(), element.get("href")
            if not name or not address.startswith(("http", "mailto")) or is_vague(name):
                continue
            target = _canonical(address)
            if targets.setdefault(name, target) != target:
                source = source_of(element)
                message = f"two links say “{element.name}” and lead to different pages"
                if entry := _titled(subject, page.edition.language, name, target):
                    # Its title and its button are two links, and one fault.
                    if entry.id not in titled:
                        titled.add(entry.id)
                        yield _of_title(entry, page.edition.language)
                elif source:
                    yield Fault(message, source.text_place(subject), source.entry)
                else:
                    yield _of_picture(subject, message, name, address) or page.fault(element, message)


def _titled(subject: Subject, language: str, name: str, target: str) -> Entry | None:
    """Return the entry whose title a link says, alone or behind what its button says, where it is one."""
    # In French the spaces of a link are not those that somebody has typed.
    name = " ".join(name.split())
    for entry in subject.entries:
        told, _ = entry.told(language)
        address = told.url or entry.url
        if address and name.endswith(" ".join(told.title.split()).casefold()) and _canonical(address) == target:
            return entry
    return None


def _of_title(entry: Entry, language: str) -> Fault:
    told, _ = entry.told(language)
    tag = nearest(language, entry.languages) or entry.language
    path = ("title",) if told is entry else ("translations", tag, "title")
    message = f"two links say “{told.title}” and lead to different pages"
    fix = "say in each title what is in that entry alone"
    return Fault(message, entry.origin.value(*path), entry.id, fix)


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
