"""`lists` and `subscribers`: who receives the newsletter."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.audience import ImportReport, ListCount, Member

_LIST = click.option("--list", "list_name", required=True, metavar="LIST", help="The list's name in the settings.")


@click.group(invoke_without_command=True)
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
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many people at once.")
@click.option(
    "--after", type=click.IntRange(0), default=0, metavar="NUMBER", help="The last number of the page before."
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
                    f"{member.changed_at:%Y-%m-%d}",
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


@click.group()
def subscribers() -> None:
    """Import, export, show and unsubscribe people."""


@subscribers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_LIST
@click.option("--plan", is_flag=True, help="Only say what the import would do.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(file: Path, list_name: str, plan: bool, as_json: bool) -> int:
    """Put the addresses of a CSV FILE on a list.

    Nobody who unsubscribed or must not be written to comes back by an import. Rows that cannot be used are named; all
    others are imported in one go, or none is.
    """
    from newsletter import audience, store

    space = here.workspace()
    with store.open_database(space) as database, output.progress("reading") as advance:
        report = audience.import_file(
            database,
            file,
            list_name,
            settings=space.settings,
            now=dt.datetime.now(dt.UTC),
            plan=plan,
            progress=advance,
        )
    if as_json:
        output.data({"schema": 1, **report.as_json()})
    else:
        _tell(report)
    return 1 if report.invalid else 0


def _tell(report: ImportReport) -> None:
    for problem in report.problems:
        click.echo(f"{report.file}:{problem.row}: {problem.message}")
    counts = [
        ("added", report.added),
        ("updated", report.updated),
        ("unchanged", report.unchanged),
        ("unsubscribed by the file", report.unsubscribed),
        ("blocked", report.blocked),
        ("duplicate", report.duplicates),
        ("invalid", report.invalid),
    ]
    shown = ", ".join(f"{number:,} {word}" for word, number in counts if number) or "nothing to do"
    head = f"would import into {report.list}" if report.planned else f"imported into {report.list}"
    output.say(f"{head}: {shown} (of {report.rows:,} rows)")
    if report.ignored:
        output.say(f"columns not used: {', '.join(report.ignored)}")


@subscribers.command("export")
@_LIST
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; otherwise it is printed.")
def export(list_name: str, out: Path | None) -> None:
    """Write everybody on a list as CSV, with their consent."""
    from newsletter import audience, store

    space = here.workspace()
    with store.open_database(space) as database:
        if out is None:
            stream = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)  # noqa: SIM115
            with stream:
                number = audience.export_list(database, list_name, stream, settings=space.settings)
        else:
            part = out.with_name(f".{out.name}.part")
            with part.open("w", encoding="utf-8-sig", newline="") as stream:
                number = audience.export_list(database, list_name, stream, settings=space.settings)
            part.replace(out)
    output.say(f"{number:,} people on {list_name}")


@subscribers.command("show")
@click.argument("address")
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
