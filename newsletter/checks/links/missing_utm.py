"""Do links to your own site say where readers come from?"""

from collections.abc import Iterator

from newsletter.checks.links.found import links_of, split
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    required = subject.words(RULE, "required")
    if not required:
        return
    settings = subject.facts.settings
    own = split(settings.site or "") if settings else None
    hosts = {*subject.words(RULE, "hosts"), *([own.hostname] if own and own.hostname else [])}
    for link in links_of(subject):
        parts = link.parts
        if parts is None or link.host not in hosts:
            continue
        given = {pair.partition("=")[0] for pair in parts.query.split("&")}
        missing = [name for name in required if name not in given]
        if missing:
            message = f"the link to {link.host} has no {', '.join(missing)}"
            yield Fault(message, link.place(subject), link.entry)


RULE = Rule(
    code="LNK007",
    severity=Severity.WARNING,
    group=Group.LINKS,
    title="missing UTM parameters",
    why="your statistics cannot tell these readers from others",
    fix="add them, or empty `required` if you do not count that way",
    good="url: https://www.example.org/news?utm_source=newsletter",
    parameters={"required": (), "hosts": ()},
    check=_check,
)
