"""What every verb needs first: the workspace it runs in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import output

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.model.content import Content


def workspace() -> Workspace:
    """Return the workspace of this call.

    Raises ConfigurationError where there is none.
    """
    from newsletter import config

    start = click.get_current_context().find_object(Path)
    return config.load(start)


def content(space: Workspace) -> Content:
    """Return the workspace's entries and issues, and tell every problem on stderr."""
    from newsletter import pipeline

    read = pipeline.read(space)
    if read.findings:
        output.show_findings(read.findings, space.root, err=True)
        output.say(f"{output.summary(read.findings)} in the files; the entries concerned stay out until mended")
    return read
