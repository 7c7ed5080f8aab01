"""Whether there is a database, as far as files tell: many only want to look, and need nothing of what opens one."""

from __future__ import annotations

from pathlib import Path

from newsletter.config import Workspace
from newsletter.errors import ConfigurationError

MOVED = "-moved"
"""What stands behind the name of a file whose contents are in another database now."""


def has_database(workspace: Workspace) -> bool:
    """Return whether there is a database to be asked: opening would make one, and some only want to look.

    One that has moved away is there, and one whose folder may not be looked into: whoever asks it is told so.
    """
    address = workspace.settings.database
    if not address.startswith("sqlite:///"):
        return True
    file = workspace.root / address.removeprefix("sqlite:///")
    try:
        return file.is_file() or away_from(file).exists()
    except PermissionError:
        return True


def away_from(file: Path) -> Path:
    """Return what the file of a database is called once everything in it has moved away."""
    return file.with_name(f"{file.name}{MOVED}")


def moved(name: str, otherwise: str) -> ConfigurationError:
    """Return the error for a database that is in another one now; `otherwise` says how to begin with an empty one."""
    return ConfigurationError(
        f"what was in {name} has moved into another database, and `database` names the old one",
        why="an empty one in its place would know neither who has left nor what was sent",
        fix="write the address of the new database into the settings, or into NEWSLETTER_DATABASE; "
        f"to begin with an empty one all the same, {otherwise}",
    )
