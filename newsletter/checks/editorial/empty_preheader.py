"""Does the preheader tell something of the issue?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_HOUSEKEEPING = re.compile(
    r"(?i)\bview (?:this|it|the|our)?\s*(?:e-?mail|message|newsletter)?\s*(?:online|in (?:your|a|the) browser)\b"
    r"|\b(?:having|have) (?:trouble|problems)\b|\bif (?:you|this e-?mail) can(?:no|')t\b"
    r"|\bim browser (?:ansehen|anzeigen|öffnen|lesen)\b|\bnicht (?:richtig|korrekt) (?:angezeigt|dargestellt)\b"
    r"|\bdans (?:votre|le|un) navigateur\b|\ben (?:tu|su|el) navegador\b|\bnel (?:tuo )?browser\b"
)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        match = _HOUSEKEEPING.search(passage.text) if passage.name == "preheader" else None
        if match:
            place = subject.place(passage, *match.span())
            yield Fault(f"“{match[0]}” tells nothing of what is in the issue", place)


RULE = Rule(
    code="EDT033",
    severity=Severity.WARNING,
    title="preheader that tells nothing",
    why="the line beside the subject is the second reason to open an email; the footer links to the browser anyway",
    fix="name what stands in second place",
    bad="preheader: View this email in your browser",
    good="preheader: Plus new resource centres in Iraq and Pakistan, and a call open until 31 July",
    check=_check,
)
