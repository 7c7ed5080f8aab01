"""Is everything that is written on a picture also written in words?"""

import re
from collections.abc import Iterator

from newsletter.checks.amount import words
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_POSTER = re.compile(
    r"(?<![a-z])(?:flyer|poster|plakat|affiche|cartel|save[-_ ]?the[-_ ]?date|invitation|einladung|programme|agenda)"
    r"(?![a-z])",
    re.IGNORECASE,
)


def _check(subject: Subject) -> Iterator[Fault]:
    least = int(subject.number(RULE, "words"))
    for entry, name, picture in subject.pictures():
        poster = _POSTER.search(picture.src.rpartition("/")[2])
        told = words(f"{entry.summary} {entry.body}")
        if poster and told < least:
            message = f"the {name} seems to be a {poster[0].lower()}, and the entry says only {told} words beside it"
            yield Fault(message, entry.origin.value(name, "src"), entry.id)


RULE = Rule(
    code="IMG011",
    severity=Severity.WARNING,
    group=Group.IMAGES,
    title="words that stand in a picture alone",
    why="half of the readers see no pictures at first, some see none at all, and nobody can search or enlarge them",
    fix="write date, place and what it is about into the summary",
    parameters={"words": 12},
    check=_check,
)
