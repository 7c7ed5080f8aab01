"""Putting right what an issue's pages show after it has left: what would change, what readers are told, doing it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from types import MappingProxyType

from newsletter import sending
from newsletter.config import Workspace
from newsletter.content import editing
from newsletter.errors import ConfigurationError, Refused
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.issue import Correction
from newsletter.model.mailing import MailingState
from newsletter.model.wording import listed
from newsletter.pipeline.building import Build, build
from newsletter.pipeline.dispatching import embargoed
from newsletter.sending import Replacement
from newsletter.store import Database

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph that readers will see, or will see no longer."""

    sign: str
    """`+` or `-`."""
    text: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What readers would see of an issue that has left, if its pages showed it as its files are now."""

    built: Build
    replaced: tuple[Replacement, ...]
    notes: tuple[str, ...]
    """What readers would be told with it: the notes in the issue's file with which nothing was corrected yet."""

    @property
    def differing(self) -> tuple[Replacement, ...]:
        """The editions that would be shown otherwise."""
        return tuple(one for one in self.replaced if one.differs)

    @property
    def added(self) -> tuple[str, ...]:
        """The entries that readers would see, and that no edition shows by title or address: their files came late.

        One that has another title since, and no address, looks the same.
        """
        before, after = _text(one.was for one in self.replaced), _text(one.becomes for one in self.differing)
        return tuple(
            entry.id
            for entry in self.built.selection.entries
            if any(words in after for words in _names(entry)) and not any(words in before for words in _names(entry))
        )

    def changes(self) -> list[tuple[str, tuple[Change, ...]]]:
        """Return what changes in the edition of each language; no change of words is one of the look, or of links.

        By paragraphs, because lines break elsewhere after every change; choices of topics show parts of the same.
        """
        found: dict[tuple[Change, ...], str] = {}
        for one in self.differing:
            if not one.was.topics:
                found.setdefault(tuple(_changes(one.was, one.becomes)), one.was.language)
        return [(language, changes) for changes, language in found.items()]


def _text(editions: Iterable[Edition]) -> str:
    return " ".join(" ".join(edition.text.marked.split()) for edition in editions)


def _names(entry: Entry) -> Iterator[str]:
    for title in (entry.title, *(told.title for told in entry.translations.values())):
        yield " ".join(title.split())
    if entry.url:
        yield entry.url


def prepare(workspace: Workspace, database: Database, issue: str) -> Prepared:
    """Return what would be corrected; raise Refused for an issue that has not left yet."""
    refuse_waiting(database, issue)
    shown = sending.shown_editions(database, issue)
    topics = {edition.topics for _, _, edition in shown}
    built = build(workspace, issue, topics=[(), *sorted(topics - {()})])
    known = {line for one in sending.corrected(database, issue) for line in one.note.splitlines()}
    notes = tuple(one.note for one in built.selection.issue.corrections if one.note not in known)
    return Prepared(built, sending.replacements(shown, _with_something(built)), notes)


def refuse_waiting(database: Database, issue: str) -> None:
    """Raise Refused for an issue that has not left yet."""
    if all(mailing.state is MailingState.SCHEDULED for mailing in sending.mailings_of(database, issue)):
        raise Refused(
            f"issue {issue} has not left yet, so there is nothing to correct",
            why="it is scheduled, and what is sent is what was frozen then",
            fix=f"take it back with: newsletter stop {issue}; mend it, then send it again",
        )


def with_note(plan: str, note: str, day: date, others: Mapping[str, str] = MappingProxyType({}), *, file: str) -> str:
    """Return an issue's file with what readers are told; raise ConfigurationError for words that are no note.

    `others` are the note's words in the issue's other languages, by their tags.
    """
    from pydantic import ValidationError

    try:
        for words in (note, *others.values()):
            Correction(date=day, note=words)
    except ValidationError as error:
        unfit = error.errors()[0]["ctx"]["error"]
        fix = getattr(unfit, "fix", "") or "say in a sentence what was put right"
        raise ConfigurationError(f"the note {unfit}", why="readers are told what was wrong", fix=fix) from None
    return editing.correct(plan, day, note, others, file=file)


def refuse_hidden(prepared: Prepared) -> None:
    """Raise Refused where the theme, one of the team's own, does not show the notes."""
    issue = prepared.built.selection.issue
    for note in (correction for correction in issue.corrections if correction.note in prepared.notes):
        for edition in {one.becomes.language: one.becomes for one in prepared.differing}.values():
            words = note.in_language(edition.language).note.split()
            page, text = unescape(_TAG.sub(" ", edition.html.marked)).split(), edition.text.marked.split()
            missing = [name for name, where in (("mjml", page), ("txt", text)) if not _within(words, where)]
            if missing:
                raise Refused(
                    f"the theme {issue.theme} does not show the note “{note.note}”",
                    why=f"templates/themes/{issue.theme}.{missing[0]}.j2 is your own, and older than corrections",
                    fix='add {% include "parts/corrections.mjml.j2" %} below the masthead'
                    if missing[0] == "mjml"
                    else "show issue.corrections there as the shipped themes/monthly.txt.j2 does",
                )


def refuse_early(prepared: Prepared, now: datetime) -> None:
    """Raise Refused where an entry that came after the issue had left may not be told yet."""
    added = prepared.added
    if held := embargoed((entry for entry in prepared.built.selection.entries if entry.id in added), now):
        raise Refused(
            f"{listed(held)}, so nothing is corrected",
            why="readers would see it from now on, and an embargo is a promise",
            fix="correct it later, or leave the entry out of the issue",
        )


def correct(database: Database, prepared: Prepared, *, by: str, now: datetime) -> tuple[Replacement, ...]:
    """Show it so from now on, and return what is shown otherwise.

    Raises what `refuse_early` does, and Refused where somebody else was faster.
    """
    refuse_early(prepared, now)
    return sending.correct(database, prepared.replaced, note="\n".join(prepared.notes), by=by, now=now)


def _with_something(built: Build) -> tuple[Edition, ...]:
    """Return the editions that show anything; a choice of topics may show nothing any more."""
    return tuple(
        edition
        for edition in built.editions
        if not edition.topics or built.selection.edition(edition.language, edition.topics).entries
    )


def _changes(was: Edition, becomes: Edition) -> Iterator[Change]:
    before, after = _paragraphs(was), _paragraphs(becomes)
    for kind, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (Change("-", text) for text in before[first:last])
            yield from (Change("+", text) for text in after[start:end])


def _paragraphs(edition: Edition) -> list[str]:
    text = edition.text.marked
    found = [edition.subject.marked, edition.preheader.marked, *text.split("\n\n")]
    return [" ".join(paragraph.split()) for paragraph in found if paragraph.strip()]


def _within(words: Sequence[str], text: Sequence[str]) -> bool:
    return "\0".join(words) in "\0".join(text)
