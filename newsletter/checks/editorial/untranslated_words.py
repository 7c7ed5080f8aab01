"""Does the issue itself speak its languages?"""

from collections.abc import Iterator, Sequence

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.issue import Issue, IssueTranslation
from newsletter.model.tongues import name_of, named
from newsletter.model.wording import Wording, listed

_SHOWN = ("title", "preheader", "intro")
"""What stays in the first language where a translation leaves it out."""


def _check(subject: Subject) -> Iterator[Fault]:
    issue, others = subject.selection.issue, subject.languages[1:]
    missing = [language for language in others if language not in issue.translations]
    if missing:
        place = issue.origin.place("translations") if issue.translations else issue.origin.place("languages")
        message = f"subject and intro are not translated into {named(*missing)}"
        yield Fault(message, place, field=f"translations.{missing[0]}.subject")
    for language in others:
        if told := issue.translations.get(language):
            yield from _left_out(issue, told, language)
    for number, section in enumerate(subject.selection.sections):
        if section.chosen:
            yield from _of_section(issue, number, others)


def _left_out(issue: Issue, told: IssueTranslation, language: str) -> Iterator[Fault]:
    lacking = [name for name in _SHOWN if getattr(issue, name) and getattr(told, name) is None]
    if lacking:
        message = f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not translated into {named(language)}"
        lines = listed([f"`{name}: …`" for name in lacking])
        fix = Wording(
            f"write {lines} below {language}; what stays is written as it is",
            f"say it in {name_of(language)} under Words; what stays is written as it is",
        )
        place = issue.origin.place("translations", language)
        yield Fault(message, place, fix=fix, field=f"translations.{language}.{lacking[0]}")


def _of_section(issue: Issue, number: int, others: Sequence[str]) -> Iterator[Fault]:
    section = issue.sections[number]
    missing = [language for language in others if language not in section.translations]
    if missing:
        message = f"the heading “{section.heading}” is not translated into {named(*missing)}"
        place = issue.origin.place("sections", number, "heading")
        yield Fault(message, place, field=f"sections.{number}.translations.{missing[0]}.heading")
    translated = [language for language in others if language not in missing]
    missing = [language for language in translated if section.intro and section.translations[language].intro is None]
    if missing:
        message = f"the intro of “{section.heading}” is not translated into {named(*missing)}"
        place = issue.origin.place("sections", number, "intro")
        yield Fault(message, place, field=f"sections.{number}.translations.{missing[0]}.intro")


RULE = Rule(
    code="EDT019",
    severity=Severity.WARNING,
    title="words of the issue that are not translated",
    why="words in another language than the rest look like a mistake; such a subject is reported as spam",
    fix=Wording(
        "add the language below `translations:` of the issue, and of the section",
        "translate them under Words, where each language stands at the end",
    ),
    good="translations: {fr: {heading: Actualités}}",
    check=_check,
)
