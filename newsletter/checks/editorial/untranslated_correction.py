"""Are readers of every language told what was wrong?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.tongues import named


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    for number, correction in enumerate(issue.corrections):
        missing = [language for language in subject.languages[1:] if language not in correction.translations]
        if missing:
            message = f"the correction “{correction.note}” is not translated into {named(*missing)}"
            yield Fault(message, issue.origin.place("corrections", number, "note"))


RULE = Rule(
    code="EDT035",
    severity=Severity.WARNING,
    title="correction that is not translated",
    why="it stands above everything else, and readers of that language perhaps cannot read what was wrong",
    fix="add the language below `translations:` of the correction",
    good="translations: {fr: {note: L’appel est ouvert jusqu’au 12 août.}}",
    check=_check,
)
