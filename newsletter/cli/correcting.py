"""`correct`: what an issue's pages show is put right after it has left, and readers are told what was wrong."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from newsletter.cli import approving, here, output
from newsletter.cli.parameters import ISSUE
from newsletter.files import one_at_a_time, replace_file
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.errors import Refused
    from newsletter.pipeline import Prepared
    from newsletter.sending import Progress, Replacement
    from newsletter.store import Database

_CHANGES_SHOWN = 20
_COLORS = {"-": "red", "+": "green"}


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--note", metavar="TEXT", help="What was wrong, for readers; it goes into the issue's file.")
@click.option(
    "--note-in",
    nargs=2,
    multiple=True,
    metavar="LANGUAGE TEXT",
    help="The note in another language of the issue, such as: --note-in fr '…'.",
)
@click.option("--no-note", is_flag=True, help="For a slip of which readers need not be told.")
@click.option("--dry-run", is_flag=True, help="Only say what would change for readers.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def correct(
    issue: str, note: str | None, note_in: tuple[tuple[str, str], ...], no_note: bool, dry_run: bool, yes: bool
) -> None:
    """Show ISSUE as its files are now, to everybody who opens it in the browser, the archive or the feed."""
    from newsletter import approval, pipeline, store

    if note is not None and (no_note or dry_run):
        raise click.UsageError("--note writes what readers are told, so it goes with neither --no-note nor --dry-run")
    if note_in and note is None:
        raise click.UsageError("--note-in says the note in another language, so it wants --note as well")
    space = here.workspace()
    with store.open_database(space) as database:
        found = here.begun(space, database, issue)
        if note is not None:
            pipeline.refuse_waiting(database, issue)
            _write(space, issue, note, dict(note_in))
        prepared = pipeline.prepare(space, database, issue)
        if not prepared.differing:
            output.say(f"{issue} is shown as its files are now, so there is nothing to correct")
            return
        _tell(prepared)
        pipeline.refuse_hidden(prepared)
        pipeline.refuse_early(prepared, dt.datetime.now(dt.UTC))
        if dry_run:
            output.say("dry run: nothing was changed")
            return
        pipeline.refuse_faulty(prepared.built, "nothing is corrected")
        approving.refuse_unapproved(space, prepared.built)
        if not prepared.notes and not no_note:
            raise _unsaid(issue)
        if not yes and not _agreed(issue):
            output.say("nothing was changed")
            return
        pipeline.keep_hosted(prepared.built, space.state)
        done = pipeline.correct(database, prepared, by=approval.user(), now=dt.datetime.now(dt.UTC))
        output.say(f"{issue} is corrected: {_editions(done)}")
        _tell_where(space, database, found)


def _write(space: Workspace, issue: str, note: str, others: Mapping[str, str]) -> None:
    """Put a note into the issue's file, as long as both can be read; `others` are its words in other languages."""
    from newsletter import pipeline
    from newsletter.errors import ConfigurationError

    spoken = pipeline.choose(space, issue, pipeline.read(space)).issue.languages[1:]
    if strange := next((tag for tag in others if tag not in spoken), None):
        known = f"its other languages are {wording.listed(spoken)}" if spoken else "it has one language alone"
        raise click.BadParameter(f"{issue} is not translated into '{strange}'; {known}", param_hint="--note-in")
    path = space.issues / issue / "issue.yaml"
    with one_at_a_time(path.parent):
        text = path.read_bytes().decode("utf-8")
        try:
            changed = pipeline.with_note(
                text, note, dt.datetime.now(space.settings.zone).date(), others, file=space.relative(path)
            )
        except ConfigurationError as error:
            raise click.BadParameter(error.message, param_hint="--note") from None
        if changed != text:
            replace_file(path, changed.encode())
            output.say(f"the note is in {space.relative(path)}, below `corrections:`")


def _tell(prepared: Prepared) -> None:
    """Say what readers will see that they do not see now."""
    for language, changes in prepared.changes():
        output.say(f"what changes in the edition in '{language}':")
        for change in changes[:_CHANGES_SHOWN]:
            output.say("  " + click.style(f"{change.sign} {change.text}", fg=_COLORS[change.sign]))
        if len(changes) > _CHANGES_SHOWN:
            output.say(f"  … and {len(changes) - _CHANGES_SHOWN} lines more")
        if not changes:
            output.say("  no words: pictures, addresses of links, or the look")
    issue = prepared.built.selection.issue.name
    for entry in prepared.added:
        output.say(
            f"note: {entry} came after the issue had left, or has another title since; to leave it out: "
            f"newsletter drop {issue} {entry} --reason …"
        )
    for note in prepared.notes:
        output.say(f"readers are told: {note}")


def _unsaid(issue: str) -> Refused:
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
    all_of_it = [sending.standing(database, one.id) for one in sending.mailings_of(database, issue)]
    # Whoever a stopped mailing has not reached gets nothing from it, and so the corrected one.
    waiting = sum(one.totals.pending + one.totals.claimed for one in all_of_it if not one.mailing.finished)
    accepted = sum(one.totals.accepted for one in all_of_it)
    if waiting:
        output.say(
            f"{wording.people(waiting)} {'waits' if waiting == 1 else 'wait'} for it and will get it as it was; to "
            f"send them the corrected one: newsletter stop {issue}, then newsletter send {issue} --rest"
        )
    if accepted:
        output.say(
            f"{wording.people(accepted)} {'keeps' if accepted == 1 else 'keep'} the email that they got; where they "
            "should know, tell them in the next issue, or in an issue of its own: newsletter new issue NAME"
        )
