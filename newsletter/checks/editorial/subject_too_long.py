"""Is the subject short enough for a phone?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import counted
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.columns import columns, fitting
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    most = int(subject.number(RULE, "longest"))
    for passage in subject.passages:
        if passage.name == "subject" and columns(passage.text) > most:
            place = subject.place(passage, fitting(passage.text, most), len(passage.text))
            yield Fault(f"the subject has {counted(passage.text)}; phones show about {most}", place)


RULE = Rule(
    code="EDT002",
    severity=Severity.WARNING,
    title="subject too long",
    why="an inbox cuts it off, and the end is what readers never learn",
    fix="say first what matters most, and leave out the rest",
    bad="subject: The newsletter of our organisation for the month of July with all the news and events",
    good="subject: A call open until 31 July, and news from five countries",
    parameters={"longest": 70},
    check=_check,
)
