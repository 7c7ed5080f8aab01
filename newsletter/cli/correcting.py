"""`correct`: what an issue's pages show is put right after it has left, and readers are told what was wrong."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from newsletter.cli import approving, here, output
from newsletter.cli.parameters import ISSUE
from newsletter.files import replace_file
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.errors import Refused
    from newsletter.model.edition import Edition
    from newsletter.model.issue import Issue
    from newsletter.pipeline import Build
    from newsletter.sending import Corrected, Progress, Replacement
    from newsletter.store import Database

_CHANGES_SHOWN = 20
_TAG = re.compile(r"<[^>]*>")


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--note", metavar="TEXT", help="What was wrong, for readers; it goes into the issue's file.")
@click.option("--no-note", is_flag=True, help="For a slip of which readers need not be told.")
@click.option("--dry-run", is_flag=True, help="Only say what would change for readers.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def correct(issue: str, note: str | None, no_note: bool, dry_run: bool, yes: bool) -> None:
    """Show ISSUE as its files are now, to everybody who opens it in the browser, the archive or the feed."""
    from newsletter import pipeline, sending, store
    from newsletter.errors import Refused

    if note is not None and (no_note or dry_run):
        raise click.UsageError("--note writes what readers are told, so it goes with neither --no-note nor --dry-run")
    space = here.workspace()
    with store.open_database(space) as database:
        found = here.begun(space, database, issue)
        shown = sending.shown_editions(database, issue)
        if not shown:
            raise Refused(
                f"issue {issue} has not left yet, so there is nothing to correct",
                why="it is scheduled, and what is sent is what was frozen then",
                fix=f"take it back with: newsletter stop {issue}; mend it, then send it again",
            )
        if note is not None:
            _write(space, issue, note)
        topics = {edition.topics for _, _, edition in shown}
        built = pipeline.build(space, issue, topics=[(), *sorted(topics - {()})])
        replaced = sending.replacements(shown, _with_something(built))
        differing = [one for one in replaced if one.differs]
        if not differing:
            output.say(f"{issue} is shown as its files are now, so there is nothing to correct")
            return
        told = _told(built.selection.issue, sending.corrected(database, issue))
        _tell(differing, told)
        _refuse_hidden(built, told, differing)
        if dry_run:
            output.say("dry run: nothing was changed")
            return
        approving.refuse_faulty(built, "nothing is corrected")
        approving.refuse_unapproved(space, built)
        if not told and not no_note:
            raise _unsaid(space, issue)
        if not yes and not _agreed(issue):
            output.say("nothing was changed")
            return
        pipeline.keep_hosted(built, space.state)
        done = sending.correct(
            database, replaced, note="\n".join(told), by=here.somebody(), now=dt.datetime.now(dt.UTC)
        )
        output.say(f"{issue} is corrected: {_editions(done)}")
        _tell_where(space, database, found)


def _write(space: Workspace, issue: str, note: str) -> None:
    """Put a note into the issue's file, as long as both can be read."""
    from pydantic import ValidationError

    from newsletter import pipeline
    from newsletter.content import editing
    from newsletter.model.issue import Correction

    today = dt.datetime.now(space.settings.zone).date()
    try:
        Correction(date=today, note=note)
    except ValidationError as error:
        problem = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise click.BadParameter(problem, param_hint="--note") from None
    pipeline.choose(space, issue, pipeline.read(space))
    path = space.issues / issue / "issue.yaml"
    text = path.read_bytes().decode("utf-8")
    changed = editing.correct(text, today, note, file=space.relative(path))
    if changed != text:
        replace_file(path, changed.encode())
        output.say(f"the note is in {space.relative(path)}, below `corrections:`")


def _with_something(built: Build) -> tuple[Edition, ...]:
    """Return the editions that show anything; a choice of topics may show nothing any more."""
    return tuple(
        edition
        for edition in built.editions
        if not edition.topics or built.selection.edition(edition.language, edition.topics).entries
    )


