"""Does the preheader fill the line beside the subject, and no more?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import counted
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.columns import columns, fitting
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    least, most = int(subject.number(RULE, "shortest")), int(subject.number(RULE, "longest"))
    for passage in subject.passages:
        length = columns(passage.text)
        if passage.name != "preheader" or not length or least <= length <= most:
            continue
        if length < least:
            message = (
                f"the preheader has only {counted(passage.text)}; whatever comes next in the email stands behind it"
            )
            yield Fault(message, subject.place(passage))
        else:
            place = subject.place(passage, fitting(passage.text, most), len(passage.text))
            yield Fault(f"the preheader has {counted(passage.text)}; inboxes show at most {most}", place)


RULE = Rule(
    code="EDT005",
    severity=Severity.WARNING,
    title="preheader too short or too long",
    why="phones show about 40 characters of it, desktops up to 110",
    fix="write one sentence that goes on where the subject ends",
    bad="preheader: News",
    good="preheader: Plus new resource centres in Iraq and Pakistan, and a call open until 31 July",
    parameters={"shortest": 30, "longest": 120},
    check=_check,
)
