"""Does the subject say more than the title of the issue?"""

from collections.abc import Iterator

from newsletter.checks.editorial.words import words_of
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity


def _check(subject: Subject) -> Iterator[Fault]:
    settings = subject.facts.settings
    # A letter with one story may well bear its title; one that bears the newsletter's own name says nothing.
    called = [settings.title, *(told.title for told in settings.translations.values())] if settings else []
    names = [words_of(name) for name in called if name]
    said = {passage.path[:-1]: passage for passage in subject.passages if passage.name == "subject"}
    for passage in subject.passages:
        if passage.entry or passage.name != "title" or passage.path[:-1] not in said:
            continue
        line = said[passage.path[:-1]]
        words = words_of(line.text)
        if words == words_of(passage.text) and any(name and name <= words for name in names):
            yield Fault("the subject is the title of the issue", subject.place(line))


RULE = Rule(
    code="EDT034",
    severity=Severity.WARNING,
    title="subject that is the title",
    why="readers decide by this line whether to open the email, and it says nothing of what is inside",
    fix="name the one thing that readers would miss most",
    bad="subject: Our newsletter – July 2024",
    good="subject: Twelve projects begin, and a call is open",
    check=_check,
)
