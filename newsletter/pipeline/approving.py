"""What an approval is worth for an issue as it is now, and recording one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from newsletter import approval
from newsletter.config import Workspace
from newsletter.errors import ContentError, Refused
from newsletter.files import replace_file
from newsletter.model.approval import Approval, Person, Standing, State
from newsletter.model.comparison import compare
from newsletter.model.wording import counted
from newsletter.pipeline.building import Build, outline


def standing(workspace: Workspace, built: Build) -> Standing:
    """Return what the issue's approval is worth for this build; raise ContentError where it cannot be read."""
    name = built.selection.issue.name
    given = approval.read(workspace, name)
    found = approval.judge(given, name, built.digest, workspace.settings.approval)
    kept = approval.read_outline(workspace, given) if given and found.state is State.CHANGED else None
    return replace(found, difference=compare(kept, outline(workspace, built))) if kept else found


def _last_authors(workspace: Workspace, built: Build) -> tuple[Person, ...]:
    """Return who made the last change of the issue or of an entry that it shows; raise Refused where git is silent."""
    entries = {entry.origin.file for entry in built.selection.entries}
    return approval.last_authors(workspace.root, sorted({built.selection.issue.origin.file, *entries} - {""}))


def refuse_faulty(built: Build, consequence: str = "there is nothing to approve yet") -> None:
    """Raise ContentError, with what follows from that, for an issue in which something forbids sending."""
    if built.errors:
        raise ContentError(
            f"the checks found {counted(len(built.errors), 'error')}, so {consequence}",
            fix=f"mend them, then look again with: newsletter lint {built.selection.issue.name}",
            findings=built.findings,
        )


def approve(workspace: Workspace, built: Build, by: Person, now: datetime) -> tuple[Path, ...]:
    """Record that somebody answers for a build as it is, and return the files that say so.

    Raises ContentError while findings forbid sending, and Refused where the settings want another person.
    """
    refuse_faulty(built)
    name = built.selection.issue.name
    authors: tuple[Person, ...] = ()
    if workspace.settings.approval.not_author:
        authors = _last_authors(workspace, built)
        own = next((author for author in authors if author.is_same(by)), None)
        if own or not authors:
            raise Refused(
                f"{by} cannot approve {name}",
                why=f"{own} made its last change, and the settings want the approval of another person"
                if own
                else "git knows nobody who has written it, and the settings want the approval of another person",
                fix=f"ask a colleague to look at it and to approve it: newsletter approve {name}"
                if own
                else "commit the issue and its entries first",
            )
    made = Approval(name, built.digest, by, now, authors)
    written = []
    for file, data in approval.files(made, outline(workspace, built)).items():
        written.append(workspace.issues / name / file)
        replace_file(written[-1], data)
    return tuple(written)
