"""`init` and `new`: files to start from."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import DAY
from newsletter.files import replace_file

if TYPE_CHECKING:
    from newsletter.config import Workspace


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab"]),
    help="Add workflows that show every proposed change; in a newsletter that is there, nothing but these.",
)
@click.option("--language", metavar="CODE", help="In which readers get it, such as de or ar; otherwise in English.")
def init(folder: Path | None, ci: str | None, language: str | None) -> None:
    """Make a new newsletter in FOLDER, with sample entries, an issue and a list."""
    from newsletter.cli import integrating
    from newsletter.config import shell
    from newsletter.content import starter, starting
    from newsletter.errors import Refused

    named = folder is not None
    folder = (click.get_current_context().find_object(Path) or Path()) / (folder or Path())
    spoken = starting.known(language) if language else "en"
    around = integrating.workspace(folder)
    if ci and not language and around and (not named or around == folder.resolve()):
        # Like all other commands, this one finds the newsletter from any folder in it.
        integrating.write(integrating.plan(around, ci))
        return
    workflows = integrating.plan(folder, ci) if ci else None
    files = starter.files(dt.datetime.now().astimezone().date(), spoken, starting.zone_here(os.environ))
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise Refused(
            f"{folder.resolve()} already has {', '.join(taken[:3])}{' and more' if len(taken) > 3 else ''}",
            why="init writes over nothing",
            fix="choose an empty folder: newsletter init my-newsletter",
        )
    for name, content in files.items():
        replace_file(folder / name, content)
        click.echo(folder / name)
    if workflows:
        integrating.write(workflows)
    issue = next(Path(name).parent.name for name in files if name.endswith("/issue.yaml"))
    if around:
        output.say(f"it lies inside the newsletter in {around}: from {folder.resolve()} on, the new one is meant")
    there = "" if folder == Path() else f"cd {shell.word(str(folder))}, then "
    output.say(f"ready; see what the sample issue takes with: {there}newsletter select {issue}")
    if not language and (own := starting.spoken_here(os.environ)):
        from babel import Locale

        called = Locale.parse(own).english_name
        output.say(f"it is in English; for one in {called}: newsletter init another-folder --language {own}")


@click.command()
@click.argument("kind", metavar="news|study|call|event|project|issue")
@click.argument("words", nargs=-1, metavar="TITLE")
@click.option("--date", "day", type=DAY, help="When it was published; otherwise today.")
def new(kind: str, words: tuple[str, ...], day: dt.date | None) -> None:
    """Make the file of a new entry with this TITLE, or of a new issue with this name.

    An issue, such as `newsletter new issue 2024-08` or 2024-W31 for a week, takes its sections from the last one.
    """
    if day and kind == "issue":
        raise click.UsageError("--date goes with an entry; the name of an issue, or its `period:`, says its days")
    space = here.workspace()
    # Whoever leaves the quotes out means one title all the same.
    title = " ".join(words)
    path, text = _issue(space, title if words else None) if kind == "issue" else _entry(space, kind, title, day)
    replace_file(path, text.encode())
    click.echo(path)


def _entry(space: Workspace, kind: str, title: str, day: dt.date | None) -> tuple[Path, str]:
    from newsletter.content import writing

    return writing.new_entry(space, kind, title, day or dt.datetime.now(space.settings.zone).date())


def _issue(space: Workspace, name: str | None) -> tuple[Path, str]:
    from newsletter import pipeline
    from newsletter.content import planning
    from newsletter.errors import ConfigurationError

    if name is None:
        known = pipeline.read(space).issues
        following = planning.next_name(known, dt.datetime.now(space.settings.zone).date(), known)
        raise ConfigurationError(
            "the name of the new issue is missing",
            why="it becomes the name of its folder, and that of a month or a week says which days the issue covers",
            fix=f"the next one would be: newsletter new issue {following}"
            if following
            else "write it, such as: newsletter new issue 2024-08, or 2024-W31 for a week",
        )
    return planning.next_issue(space, name, pipeline.read(space).issues)
