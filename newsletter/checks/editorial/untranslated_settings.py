"""Does the newsletter itself speak the languages of the issue?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.config import Settings
from newsletter.config.translations import spoken
from newsletter.model.finding import Severity
from newsletter.model.shape import Path
from newsletter.model.tongues import named, same
from newsletter.model.wording import listed


def _check(subject: Subject) -> Iterator[Fault]:
    settings, origin, issue = subject.facts.settings, subject.facts.origin, subject.selection.issue
    if settings is None:
        return
    first = issue.languages[0] if issue.languages else settings.language
    # Where nobody has said it, the settings are in the language in which the team writes its issues.
    own = settings.language if "language" in settings.model_fields_set else first
    prefix = "tool.newsletter." if origin.file == "pyproject.toml" else ""
    for language in subject.languages:
        if same(language, own):
            continue
        shown, told = _shown(subject, language), _told(subject, language)
        missing = [
            (text, path)
            for text, path in _untranslated(settings, language, issue.lists)
            if _letters(text) in shown and not _is_a_name(text, told)
        ]
        if missing:
            # A newsletter with one list is often called as that is.
            texts = list(dict.fromkeys(f"“{text}”" for text, _ in missing))
            verb = "is" if len(texts) == 1 else "are"
            message = f"{listed(texts)} of the settings {verb} not translated into {named(language)}"
            fix = f"write into {origin.file}, with your words: {'; '.join(_lines(missing, language, prefix))}"
            yield Fault(message, origin.place(*missing[0][1]), fix=f"{fix}. A name that stays is written as it is")


def _untranslated(settings: Settings, language: str, lists: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Yield what an edition has of the settings in their own language, and where each stands.

    A postal address is for the post, which reads it as it is; whoever has translated something and not the title wants
    it to stay.
    """
    words = spoken(settings.translations, language)
    if words is None:
        yield settings.title, ("title",)
    if settings.brand.tagline and (words is None or words.tagline is None):
        yield settings.brand.tagline, ("brand", "tagline")
    for name in lists:
        if item := settings.lists.get(name):
            translated = spoken(item.translations, language)
            if (translated is None or translated.title is None) and not same(item.language or "", language):
                yield item.title, ("lists", name, "title")


def _lines(missing: list[tuple[str, Path]], language: str, prefix: str) -> Iterator[str]:
    tables: dict[str, list[str]] = {}
    for _, path in missing:
        inside = f"lists.{path[1]}." if path[0] == "lists" else ""
        tables.setdefault(f"[{prefix}{inside}translations.{language}]", []).append(f'{path[-1]} = "…"')
    for table, lines in tables.items():
        yield f"below a line {table} {' and '.join(lines)}"


def _shown(subject: Subject, language: str) -> str:
    texts = zip(subject.pages, subject.filled.values(), strict=True)
    return "\n".join(
        _letters(part)
        for page, (_, _, text) in texts
        if page.edition.language == language
        for part in (page.text, text)
    )


def _told(subject: Subject, language: str) -> str:
    words = subject.selection.issue.translations.get(language)
    return _letters(f"{words.title or ''} {words.subject} {words.intro or ''}") if words else ""


def _is_a_name(text: str, told: str) -> bool:
    """Return whether there is nothing to translate: the team says it in that language as well, or it is an acronym."""
    letters = _letters(text)
    return letters in told or (text.isupper() and len(text.split()) == 1)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


RULE = Rule(
    code="EDT037",
    severity=Severity.WARNING,
    title="words of the settings that are not translated",
    why="readers would see the name of the newsletter or of its list in another language than the rest of the email",
    fix="write them below `[translations.…]` of the settings, and of the list; a name that stays is written as it is",
    good='[lists.monthly.translations.fr]\ntitle = "Lettre mensuelle"',
    check=_check,
)
