"""`lists` and `subscribers`: who receives the newsletter."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.adding import add
from newsletter.cli.groups import Verbs
from newsletter.cli.importing import LIST, import_
from newsletter.cli.parameters import Number
from newsletter.cli.preferring import prefer
from newsletter.model import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.audience import ListCount, Member


@click.group(cls=Verbs, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def lists(ctx: click.Context, as_json: bool) -> None:
    """Show the lists and how many people are on them."""
    if ctx.invoked_subcommand is not None:
        return
    from newsletter import audience, store

    space = here.workspace()
    with store.open_database(space) as database:
        counts = audience.count_lists(database, space.settings)
    if as_json:
        output.data({"schema": 1, "lists": [row.as_json() for row in counts]})
        return
    if not counts:
        output.say("no lists yet; add a section [lists.NAME] with a title to the settings")
        return
    _count_table(counts)


@lists.command("show")
@click.argument("list_name", metavar="LIST")
@click.option("--segment", "line", metavar="SEGMENT", help="Who is meant, such as: country=AT and topic=diaspora")
@click.option("--people", is_flag=True, help="Also show who they are.")
@click.option("--limit", type=Number(1, 1000), default=50, show_default=True, help="How many people at once.")
@click.option(
    "--after",
    type=Number(0, 2**63 - 1),
    default=0,
    metavar="NUMBER",
    help="The last number of the page before.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_list(list_name: str, line: str | None, people: bool, limit: int, after: int, as_json: bool) -> None:
    """Count who is on a LIST, and who of them a segment means."""
    from newsletter import audience, store

    space = here.workspace()
    now = dt.datetime.now(dt.UTC)
    segment = audience.read_segment(line, space.settings) if line is not None else None
    with store.open_database(space) as database:
        count = audience.count_list(database, list_name, settings=space.settings, now=now, segment=segment)
        members: tuple[Member, ...] = ()
        if people:
            members = audience.page(
                database, list_name, settings=space.settings, now=now, segment=segment, after=after, limit=limit
            )
    if as_json:
        output.data(
            {"schema": 1, **count.as_json()} | ({"people": [member.as_json() for member in members]} if people else {})
        )
        return
    _count_table([count])
    if count.segment is not None:
        output.say(f"{count.segment:,} of them would get an issue and are meant by: {line}")
    if people:
        click.echo()
        output.table(
            ["number", "address", "name", "language", "topics", "consent", "since", "suppressed"],
            [
                (
                    member.id,
                    member.address,
                    member.name,
                    member.language,
                    ", ".join(member.topics),
                    member.consent,
                    f"{member.changed_at.astimezone(space.settings.zone):%Y-%m-%d}",
                    member.suppressed,
                )
                for member in members
            ],
        )
        if len(members) == limit:
            output.say(f"the next page: add --after {members[-1].id}")


def _count_table(counts: Sequence[ListCount]) -> None:
    output.table(
        ["list", "title", "confirmed", "pending", "unsubscribed", "suppressed"],
        [(row.name, row.title, row.confirmed, row.pending, row.unsubscribed, row.suppressed) for row in counts],
    )


@click.group(cls=Verbs)
def subscribers() -> None:
    """Import, add, export, show, unsubscribe, suppress and erase people, and change what they prefer."""


subscribers.add_command(import_)
subscribers.add_command(add)
subscribers.add_command(prefer)


@subscribers.command("export")
@LIST
@click.option("--segment", "line", metavar="SEGMENT", help="Only who is meant, such as: country=AT")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; otherwise it is printed.")
def export(list_name: str, line: str | None, out: Path | None) -> None:
    """Write everybody on a list as CSV, with their consent."""
    from newsletter import audience, store
    from newsletter.errors import NotFound

    space = here.workspace()
    segment = audience.read_segment(line, space.settings) if line is not None else None
    if out is not None and not out.parent.is_dir():
        raise NotFound(f"there is no folder {out.parent}", fix="make it first, or choose another place for the file")
    with store.open_database(space) as database:
        if out is None:
            stream = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)  # noqa: SIM115
            with stream:
                number = audience.export_list(database, list_name, stream, settings=space.settings, segment=segment)
        else:
            part = out.with_name(f".{out.name}.part")
            part.unlink(missing_ok=True)
            try:
                # It holds addresses: only its owner may read it, unless others may read the file in its place.
                with open(part, "x", encoding="utf-8-sig", newline="", opener=_for_the_owner) as stream:
                    number = audience.export_list(database, list_name, stream, settings=space.settings, segment=segment)
                if out.exists():
                    shutil.copymode(out, part)
                part.replace(out)
            finally:
                # Half an export is nothing that anybody knows of, and has people's addresses all the same.
                part.unlink(missing_ok=True)
    output.say(f"{wording.people(number)} on {list_name}")


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@subscribers.command("show")
@click.argument("address")
@click.option("--json", is_flag=True, expose_value=False, help="It is JSON in any case.")
def show(address: str) -> None:
    """Print everything that is held about an ADDRESS, as JSON."""
    from newsletter import audience, store

    space = here.workspace()
    with store.open_database(space) as database:
        output.data({"schema": 1, **audience.show(database, address)})


@subscribers.command("unsubscribe")
@click.argument("address")
@click.option("--list", "names", multiple=True, metavar="LIST", help="Only this list; may be given again.")
def unsubscribe(address: str, names: tuple[str, ...]) -> None:
    """Take an ADDRESS off all lists, or off some."""
    from newsletter import audience, store

    space = here.workspace()
    with store.open_database(space) as database:
        left = audience.unsubscribe(
            database, address, names or None, source="command line", now=dt.datetime.now(dt.UTC)
        )
    output.say(f"{address} has left {', '.join(left)}" if left else f"{address} had already left; nothing changed")


@subscribers.command("suppress")
@click.argument("address")
@click.option(
    "--reason",
    type=click.Choice(["by hand", "bounce", "complaint"]),
    default="by hand",
    show_default=True,
    help="Why the address must not be written to.",
)
@click.option("--source", default="command line", show_default=True, help="Who says so.")
def suppress(address: str, reason: str, source: str) -> None:
    """Never write to an ADDRESS again, whatever lists it is on."""
    from newsletter import audience, store
    from newsletter.model.consent import Suppression

    space = here.workspace()
    with store.open_database(space) as database:
        new = audience.suppress(
            database, address, reason=Suppression(reason), source=source, now=dt.datetime.now(dt.UTC)
        )
    output.say(f"{address} is not written to any more" if new else f"{address} was suppressed before; nothing changed")


@subscribers.command("unsuppress")
@click.argument("address")
def unsuppress(address: str) -> None:
    """Allow an ADDRESS to be written to again; lists that it has left stay left."""
    from newsletter import audience, store

    space = here.workspace()
    with store.open_database(space) as database:
        reason = audience.unsuppress(database, address, now=dt.datetime.now(dt.UTC))
    output.say(f"{address} may be written to again; it was suppressed because of: {reason}")


@subscribers.command("erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def erase(address: str, yes: bool, as_json: bool) -> None:
    """Remove everything that is held about an ADDRESS.

    Counts of past mailings stay, and a keyed hash that keeps imports from bringing the address back.
    """
    from newsletter import pipeline, store

    space = here.workspace()
    if (
        sys.stdin.isatty()
        and not yes
        and not click.confirm(f"Erase everything about {address}? It cannot be undone.", err=True)
    ):
        raise click.Abort
    with store.open_database(space) as database:
        erased, files = pipeline.erase(space, database, address, now=dt.datetime.now(dt.UTC))
    if as_json:
        output.data({"schema": 1, **erased.as_json(), "files": files})
    else:
        output.say(erased.told(files))
    if erased.remnants:
        output.say(f"note: {erased.remnants}")


@subscribers.command("tidy")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tidy(dry_run: bool, as_json: bool) -> None:
    """Remove what the settings under [retention] keep no longer."""
    from newsletter import audience, store
    from newsletter.sending import written

    space = here.workspace()
    now, keep = dt.datetime.now(dt.UTC), space.settings.retention
    messages = written.before(space.state, keep.messages.before(now)) if keep.messages else ()
    with store.open_database(space) as database, output.progress("tidying") as advance:
        done = audience.tidy(database, settings=space.settings, now=now, plan=True)
        if not dry_run:
            number, whole = 0, done.deliveries + done.events

            def tell(more: int) -> None:
                nonlocal number
                number += more
                advance(number, whole)

            written.remove(messages)
            done = audience.tidy(database, settings=space.settings, now=now, progress=tell)
    if as_json:
        output.data({"schema": 1, **done.as_json(), "messages": len(messages)})
        return
    for age, number, what in (
        (keep.unconfirmed, done.unconfirmed, "sign-ups that were never confirmed"),
        (keep.unsubscribed, done.unsubscribed, "people who have left every list"),
        (keep.deliveries, done.deliveries, "deliveries with address and name"),
        (keep.events, done.events, "events that say whose they are"),
        (keep.messages, len(messages), "files with messages"),
    ):
        verb = "would remove" if dry_run else "removed"
        output.say(f"{what}: kept for ever" if age is None else f"{what}: {verb} {number:,} older than {age}")
    if done.remnants:
        output.say(f"note: {done.remnants}")
