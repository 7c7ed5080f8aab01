"""Does the issue itself speak its languages?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    for language in subject.languages[1:]:
        if language not in issue.translations:
            place = issue.origin.place("translations") if issue.translations else issue.origin.place("languages")
            yield Fault(f"subject and intro are not translated into {language}", place)
        for number, section in enumerate(subject.selection.sections):
            if section.chosen and language not in issue.sections[number].translations:
                message = f"the heading “{section.plan.heading}” is not translated into {language}"
                yield Fault(message, issue.origin.place("sections", number, "heading"))


RULE = Rule(
    code="EDT019",
    severity=Severity.WARNING,
    title="words of the issue that are not translated",
    why="a subject in another language looks like a mistake, and is reported as spam",
    fix="add the language below `translations:` of the issue, and of the section",
    good="translations: {fr: {heading: Actualités}}",
    check=_check,
)
