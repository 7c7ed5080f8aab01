"""Does the alternative text say what the picture shows, and not what it is?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Passage, Subject
from newsletter.model.finding import Severity
from newsletter.model.shape import Path
from newsletter.model.wording import Wording

_FILE = re.compile(
    r"[\w\-. ]+\.(?:jpe?g|png|gif|webp|svg|tiff?|bmp|heic)"
    r"|(?:IMG|DSC|DSCN|PXL|Screenshot)[_\- ]?\d[\w\- ]*",
    re.IGNORECASE,
)
_WORD = re.compile(
    r"(?:an? )?(?:image|picture|photo|photograph|graphic|illustration|logo|banner|cover|alt(?:ernative)? text|untitled"
    r"|foto|bild|grafik|abbildung|photographie|imagen|imagem)\s*\d*[.:]?",
    re.IGNORECASE,
)


def _check(subject: Subject) -> Iterator[Fault]:
    for entry, name, picture in subject.pictures():
        alts: list[tuple[str, Path]] = [(picture.alt or "", (name, "alt"))]
        alts += [(told.alt or "", ("translations", tag, "alt")) for tag, told in entry.translations.items()]
        for alt, path in alts:
            if alt and (_FILE.fullmatch(alt) or _WORD.fullmatch(alt) or alt == picture.src.rpartition("/")[2]):
                passage = Passage(alt, entry.origin, path, entry.id, entry.language)
                yield Fault(
                    f"the alternative text “{alt}” says nothing of what it shows", subject.place(passage), entry.id
                )


RULE = Rule(
    code="IMG002",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="alternative text that is a file name or the word picture",
    why="a screen reader says by itself that it is a picture; what counts is what is on it",
    fix=Wording(
        'say in a few words what it shows; `alt: ""` if it is mere decoration',
        "say in a few words what it shows; tick “Decoration” if it is nothing more",
    ),
    bad="alt: IMG_2041.jpg",
    good="alt: Forty young people around a table",
    check=_check,
)
