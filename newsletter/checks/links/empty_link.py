"""Does every link lead somewhere?"""

from collections.abc import Iterator

from newsletter.checks.links.found import links_of
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    for link in links_of(subject):
        if link.url in {"", "#"} or link.url.startswith("javascript:"):
            said = f"“{link.text}”" if link.text else "without text"
            yield Fault(f"the link {said} leads nowhere", link.place(subject), link.entry)
    for page in subject.pages:
        for element in page.all("a"):
            if "href" in element.attributes and element.get("href").strip() in {"", "#"}:
                message = f"the link “{element.name}” leads nowhere"
                yield page.fault(element, message)


RULE = Rule(
    code="LNK002",
    severity=Severity.ERROR,
    group=Group.LINKS,
    title="link that leads nowhere",
    why="readers click and nothing happens",
    fix="write the address, or take the link away and keep its words",
    bad="summary: See [the programme](#).",
    good="summary: See [the programme](https://www.example.org/programme).",
    check=_check,
)
