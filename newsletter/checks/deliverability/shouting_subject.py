"""Does the subject look like that of a letter?"""

import re
from collections.abc import Iterator

from newsletter.checks.editorial.words import is_shouted
from newsletter.checks.rule import Fault, Group, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_LOUD = re.compile(
    r"[!?]{2,}|!\s*$.*!|\${2,}|€{2,}|(?:!.*){3,}|[\U0001F300-\U0001FAFF](?:.*[\U0001F300-\U0001FAFF]){2,}"
)
_FALSE = re.compile(r"(?:re|fwd?|aw|wg|tr|rv)\s*:", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if passage.name != "subject" or not passage.text:
            continue
        if is_shouted(passage.text):
            yield Fault("the subject is all in capitals", subject.place(passage))
        if match := _LOUD.search(passage.text):
            yield Fault(f"the subject shouts: “{match[0]}”", subject.place(passage, *match.span()))
        if match := _FALSE.match(passage.text):
            place = subject.place(passage, *match.span())
            yield Fault(f"the subject begins with “{match[0]}” and is no answer", place)


RULE = Rule(
    code="DLV009",
    severity=Severity.WARNING,
    group=Group.DELIVERABILITY,
    title="subject that looks like advertising",
    why="mail filters count capitals, exclamation marks and false answers, and readers do the same",
    fix="write it as a sentence",
    bad="subject: LAST CHANCE!!! Apply now",
    good="subject: The call closes on 31 July",
    check=_check,
)
