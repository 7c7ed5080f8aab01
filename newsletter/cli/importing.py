"""`subscribers import`: from a file of addresses to a list, with a plan first."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output, topics
from newsletter.cli.parameters import LIST_NAME
from newsletter.model import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.audience import Columns, Evidence, ImportReport
    from newsletter.config import Workspace

_SHOWN = 30
LIST = click.option(
    "--list",
    "list_name",
    type=LIST_NAME,
    required=True,
    metavar="LIST",
    help="The list's name in the settings.",
)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@LIST
@click.option("--plan", is_flag=True, help="Only say what the import would do.")
@click.option("--expect", default="", metavar="DIGEST", help="Do exactly the plan with this digest, or nothing.")
@click.option(
    "--map", "pairs", multiple=True, metavar="WHAT=COLUMN", help='Which column is what: --map email="E-mail address"'
)
@click.option("--ignore", multiple=True, metavar="COLUMN", help="A column that says nothing of who has left.")
@click.option(
    "--consent-evidence",
    "evidence",
    nargs=2,
    metavar="DATE SOURCE",
    help="When and how everybody in FILE agreed; brings back who had left before that.",
)
@click.option(
    "--means",
    multiple=True,
    metavar="WORD=STATE",
    help="What a word or number of consent means: --means 2=unsubscribed",
)
@click.option("--encoding", default="", metavar="NAME", help="What FILE is written in, if not UTF-8: windows-1252")
@click.option("--yes", is_flag=True, help="Do not ask whether the columns are understood rightly.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    file: Path,
    list_name: str,
    plan: bool,
    expect: str,
    pairs: tuple[str, ...],
    ignore: tuple[str, ...],
    evidence: tuple[str, str] | None,
    means: tuple[str, ...],
    encoding: str,
    yes: bool,
    as_json: bool,
) -> int:
    """Put the addresses of a CSV FILE on a list.

    Nobody who unsubscribed or must not be written to comes back by an import, unless it proves that they agreed again.
    Rows that cannot be used are named; all others are imported in one go, or none is. Exports of Mailchimp, Brevo,
    CleverReach, Keila, listmonk, Mailtrain, phpList and WordPress's Newsletter are recognised.
    """
    from newsletter import audience, store

    space = here.workspace()
    now = dt.datetime.now(dt.UTC)
    proof = evidence_of(evidence, space, now) if evidence else None
    asks = sys.stdin.isatty() and sys.stderr.isatty() and not (yes or plan or expect)
    mapping, words, encoding = _mapping(pairs), audience.read_words(means), audience.known_encoding(encoding)
    with store.open_database(space) as database, output.progress("reading") as advance:
        try:
            report = audience.import_file(
                database,
                file,
                list_name,
                settings=space.settings,
                now=now,
                plan=plan,
                expect=expect,
                mapping=mapping,
                ignore=ignore,
                evidence=proof,
                words=words,
                encoding=encoding,
                confirm=_ask if asks else None,
                progress=advance,
            )
        except KeyboardInterrupt:
            output.say("nothing was imported; give the same command again, and it does the whole of it")
            raise
    if as_json:
        output.data({"schema": 1, **report.as_json()})
    else:
        _tell(report)
        topics.tell(report.topics, space, fix="write your own topics into the file and import it again")
    return 1 if report.invalid or report.doubts else 0


def _mapping(pairs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    from newsletter.errors import AudienceError

    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        meaning, sign, column = pair.partition("=")
        if not sign or not column.strip():
            raise AudienceError(
                f"--map '{pair}' does not say which column", fix='write it as in: --map email="E-mail address"'
            )
        found[meaning] = (*found.get(meaning, ()), column.strip().strip('"'))
    return found


def evidence_of(given: tuple[str, str], space: Workspace, now: dt.datetime) -> Evidence:
    """Return what `--consent-evidence` says."""
    from newsletter.audience import read_evidence
    from newsletter.errors import AudienceError

    try:
        return read_evidence(*given, zone=space.settings.zone, now=now)
    except AudienceError as error:
        raise AudienceError(
            f"--consent-evidence: {error.message}",
            why=error.why,
            fix='write it as in: --consent-evidence 2024-07-20 "sign-up sheet in Vienna"',
        ) from None


def _ask(columns: Columns) -> None:
    """Show what guessed columns are taken for, and stop where that is wrong."""
    if not columns.guessed:
        return
    output.say("the columns are taken for:")
    for meaning, header in columns.named:
        output.say(f"  {header:<30} {meaning}{'  (a guess)' if meaning in columns.guessed else ''}")
    for header in columns.ignored:
        output.say(f"  {header:<30} not used")
    if not click.confirm("Is that right?", err=True):
        output.say('say it yourself: --map WHAT="name of the column"; nothing was imported')
        raise click.Abort


def _tell(report: ImportReport) -> None:
    from newsletter import audience

    for problem in report.problems:
        click.echo(f"{report.file}:{problem.row}: {problem.message}")
    shown = ", ".join(f"{number:,} {word}" for word, number in report.counts if number) or "nothing to do"
    head = f"would import into {report.list}" if report.planned else f"imported into {report.list}"
    output.say(f"{head}: {shown} (of {wording.count(report.rows, 'row', 'rows')})")
    if report.program:
        output.say(f"read as an export of {report.program}")
    if report.note:
        output.say(f"note: {report.note}")
    if report.columns and (report.planned or report.guessed):
        named = (f"{header!r} is {audience.told_as(meaning)}" for meaning, header in report.columns)
        output.say(f"columns: {', '.join(named)}")
    if report.contradicted:
        output.say(
            f"note: {wording.count(report.contradicted, 'duplicate says', 'duplicates say')} otherwise than another "
            "row whether somebody may be written to: the stricter row counts"
        )
    if report.pending:
        output.say(
            f"note: {wording.count(report.pending, 'row is of somebody', 'rows are of people')} who, by the file, "
            f"{'has' if report.pending == 1 else 'have'} not confirmed: nothing is sent to them"
        )
    if report.stay_confirmed:
        one = report.stay_confirmed == 1
        output.say(
            f"note: {wording.count(report.stay_confirmed, 'row is of somebody', 'rows are of people')} who, by the "
            f"file, {'has' if one else 'have'} not confirmed, but {'is' if one else 'are'} confirmed here, and still "
            "written to; a file that says 'unsubscribed' takes them off"
        )
    if report.confirmed:
        output.say(
            f"note: {wording.count(report.confirmed, 'row is of somebody', 'rows are of people')} who "
            f"{'was' if report.confirmed == 1 else 'were'} pending by an earlier file and agreed, by the proof in this "
            f"one: the newsletter {'would go' if report.planned else 'goes'} to them"
        )
    if report.international:
        output.say(
            f"note: {wording.count(report.international, 'address has', 'addresses have')} letters before the @ that "
            "most mail servers refuse, such as é"
        )
    if report.ignored:
        more = len(report.ignored) - _SHOWN
        last = f" and {more:,} others" if more > 0 else ""
        output.say(f"columns not used: {', '.join(report.ignored[:_SHOWN])}{last}")
    for doubt in report.doubts:
        aside = "" if doubt.column in {header for _, header in report.columns} else " is not used, and"
        output.say(
            f"warning: people who have left may be in the file: the column '{doubt.column}'{aside} seems to "
            f"say so in {wording.count(doubt.rows, 'row', 'rows')}"
        )
        output.say(f"  {audience.remedy(doubt, dict(reversed(report.columns)))}")
    if report.would_resubscribe:
        output.say(
            "who has left comes back only where the file proves newer consent: columns confirmed_at and proof, or "
            "--consent-evidence DATE SOURCE"
        )
    if report.unknown:
        output.say(
            f'what a word of consent means can be said, as in --means "{report.unknown[0]}=unsubscribed"; it can be '
            f"{audience.STATES}"
        )
    if report.invalid and not report.planned:
        output.say("correct the rows that are invalid and import the file again; nobody gets on the list twice")
    if report.doubts:
        output.say("nothing will be imported before that is said")
    elif report.planned:
        output.say(f"to do exactly this: the same command with --expect {report.digest[:12]} instead of --plan")
