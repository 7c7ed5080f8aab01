"""Does every entry speak the languages of the issue?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.issue import Untranslated


def _check(subject: Subject) -> Iterator[Fault]:
    if subject.selection.issue.untranslated is not Untranslated.SHOW:
        return
    for entry in subject.entries:
        spoken = {_primary(tag) for tag in entry.languages}
        missing = [language for language in subject.languages if _primary(language) not in spoken]
        if missing:
            message = f"“{entry.title}” is not translated into {', '.join(missing)}"
            yield Fault(message, entry.origin.place("translations"), entry.id)


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


RULE = Rule(
    code="EDT018",
    severity=Severity.WARNING,
    title="missing translation",
    why="readers of that language get a text that they perhaps cannot read",
    fix="add it below `translations:`, or leave such entries out with `untranslated: leave out` in the issue",
    good="translations: {fr: {title: Douze projets, summary: …}}",
    check=_check,
)
