"""Does every link say where it leads?"""

import re
from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_VAGUE = frozenset(
    phrase.strip()
    for phrase in """
    here, click here, click, this, this link, this page, this website, link, more, more info, more information,
    read more, learn more, find out more, see more, continue, continue reading, details, website, go, press here,
    tap here, read on,
    ici, cliquez ici, cliquer ici, lien, ce lien, en savoir plus, lire la suite, lire plus, plus, plus d’informations,
    plus d'informations, voir plus, suite, cette page,
    hier, hier klicken, klicken sie hier, klick hier, link, mehr, mehr erfahren, mehr dazu, mehr lesen, weiterlesen,
    weiter, weitere informationen, mehr informationen, diese seite, details,
    aquí, haga clic aquí, haz clic aquí, clic aquí, pulse aquí, enlace, este enlace, más, más información, leer más,
    saber más, ver más, seguir leyendo, esta página
    """.split(",")
)
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


def _check(subject: Subject) -> Iterator[Fault]:
    told: set[str] = set()
    for link in links_of(subject):
        if link.text and is_vague(link.text):
            told.add(link.url)
            message = f"the link “{link.text}” does not say where it leads"
            yield Fault(message, link.text_place(subject), link.entry)
    for page in subject.pages:
        for element in page.all("a"):
            if is_vague(element.name) and element.get("href") not in told:
                message = f"the link “{element.name}” does not say where it leads"
                yield page.fault(element, message)


def is_vague(text: str) -> bool:
    """Return whether a link's text could lead anywhere, in English, French, German or Spanish."""
    return _EDGE.sub("", " ".join(text.casefold().replace("*", "").split())) in _VAGUE


RULE = Rule(
    code="LNK008",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="vague link text",
    why="screen readers list links without the text around them, and eyes that skim do the same",
    fix="let the link be the words that name its target; in a template add an `aria-label`",
    bad="summary: The programme is online, click [here](https://www.example.org/programme).",
    good="summary: See [the programme of the forum](https://www.example.org/programme).",
    check=_check,
)
