"""Does a link lead where its words say?"""

import re
from collections.abc import Iterator

from newsletter.checks.links.found import links_of, split
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#][^\s]*)?", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    told: set[str] = set()
    for link in links_of(subject):
        said = _HOST.fullmatch(link.text.strip())
        if said and link.host and not _same(said[1].lower(), link.host):
            told.add(link.url)
            message = f"the link says {said[1]} and leads to {link.host}"
            yield Fault(message, link.text_place(subject), link.entry)
    for page in subject.pages:
        for element in page.all("a"):
            said = _HOST.fullmatch(element.text)
            parts = split(element.get("href"))
            host = (parts.hostname or "") if parts else ""
            if said and host and not _same(said[1].lower(), host) and element.get("href") not in told:
                yield page.fault(element, f"the link says {said[1]} and leads to {host}")


def _same(said: str, host: str) -> bool:
    one, other = said.removeprefix("www."), host.removeprefix("www.")
    return one == other or other.endswith(f".{one}")


RULE = Rule(
    code="LNK014",
    severity=Severity.ERROR,
    group=Group.LINKS,
    title="link that says one address and leads to another",
    why="that is how fraud looks, and mail filters sort it out as such",
    fix="let both be the same, or use words that are no address",
    bad="summary: Go to [www.example.org](https://pages.example.net/x).",
    good="summary: Go to [our pages](https://pages.example.net/x).",
    check=_check,
)
