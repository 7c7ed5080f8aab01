"""`pin`, `feature`, `drop`, `move`, `release`: decisions of the team, written into the issue with its comments kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import ISSUE, Number
from newsletter.files import rewrite

if TYPE_CHECKING:
    from newsletter.model.content import Content
    from newsletter.model.issue import Issue
    from newsletter.model.selection import Selection

_ENTRIES = click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")


@click.command()
@click.argument("issue", type=ISSUE)
@_ENTRIES
def pin(issue: str, entries: tuple[str, ...]) -> None:
    """Put entries into ISSUE although they are outside its rules."""
    from newsletter.content import editing

    _edit(issue, entries, editing.pin)


@click.command()
@click.argument("issue", type=ISSUE)
@_ENTRIES
def feature(issue: str, entries: tuple[str, ...]) -> None:
    """Let entries lead their section of ISSUE."""
    from newsletter.content import editing

    _edit(issue, entries, editing.feature)


@click.command()
@click.argument("issue", type=ISSUE)
@_ENTRIES
@click.option("--reason", required=True, help="Why; colleagues see it in the list of what stays out.")
def drop(issue: str, entries: tuple[str, ...], reason: str) -> None:
    """Leave entries out of ISSUE although they are inside its rules."""
    from newsletter.content import editing

    _edit(issue, entries, lambda text, entry, *, file: editing.drop(text, entry, reason, file=file))


@click.command()
@click.argument("issue", type=ISSUE)
@_ENTRIES
def release(issue: str, entries: tuple[str, ...]) -> None:
    """Take back what was decided by hand about entries of ISSUE; its rules count again."""
    from newsletter.content import editing

    _edit(issue, entries, editing.release, gone=True)


@click.command()
@click.argument("issue", type=ISSUE)
@click.argument("entry")
@click.option("--to", "position", type=Number(min=1), required=True, help="Its new place, counted from 1.")
def move(issue: str, entry: str, position: int) -> None:
    """Give an ENTRY of ISSUE another place within its section."""
    from newsletter import pipeline
    from newsletter.content import editing
    from newsletter.errors import NotFound

    space = here.workspace()
    selection = pipeline.choose(space, issue, pipeline.read(space))
    section = next((part for part in selection.sections if entry in {one.id for one in part.entries}), None)
    if section is None:
        left = next((left for left in selection.out if left.id == entry), None)
        raise NotFound(
            f"{entry} is not in issue {issue}",
            why=f"it is out: {left.reason}, {left.explanation}" if left else "there is no entry of that name",
            fix="see what is in with: newsletter select " + issue,
        )
    ids = [one.id for one in section.entries]
    _edit(issue, (entry,), lambda text, name, *, file: editing.move(text, name, position, ids, file=file))


def _edit(issue: str, entries: tuple[str, ...], change: Callable[..., str], *, gone: bool = False) -> None:
    """Change the file of an issue and say where each entry stands now; `gone` allows for those that only it names."""
    from newsletter import pipeline

    space = here.workspace()
    read = pipeline.read(space)
    chosen = pipeline.choose(space, issue, read)
    _check(read, entries, _decided(chosen.issue) if gone else frozenset())
    path = space.issues / issue / "issue.yaml"
    rewrite(
        path,
        lambda text: reduce(lambda changed, entry: change(changed, entry, file=space.relative(path)), entries, text),
    )
    after = pipeline.choose(space, issue, pipeline.read(space))
    for entry in entries:
        output.say(_verdict(after, entry))


def _decided(issue: Issue) -> frozenset[str]:
    return frozenset((*issue.pin, *issue.feature, *issue.drop, *issue.order))


def _check(read: Content, entries: tuple[str, ...], decided: frozenset[str]) -> None:
    from newsletter.errors import NotFound
    from newsletter.model import meant

    known = {entry.id for entry in read.entries} | {item.id for item in read.unreadable} | decided
    for entry in entries:
        if entry not in known:
            holding = [one for one in known if entry.casefold() in one.casefold()]
            guess = holding[0] if len(holding) == 1 else meant.did_you_mean(entry, known)
            raise NotFound(
                f"there is no entry '{entry}'" + (f"; did you mean '{guess}'?" if guess else ""),
                fix="see them all with: newsletter entries",
            )


def _verdict(selection: Selection, entry: str) -> str:
    for section in selection.sections:
        for number, chosen in enumerate(section.chosen, 1):
            if chosen.entry.id == entry:
                return f"{entry} is in: number {number} of {section.plan.heading} ({chosen.reason})"
    left = next((left for left in selection.out if left.id == entry), None)
    return (
        f"{entry} is out: {left.reason}, {left.explanation}"
        if left
        else f"{entry} is no longer named in issue {selection.issue.name}"
    )