def _told(issue: Issue, before: Sequence[Corrected]) -> tuple[str, ...]:
    """Return the notes with which nothing was corrected yet."""
    known = {line for one in before for line in one.note.splitlines()}
    return tuple(correction.note for correction in issue.corrections if correction.note not in known)


def _tell(differing: Sequence[Replacement], told: Sequence[str]) -> None:
    """Say what readers will see that they do not see now."""
    said = set()
    for one in differing:
        changes = tuple(_changes(one.was, one.becomes))
        if one.was.topics or changes in said:
            continue
        said.add(changes)
        output.say(f"what changes in the edition in '{one.was.language}':")
        for change in changes[:_CHANGES_SHOWN]:
            output.say(f"  {change}")
        if len(changes) > _CHANGES_SHOWN:
            output.say(f"  … and {len(changes) - _CHANGES_SHOWN} lines more")
        if not changes:
            output.say("  no words: pictures, addresses of links, or the look")
    for note in told:
        output.say(f"readers are told: {note}")


def _changes(was: Edition, becomes: Edition) -> Iterator[str]:
    """Yield what is gone and what is new, by paragraphs: lines break elsewhere after every change."""
    before, after = _paragraphs(was), _paragraphs(becomes)
    for kind, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (click.style(f"- {line}", fg="red") for line in before[first:last])
            yield from (click.style(f"+ {line}", fg="green") for line in after[start:end])


def _paragraphs(edition: Edition) -> list[str]:
    text = edition.text.marked
    found = [edition.subject.marked, edition.preheader.marked, *text.split("\n\n")]
    return [" ".join(paragraph.split()) for paragraph in found if paragraph.strip()]


def _refuse_hidden(built: Build, told: Sequence[str], differing: Sequence[Replacement]) -> None:
    """Raise Refused where the theme, one of the team's own, does not show the notes."""
    from html import unescape

    from newsletter.errors import Refused

    issue = built.selection.issue
    for note in (correction for correction in issue.corrections if correction.note in told):
        for edition in {one.becomes.language: one.becomes for one in differing}.values():
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


def _within(words: Sequence[str], text: Sequence[str]) -> bool:
    return "\0".join(words) in "\0".join(text)


def _unsaid(space: Workspace, issue: str) -> Refused:
    from newsletter.errors import Refused

    return Refused(
        f"nobody says what was wrong in {issue}, so nothing was changed",
        why="readers who have read it before should learn what they can no longer see",
        fix=f"say it in a sentence: newsletter correct {issue} --note '…'; for a slip: --no-note",
    )


def _agreed(issue: str) -> bool:
    from newsletter.errors import Refused

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(
            "nothing was changed without a word of yours",
            why="nobody is there to be asked",
            fix=f"look at the changes above, then: newsletter correct {issue} --yes",
        )
    return click.confirm("Show it so from now on?", err=True)


def _editions(done: Sequence[Replacement]) -> str:
    languages = tuple(dict.fromkeys(one.becomes.language for one in done))
    return f"{wording.counted(len(done), 'edition')} ({', '.join(languages)})"


def _tell_where(space: Workspace, database: Database, found: Progress) -> None:
    """Say where it shows and where it does not, and what to do about those who have it already."""
    from newsletter import sending

    issue = found.mailing.issue
    archived = any(space.settings.lists[name].archive for name in found.mailing.lists if name in space.settings.lists)
    where = "in the browser, in the archive and in its feed" if archived else "in the browser"
    output.say(f"whoever opens it {where} sees it so from now on")
    all_of_it = [sending.standing(database, one.id).totals for one in sending.mailings_of(database, issue)]
    waiting = sum(totals.pending + totals.claimed for totals in all_of_it)
    accepted = sum(totals.accepted for totals in all_of_it)
    if waiting:
        output.say(
            f"{wording.people(waiting)} wait for it and will get it as it was; to send them the corrected one: "
            f"newsletter stop {issue}, then newsletter send {issue} --rest"
        )
    if accepted:
        output.say(
            f"{wording.people(accepted)} keep the email that they got; where they should know, "
            "tell them in the next issue, or in an issue of its own: newsletter new issue NAME"
        )
