"""`database`: everything in it into another one, or a copy of it into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.groups import Verbs

if TYPE_CHECKING:
    from newsletter.config import Workspace

_SERVERS = ("postgresql:", "postgresql+psycopg:", "postgres:")


@click.group(cls=Verbs)
def database() -> None:
    """The database: subscribers, consent, and what became of every mailing."""


@database.command()
@click.argument("file", type=click.Path(path_type=Path))
def copy(file: Path) -> None:
    """Write a copy of the database to a new file FILE; everything else may go on meanwhile.

    It holds every address, so keep it as safe as the database itself. For PostgreSQL use pg_dump.
    """
    from newsletter import store
    from newsletter.store import moving

    space = here.workspace()
    with store.open_database(space) as opened:
        moving.copy(opened, file)
    output.say(f"the copy is {file}")
    if file.resolve().is_relative_to(space.root.resolve()) and not file.resolve().is_relative_to(space.state.resolve()):
        output.say("note: it lies in the newsletter's folder and holds every address; never let it get into git")


@database.command()
@click.argument("source", metavar="FILE|ADDRESS", type=click.Path())
def move(source: str) -> None:
    """Move everything from the SQLite file FILE into the database that the settings name now.

    That one must be empty, and nobody may use FILE meanwhile. Afterwards FILE has another name, so that nobody goes on
    with it. From PostgreSQL back into a file leads its ADDRESS, which is not used any more afterwards.
    """
    from newsletter import store
    from newsletter.store import moving

    space = here.workspace()
    if source.startswith(_SERVERS):
        with store.open_database(space) as opened, output.progress("moving") as advance:
            old = moving.move_back(source, opened, advance)
        output.say(
            f"everything is in {opened.name} now; nobody goes on with {old}: keep it until you are sure, then delete it"
        )
        return
    file = Path(source)
    _check_other(space, file)
    with store.open_database(space) as opened, output.progress("moving") as advance:
        away = moving.move(file, opened, advance)
    output.say(
        f"everything is in {opened.name} now; the old file is {away}: keep it until you are sure, then delete it"
    )


def _check_other(space: Workspace, file: Path) -> None:
    from newsletter.errors import Refused

    address = space.settings.database
    if (
        address.startswith("sqlite:///")
        and (space.root / address.removeprefix("sqlite:///")).resolve() == file.resolve()
    ):
        raise Refused(
            f"{file} is the database that the settings name",
            why="everything moves from it into the new one",
            fix='first write the new one into the settings, such as database = "postgresql://user@server/name"',
        )
