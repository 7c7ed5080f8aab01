"""Is there a text part, and does it say what the HTML says?"""

from collections.abc import Iterator

from newsletter.checks.rendered import clean
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Place, Severity


def _missing(subject: Subject) -> Iterator[Fault]:
    for language, (_, _, text) in subject.filled.items():
        if not text.strip():
            yield Fault(f"the email ({language}) has no text part", Place(subject.text_template, 1, 1))


def _differs(subject: Subject) -> Iterator[Fault]:
    for page, (language, (_, _, text)) in zip(subject.pages, subject.filled.items(), strict=True):
        if not text.strip():
            continue
        words = _solid(text)
        for entry in page.selection.edition(page.edition.language, page.edition.topics).entries:
            title = clean(entry.told(page.edition.language)[0].title)
            if _solid(title) not in words and title in page.text:
                message = f"“{title}” is missing from the text part ({language})"
                yield Fault(message, Place(subject.text_template, 1, 1), entry.id)


def _solid(text: str) -> str:
    # Lines of the text part end between any two letters of Chinese and Japanese.
    return "".join(clean(text).casefold().split())


MISSING = Rule(
    code="DLV001",
    severity=Severity.ERROR,
    group=Group.DELIVERABILITY,
    title="no text part",
    why="watches, screen readers and mail filters read it; without one a message is suspected of fraud",
    fix="write the theme's .txt.j2",
    check=_missing,
)
DIFFERS = Rule(
    code="DLV002",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="text part that leaves something out",
    why="mail filters compare the two, and who reads text alone misses the story (SpamAssassin: MPART_ALT_DIFF)",
    fix="let the theme's .txt.j2 show every entry that the HTML shows",
    check=_differs,
)
