"""Does the issue itself speak its languages?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    others = subject.languages[1:]
    missing = [language for language in others if language not in issue.translations]
    if missing:
        place = issue.origin.place("translations") if issue.translations else issue.origin.place("languages")
        message = f"subject and intro are not translated into {', '.join(missing)}"
        yield Fault(message, place, field=f"translations.{missing[0]}.subject")
    for number, section in enumerate(subject.selection.sections):
        missing = [language for language in others if language not in issue.sections[number].translations]
        if section.chosen and missing:
            message = f"the heading “{section.plan.heading}” is not translated into {', '.join(missing)}"
            place = issue.origin.place("sections", number, "heading")
            yield Fault(message, place, field=f"sections.{number}.translations.{missing[0]}.heading")


RULE = Rule(
    code="EDT019",
    severity=Severity.WARNING,
    title="words of the issue that are not translated",
    why="words in another language than the rest look like a mistake; such a subject is reported as spam",
    fix="add the language below `translations:` of the issue, and of the section",
    good="translations: {fr: {heading: Actualités}}",
    check=_check,
)
