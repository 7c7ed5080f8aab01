"""`proof`, `send`, `status`, `resume`: from an issue that is ready to everybody on its lists."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import approving, here, output

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.model.mailing import Mailing, Totals
    from newsletter.pipeline import Build
    from newsletter.sending import Progress, Provider
    from newsletter.store import Database

_REJECTED_SHOWN = 20
_PROVIDER = click.option(
    "--provider", "provider_name", metavar="NAME", help="Another provider than the settings choose."
)


@click.command()
@click.argument("issue")
@click.option("--to", "addresses", multiple=True, required=True, metavar="ADDRESS", help="May be given again.")
@click.option("--as", "subscriber", metavar="ADDRESS", help="Show what this subscriber would see.")
@click.option("--language", help="Which edition; otherwise the issue's first.")
@_PROVIDER
def proof(
    issue: str, addresses: tuple[str, ...], subscriber: str | None, language: str | None, provider_name: str | None
) -> None:
    """Send ISSUE, marked as a proof, to the team."""
    from newsletter import audience, pipeline, sending, store
    from newsletter.sending.proof import folder as proofs_of

    space = here.workspace()
    whole = pipeline.build(space, issue)
    built = pipeline.build(space, issue, languages=[language]) if language else whole
    output.show_findings(built.findings, space.root, err=True)
    provider = sending.provider(space, provider_name)
    name = ""
    if subscriber:
        with store.open_database(space) as database:
            person = audience.show(database, subscriber)
        name = person["name"]
        built = _in_language(built, person["language"]) if not language else built
    taken = sending.proof(
        provider, built.editions[0], built.envelope, addresses, name=name, now=dt.datetime.now(dt.UTC)
    )
    output.say(f"the proof went to {', '.join(addresses)} through {provider.name}")
    output.say(f"it shows {issue} with the digest {whole.digest}; approve that with: newsletter approve {issue}")
    folder = _outbox(provider, proofs_of(issue))
    for delivery in taken if folder else ():
        click.echo(f"{folder}/{delivery}.eml")


@click.command()
@click.argument("issue")
@click.option("--yes", is_flag=True, help="Do not ask; needs --expect.")
@click.option("--expect", type=click.IntRange(min=0), metavar="COUNT", help="How many people you expect to get it.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON.")
@_PROVIDER
def send(issue: str, yes: bool, expect: int | None, dry_run: bool, as_json: bool, provider_name: str | None) -> None:
    """Send ISSUE to the subscribers of its lists, once."""
    from newsletter import pipeline, sending, store
    from newsletter.errors import ContentError

    space = here.workspace()
    built = pipeline.build(space, issue)
    if built.errors:
        raise ContentError(
            f"the checks found {output.summary(built.errors)}, so nothing is sent",
            fix="mend them, then look again with: newsletter lint " + issue,
            findings=built.findings,
        )
    approving.refuse_unapproved(space, built)
    if not built.selection.issue.lists:
        raise ContentError(
            f"issue {issue} goes to no list, so nobody would get it",
            fix=f"name one under `lists:` in {space.settings.issues}/{issue}/issue.yaml",
        )
    provider = sending.provider(
        space, provider_name or pipeline.provider_name(space.settings, built.selection.issue.lists)
    )
    with store.open_database(space) as database:
        languages = [edition.language for edition in built.editions]
        foreseen = sending.foresee(database, issue, built.selection.issue.lists, languages)
        output.say(_sentence(space, built, provider, foreseen))
        for doubt in (*_doubts(built), *_traces(_outbox(provider, issue))):
            output.say(f"note: {doubt}")
        if dry_run:
            output.say("dry run: nothing was sent and nothing was recorded")
            return
        count = _confirmed(foreseen.pending, yes=yes, expect=expect)
        mailing = sending.start(
            database,
            issue=issue,
            lists=built.selection.issue.lists,
            editions=built.editions,
            envelope=built.envelope,
            provider=provider,
            expect=count,
            now=dt.datetime.now(dt.UTC),
        )
        _deliver(space, database, mailing, provider, as_json=as_json)


@click.command()
@click.argument("issue")
@_PROVIDER
@click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON.")
def resume(issue: str, provider_name: str | None, as_json: bool) -> None:
    """Go on with a mailing of ISSUE that was interrupted."""
    from newsletter import sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        found = sending.status(database, issue)
        if found.mailing.state == "sent":
            _show(found.mailing, found.totals, as_json=as_json)
            output.say("nothing is left to do")
            return
        mailing = sending.resume(database, issue)
        provider = sending.provider(space, provider_name or mailing.provider)
        _deliver(space, database, mailing, provider, as_json=as_json)


@click.command()
@click.argument("issue")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(issue: str, as_json: bool) -> None:
    """Show how far the mailing of ISSUE is; the totals add up to everybody on its lists."""
    from newsletter import sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        found = sending.status(database, issue)
        _show(found.mailing, found.totals, as_json=as_json)
        _tell(database, found)
    approving.mention(space, issue)


def _in_language(built: Build, language: str) -> Build:
    from dataclasses import replace

    chosen = [edition for edition in built.editions if edition.language == language]
    return replace(built, editions=(*chosen, *built.editions))


def _sentence(space: Workspace, built: Build, provider: Provider, foreseen: Totals) -> str:
    settings = space.settings
    subject = built.editions[0].subject.fill({}).decode()
    names = [settings.lists[name].title for name in built.selection.issue.lists]
    now = dt.datetime.now(settings.zone)
    left_out = (
        f" ({foreseen.suppressed:,} more are left out: they must not be written to)" if foreseen.suppressed else ""
    )
    people = "person" if foreseen.pending == 1 else "people"
    return (
        f"“{subject}” goes to {foreseen.pending:,} {people} on {' and '.join(names)}{left_out}, "
        f"from {settings.sender}, through {provider.name}, now ({now:%A %-d %B %Y, %H:%M} {settings.zone.key})."
    )


def _doubts(built: Build) -> list[str]:
    """Return what is not as planned when the issue leaves now."""
    planned, now = built.selection.send_at, dt.datetime.now(dt.UTC)
    doubts = []
    if built.selection.issue.send_at and abs(now - planned) > dt.timedelta(days=1):
        doubts.append(
            f"it was planned for {planned:%A %-d %B %Y, %H:%M}; days left and closed calls are told as of then, "
            f"so correct `send_at:` first if that is wrong"
        )
    doubts += [
        f"“{entry.title}” has closed on {entry.closes}"
        for entry in built.selection.entries
        if entry.closes and planned <= entry.closes.at < now
    ]
    return doubts


def _traces(folder: Path | None) -> list[str]:
    """Return a doubt where an outbox holds messages of an issue that the database knows nothing of."""
    if folder is None or not any(folder.glob("*.eml")):
        return []
    return [f"{folder} already holds messages of this issue, of which this database knows nothing; was it replaced?"]


def _confirmed(count: int, *, yes: bool, expect: int | None) -> int:
    """Return the number of people that somebody has agreed to; raise Refused where nobody has."""
    from newsletter.errors import Refused

    if count == 0:
        raise Refused(
            "nobody would get it, so nothing is sent",
            fix="import subscribers first: newsletter subscribers import FILE --list LIST",
        )
    if expect is not None and expect != count:
        raise Refused(
            f"{count:,} people would get it, not {expect:,}",
            why="a number that differs means that the lists are not what you believe",
            fix="look at the lists with: newsletter lists",
        )
    if yes and expect is not None:
        return expect
    if yes or not sys.stdin.isatty():
        raise Refused(
            "nothing is sent without a confirmed number",
            why="nobody is there to be asked" if not yes else "--yes alone does not say how many people you expect",
            fix=f"look at the sentence above, then: newsletter send … --yes --expect {count}",
        )
    typed = click.prompt(f"Type {count} to send", default="", show_default=False, err=True)
    if typed.strip().replace(",", "") != str(count):
        raise Refused("nothing was sent", why=f"'{typed}' is not {count}")
    return count


def _deliver(space: Workspace, database: Database, mailing: Mailing, provider: Provider, *, as_json: bool) -> None:
    from newsletter import sending

    with output.progress("sending") as advance:
        try:
            sending.deliver(
                database,
                mailing,
                provider,
                progress=lambda totals: advance(totals.candidates - totals.pending - totals.claimed, totals.candidates),
            )
        finally:
            # Told whatever stopped it, Ctrl-C included: how far it came is what counts then.
            found = sending.status(database, mailing.issue)
            _show(found.mailing, found.totals, as_json=as_json)
            _tell(database, found)
    folder = _outbox(provider, mailing.issue)
    if folder:
        output.say(f"the messages are files in {folder}")


def _outbox(provider: Provider, issue: str) -> Path | None:
    from newsletter.sending.providers.outbox import Outbox

    return provider.folder_of(issue) if isinstance(provider, Outbox) else None


def _show(mailing: Mailing, totals: Totals, *, as_json: bool) -> None:
    if as_json:
        output.data(
            {
                "schema": 1,
                "issue": mailing.issue,
                "mailing": mailing.id,
                "state": str(mailing.state),
                "totals": totals.as_json(),
            }
        )
        return
    counts = totals.as_json()
    whole = counts.pop("candidates")
    parts = " + ".join(f"{number:,} {word}" for word, number in counts.items() if number) or "0"
    click.echo(f"{mailing.issue}: {mailing.state}; {whole:,} candidates = {parts}")


def _tell(database: Database, found: Progress) -> None:
    """Say who was rejected and why, why the mailing waits, and what to do next."""
    from newsletter import sending

    for address, reason in sending.rejected(database, found.mailing.id, _REJECTED_SHOWN):
        output.say(f"rejected: {address}: {reason}")
    more = found.totals.rejected - _REJECTED_SHOWN
    if more > 0:
        output.say(f"rejected: {more:,} more")
    if found.mailing.reason:
        output.say(f"why: {found.mailing.reason}")
    if found.totals.pending or found.totals.claimed:
        output.say(f"go on with: newsletter resume {found.mailing.issue}")
