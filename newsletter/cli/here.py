"""What every verb needs first: the workspace it runs in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import output
from newsletter.model.finding import summary

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.model.content import Content
    from newsletter.model.entry import Entry
    from newsletter.sending import Progress
    from newsletter.store import Database

NEW_DATABASE = (
    "note: there was no database, so a new one is begun, with nobody on any list; if there should be one, "
    "stop this and put it back"
)
"""For whoever starts what runs for months: the disk of the database may not be there."""


def workspace() -> Workspace:
    """Return the workspace of this call.

    Raises ConfigurationError where there is none.
    """
    from newsletter import config

    start = click.get_current_context().find_object(Path)
    space = config.load(start)
    for name, meant in config.misspelt_variables(space).items():
        output.say(f"note: the environment variable {name} changes nothing; did you mean {meant}?")
    return space


def content(space: Workspace, issue: str = "") -> Content:
    """Return the workspace's entries and issues, and tell every problem on stderr.

    Those of an `issue` that cannot be read are left to the error that choosing from it raises.
    """
    from newsletter import pipeline

    read = pipeline.read(space)
    own = f"{space.settings.issues}/{issue}/" if issue and issue not in read.issues else ""
    later = {finding for finding in read.errors if own and finding.place.file.startswith(own)}
    told = [finding for finding in read.findings if finding not in later]
    if told:
        output.show_findings(told, space.root, err=True)
        left = "; the entries concerned stay out until mended" if read.unreadable else ""
        output.say(f"{summary(told)} in the files{left}")
    return read


def shown(space: Workspace, issues: Iterable[str]) -> dict[str, tuple[Entry, ...]]:
    """Return the entries that issues show as their files are now; none where those are gone or cannot be used."""
    from newsletter import pipeline
    from newsletter.errors import NewsletterError

    found: dict[str, tuple[Entry, ...]] = dict.fromkeys(issues, ())
    with suppress(NewsletterError):
        chosen = pipeline.choose_usable(space, found, pipeline.read(space))
        found |= {name: one.entries for name, one in chosen.items() if not isinstance(one, NewsletterError)}
    return found


def begun(space: Workspace, database: Database, issue: str) -> Progress:
    """Return the newest mailing of an issue; raise NotFound where there is none, or not even such an issue."""
    from newsletter import sending
    from newsletter.errors import NotFound

    try:
        return sending.status(database, issue)
    except NotFound:
        from newsletter.cli import approving
        from newsletter.cli.parameters import names_of_issues
        from newsletter.model.issue import unknown

        names = names_of_issues(space)
        if issue not in names:
            raise unknown(issue, names) from None
        approving.mention(space, issue, asked=True)
        raise
