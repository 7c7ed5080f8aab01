"""`entries`, `select`, `build`: from files to an issue that is ready to leave."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import DAY, ISSUE, refuse_turned_round
from newsletter.model import wording
from newsletter.model.finding import summary

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.model.issue import Period
    from newsletter.model.selection import Left

_NEAR = dt.timedelta(days=60)


@click.command()
@click.option("--type", "kind", help="Only entries of this type, such as news.")
@click.option("--from", "first", type=DAY, help="Only entries from this day on.")
@click.option("--to", "last", type=DAY, help="Only entries up to this day, the day included.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def entries(kind: str | None, first: dt.date | None, last: dt.date | None, as_json: bool) -> int:
    """List the entries."""
    space = here.workspace()
    read = here.content(space)
    if kind:
        _check_type(space, kind)
    refuse_turned_round(first, last)
    shown = [
        entry
        for entry in read.entries
        if (not kind or entry.type == kind)
        and (not first or (entry.day is not None and entry.day >= first))
        and (not last or (entry.day is not None and entry.day <= last))
    ]
    shown.sort(key=lambda entry: (str(entry.day or ""), entry.id))
    if as_json:
        output.data(
            {
                "schema": 1,
                "entries": [
                    {
                        "id": entry.id,
                        "type": entry.type,
                        "date": entry.day.isoformat() if entry.day else None,
                        "title": entry.title,
                        "language": entry.language,
                        "status": str(entry.status),
                        "file": entry.origin.file,
                    }
                    for entry in shown
                ],
                "unreadable": [{"id": item.id, "type": item.type, "file": item.file} for item in read.unreadable],
            }
        )
    else:
        output.table(
            ["date", "type", "id", "title"],
            [
                (entry.day or "–", entry.type, entry.id, entry.title + (" (draft)" if entry.status == "draft" else ""))
                for entry in shown
            ],
        )
        output.say(wording.count(len(shown), "entry", "entries"))
    return 1 if read.errors else 0


def _check_type(space: Workspace, kind: str) -> None:
    """Raise NotFound for a type that the workspace does not have."""
    from newsletter.content import registry
    from newsletter.errors import NotFound
    from newsletter.model.meant import did_you_mean

    types = sorted(registry.load(space).by_name)
    if kind not in types:
        meant = did_you_mean(kind, types)
        raise NotFound(
            f"there is no type '{kind}'" + (f"; did you mean {meant}?" if meant else ""),
            fix=f"the types are {', '.join(types)}",
        )


def _topics(space: Workspace, written: str) -> list[str]:
    """Return the topics of a list with commas; raise NotFound for one that no entry has."""
    chosen = [topic.strip() for topic in written.split(",") if topic.strip()]
    if not chosen:
        return []
    from newsletter import pipeline
    from newsletter.errors import NotFound
    from newsletter.model import meant

    known = {topic.casefold(): topic for entry in pipeline.read(space).entries for topic in entry.topics}
    for topic in chosen:
        if topic.casefold() not in known:
            guess = meant.did_you_mean(topic, known.values())
            raise NotFound(
                f"no entry has the topic '{topic}'" + (f"; did you mean '{guess}'?" if guess else ""),
                fix=f"the topics are {', '.join(sorted(known.values())) or 'none yet'}",
            )
    return chosen


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--all", "everything", is_flag=True, help="Name what is out although its day is far away, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def select(issue: str, everything: bool, as_json: bool) -> int:
    """Show which entries ISSUE takes and which not, with the reason for each."""
    from newsletter import pipeline

    space = here.workspace()
    read = here.content(space, issue)
    selection = pipeline.choose(space, issue, read)
    if as_json:
        output.data(selection.as_json())
        return 1 if read.errors else 0
    period = selection.period
    click.echo(f"{selection.issue.title}: {period.start} to {period.last} ({period.zone.key})\n")
    inside = [(chosen, section) for section in selection.sections for chosen in section.chosen]
    click.echo(click.style(f"IN {len(inside)}", bold=True))
    output.table(
        ["section", "date", "type", "id", "reason"],
        [
            (section.plan.heading, chosen.entry.day or "–", chosen.entry.type, chosen.entry.id, chosen.reason)
            for chosen, section in inside
        ],
    )
    click.echo(click.style(f"\nOUT {len(selection.out)}", bold=True))
    named = [left for left in selection.out if everything or not _is_far(left, period)]
    output.table(
        ["date", "type", "id", "reason", "detail"],
        [(left.day or "–", left.type, left.id, left.reason, _detail(left)) for left in named],
    )
    if far := len(selection.out) - len(named):
        output.say(f"and {far:,} more than {_NEAR.days} days before or after the period: --all names them")
    return 1 if read.errors else 0


def _is_far(left: Left, period: Period) -> bool:
    """Whether an entry is out for its day alone, which nobody would look for here."""
    from newsletter.model.selection import Out

    far = {Out.OUT_OF_PERIOD, Out.ALREADY_FEATURED, Out.PAST_DEADLINE}
    if left.reason not in far or left.day is None or left.unseen_by:
        return False
    return not period.start - _NEAR <= left.day <= period.last + _NEAR


def _detail(left: Left) -> str:
    """Return what a line of the table has to add to the date in it and to the period above."""
    from newsletter.model.selection import Out

    return left.unseen if left.reason is Out.OUT_OF_PERIOD and left.day else left.explanation


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where to write; otherwise build/ISSUE.")
@click.option("--language", "languages", multiple=True, help="Only this language; may be given again.")
@click.option("--topics", metavar="A,B", help="Only what readers of these topics get.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def build(issue: str, out: Path | None, languages: tuple[str, ...], topics: str | None, as_json: bool) -> int:
    """Write ISSUE as html, txt, eml and mjml, with its selection and a manifest."""
    from newsletter import pipeline
    from newsletter.cli import approving, artefacts

    space = here.workspace()
    choice = _topics(space, topics or "")
    built = pipeline.build(space, issue, languages=languages, topics=[choice])
    folder = out or space.root / "build" / issue
    files = artefacts.write(built, folder)
    output.show_findings(built.findings, space.root, err=True)
    if as_json:
        output.data(artefacts.description(built, files))
    else:
        for edition in built.editions:
            sizes = artefacts.sizes(built, edition)
            output.say(f"{edition.language}: {sizes['html_bytes']:,} bytes of HTML, {sizes['text_bytes']:,} of text")
        output.say(f"digest {built.digest}")
        if not languages and not choice:
            output.say(approving.state(space, built))
        output.say(f"{summary(built.findings)}; written to:")
        for kinds in files:
            for path in kinds.values():
                click.echo(path)
    return 1 if built.errors else 0
