"""`lists` and `subscribers`: who receives the newsletter."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli import here, output


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lists(as_json: bool) -> None:
    """Show the lists and how many people are on them."""
    from newsletter import pipeline

    space = here.workspace()
    with pipeline.database(space) as database:
        counts = pipeline.lists(space, database)
    if as_json:
        output.data({"schema": 1, "lists": [count.as_json() for count in counts]})
        return
    output.table(
        ["list", "title", "confirmed", "pending", "unsubscribed", "suppressed"],
        [(c.name, c.title, c.confirmed, c.pending, c.unsubscribed, c.suppressed) for c in counts],
    )
    if not counts:
        output.say("no lists yet; add [tool.newsletter.lists.NAME] with a title to the settings")


@click.group()
def subscribers() -> None:
    """Import, export, show, unsubscribe."""


