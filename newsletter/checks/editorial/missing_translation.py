"""Does every entry speak the languages of the issue?"""

from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity
from newsletter.model.issue import Untranslated
from newsletter.model.tongues import named
from newsletter.model.wording import Wording

_WORDS = Wording("write `summary: …` below its title in that language", "write at “Summary” in that language")


def _check(subject: Subject) -> Iterator[Fault]:
    issue = subject.selection.issue
    for entry in subject.entries:
        for language in subject.languages if entry.summary or entry.body else ():
            told, _ = entry.told(language)
            if not told.summary and not told.body:
                place = entry.origin.place("translations", language)
                message = f"“{told.title}” has a title alone in {named(language)}"
                yield Fault(message, place, entry.id, _WORDS, field=f"translations.{language}.summary")
    # Whoever has written `untranslated: show` has decided it.
    if issue.untranslated is not Untranslated.SHOW or "untranslated" in issue.model_fields_set:
        return
    for entry in subject.entries:
        missing = [language for language in subject.languages if not entry.speaks(language)]
        if missing:
            message = f"“{entry.title}” is not translated into {named(*missing)}"
            place = entry.origin.place("translations")
            yield Fault(message, place, entry.id, field=f"translations.{missing[0]}.title")


RULE = Rule(
    code="EDT018",
    severity=Severity.WARNING,
    title="missing translation",
    why="readers of that language get a text that they perhaps cannot read",
    fix=Wording(
        "add it below `translations:`; or write into the issue what becomes of such entries: "
        "`untranslated: leave out`, or `untranslated: show` to have them as they are",
        "translate it on its page; or write into the issue's file what becomes of such entries: "
        "`untranslated: leave out`, or `untranslated: show` to have them as they are",
    ),
    good="translations: {fr: {title: Douze projets, summary: …}}",
    check=_check,
)
