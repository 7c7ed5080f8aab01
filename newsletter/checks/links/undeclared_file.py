"""Are readers told when a link opens a file?"""

import re
from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|zip|odt|ods|odp)$", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        match = _FILE.search(link.parts.path) if link.parts else None
        if match and link.text and match[1].casefold() not in link.text.casefold():
            message = f"the link “{link.text}” opens a {match[1].upper()} file without saying so"
            yield Fault(message, link.text_place(subject), link.entry, f"write “{link.text} ({match[1].upper()})”")


RULE = Rule(
    code="LNK013",
    severity=Severity.NOTE,
    group=Group.LINKS,
    title="file behind a link",
    why="on a phone a file is a download, and a page with a summary serves readers better",
    fix="say the kind of file in the link, or link to the page that offers it",
    bad="summary: See [the report](https://www.example.org/report.pdf).",
    good="summary: See [the report (PDF)](https://www.example.org/report.pdf).",
    check=_check,
)
