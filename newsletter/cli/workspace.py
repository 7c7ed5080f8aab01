"""`init` and `new`: files to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from newsletter.cli import here, output
from newsletter.cli.files import replace_file


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Make a new newsletter in FOLDER, with sample entries, an issue and a list."""
    from newsletter.content import starter
    from newsletter.errors import Refused

    files = starter.files()
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise Refused(
            f"{folder} already has {', '.join(taken[:3])}{' and more' if len(taken) > 3 else ''}",
            why="init writes over nothing",
            fix="choose an empty folder: newsletter init my-newsletter",
        )
    for name, content in files.items():
        replace_file(folder / name, content)
        click.echo(folder / name)
