"""An issue's words in its other languages: those above everything, and the headings of its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.content import translating
from newsletter.content.line_ends import on_lines, on_one_line, pasted, plain
from newsletter.errors import NotFound
from newsletter.model.issue import Issue
from newsletter.model.tongues import name_of
from newsletter.web.composer.desk import Look
from newsletter.web.composer.forms import Form
from newsletter.web.composer.plans import ELSEWHERE, Rejected, judged, plan_of
from newsletter.web.composer.tongues import direction_of

_WORDS = {
    "subject": "Subject",
    "preheader": "Preheader",
    "intro": "Introduction",
    "title": "Title of the issue",
}
_OF_SECTION = re.compile(r"sections\.(\d{1,3})\.(heading|intro)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text in one language."""

    field: str
    """Such as `subject`, or `sections.2.heading`."""
    label: str
    value: str
    original: str
    about: str = ""
    """The heading of the section that it belongs to, so that one which moved meanwhile gets no other's words."""

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines."""
        return self.field.rpartition(".")[2] in translating.LONG


@dataclass(frozen=True, slots=True)
class Tongue:
    """What an issue says in one other language."""

    tag: str
    name: str
    dir: str
    phrases: tuple[Phrase, ...]

    @property
    def missing(self) -> int:
        """How many texts nobody has translated yet."""
        return sum(1 for phrase in self.phrases if phrase.original and not phrase.value)


def first(look: Look) -> tuple[str, str]:
    """Return the language that an issue is written in, and its direction."""
    written = look.selection.issue.languages if look.selection else ()
    tag = written[0] if written else look.workspace.settings.language
    return tag, direction_of(tag)


def tongues(look: Look) -> list[Tongue]:
    """Return the languages of an issue after its first, with their words as the file has them."""
    if look.selection is None:
        return []
    issue, written = look.content.issues[look.name], plain(plan_of(look)[1])
    return [
        Tongue(tag, name_of(tag), direction_of(tag), tuple(_phrases(issue, written, tag)))
        for tag in issue.languages[1:]
    ]


def changed(look: Look, form: Form) -> str | Rejected:
    """Return the text of the issue's file with one of its words in another language changed, or why it is not.

    Raises NotFound for a field that has no translation, and ContentError for a file that is not safe to change.
    """
    tag, field = form.line("language"), form.text("field")
    path, name = _place(field)
    _, plan, file = plan_of(look)
    tidy = on_lines if name in translating.LONG else on_one_line
    typed, was = tidy(pasted(form.text("value"))), tidy(form.text("was"))
    now = tidy(translating.told(plain(plan), path).get(tag, {}).get(name, ""))
    seen = was if form.fields.get("mine") is None else tidy(form.text("mine"))
    key = f"{field}-{tag}"
    if now not in {seen, typed}:
        return Rejected(key, typed, ELSEWHERE, now, was)
    issue = look.content.issues.get(look.name)
    if path and (issue is None or form.text("about") != _heading(issue, int(path[1]))):
        return Rejected(key, typed, "the sections were changed elsewhere meanwhile")
    if typed == now:
        return plan
    first = "heading" if path else "subject"
    if name != first and not translating.told(plain(plan), path).get(tag, {}).get(first):
        return Rejected(key, typed, f"write the {first} in {name_of(tag)} first")
    return judged(look, plan, translating.retell(plan, tag, {name: typed}, file=file, path=path), key, typed)


def name_in(field: str, tag: str) -> str:
    """Return what a field of a language is called within a sentence."""
    path, name = _place(field)
    what = {"intro": "introduction", "title": "title"}.get(name, name)
    return f"{'a section’s' if path else 'the'} {what} in {name_of(tag)}"


def _phrases(issue: Issue, written: str, tag: str) -> Iterator[Phrase]:
    told = translating.told(written).get(tag, {})
    for field, label in _WORDS.items():
        yield Phrase(field, label, told.get(field, ""), getattr(issue, field) or "")
    for number, section in enumerate(issue.sections):
        told = translating.told(written, ("sections", number)).get(tag, {})
        for field, label in (("heading", "Heading"), ("intro", "Words below the heading")):
            original = getattr(section, field) or ""
            if original or told.get(field):
                key = f"sections.{number}.{field}"
                yield Phrase(key, f"{label} of “{section.heading}”", told.get(field, ""), original, section.heading)


def _place(field: str) -> tuple[tuple[str | int, ...], str]:
    if field in _WORDS:
        return (), field
    found = _OF_SECTION.fullmatch(field)
    if found is None:
        raise NotFound(f"'{field}' is no field of an issue that is changed here")
    return ("sections", int(found[1])), found[2]


def _heading(issue: Issue, number: int) -> str | None:
    return issue.sections[number].heading if number < len(issue.sections) else None
