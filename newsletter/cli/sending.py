"""`proof` and `send`: from an issue that is ready to everybody on its lists."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli import approving, beforehand, carrying, here, output
from newsletter.cli.parameters import ISSUE, MOMENT, Number
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.pipeline import Build, Prospect

_PROVIDER = click.option(
    "--provider", "provider_name", metavar="NAME", help="Another provider than the settings choose."
)


@click.command()
@click.argument("issue", type=ISSUE)
@click.option(
    "--to",
    "addresses",
    multiple=True,
    metavar="ADDRESS",
    help="Who gets it; may be given again. Otherwise those of `proof_to`.",
)
@click.option("--as", "subscriber", metavar="ADDRESS", help="Show what this subscriber would see.")
@click.option("--language", help="Which edition; otherwise the issue's first.")
@_PROVIDER
def proof(
    issue: str, addresses: tuple[str, ...], subscriber: str | None, language: str | None, provider_name: str | None
) -> None:
    """Send ISSUE, marked as a proof, to the team."""
    from newsletter import audience, pipeline, sending, store
    from newsletter.errors import ConfigurationError
    from newsletter.model.edition import choose
    from newsletter.sending.proofs import folder as proofs_of

    space = here.workspace()
    to = addresses or space.settings.proof_to
    if not to:
        raise ConfigurationError(
            "nobody gets the proof",
            why="no --to names anybody, and neither does `proof_to` in the settings",
            fix=f"name somebody: newsletter proof {issue} --to you@example.org; or write those who always get it into "
            f'{space.file.name}: proof_to = ["you@example.org"]',
        )
    whole = pipeline.build(space, issue)
    built = pipeline.build(space, issue, languages=[language]) if language else whole
    output.show_findings(built.findings, space.root, err=True)
    provider = sending.provider(
        space, provider_name or pipeline.provider_name(space.settings, built.selection.issue.lists)
    )
    name, edition = "", built.editions[0]
    if subscriber:
        with store.open_database(space) as database:
            person = audience.show(database, subscriber)
        name, topics = person["name"], person["topics"] or ()
        if not language:
            built = pipeline.for_choices(space, built, [topics] if topics else [])
            edition = choose(built.editions, person["language"], topics)
    pipeline.keep_hosted(built, space.state)
    taken = sending.proof(provider, edition, built.envelope, to, name=name, now=dt.datetime.now(dt.UTC))
    output.say(f"the proof went to {', '.join(to)} through {provider.name}")
    if mute := pipeline.undelivered(space.settings, provider):
        output.say(f"note: {mute}")
    output.say(f"it shows {issue} with the digest {whole.digest}; approve that with: newsletter approve {issue}")
    others = dict.fromkeys(one.language for one in whole.editions if one.language != edition.language)
    if others and not language and not subscriber:
        ways = " and ".join(f"newsletter proof {issue} --language {other}" for other in others)
        output.say(f"note: that was the edition in {edition.language} alone; for the rest: {ways}")
    folder = carrying.outbox(provider, proofs_of(issue))
    for delivery in taken if folder else ():
        click.echo(f"{folder}/{delivery}.eml")


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--yes", is_flag=True, help="Do not ask; needs --expect.")
@click.option("--expect", type=Number(min=0), metavar="COUNT", help="How many people you expect to get it.")
@click.option("--at", type=MOMENT, metavar="TIME", help="Send then, such as 2024-08-01T09:00 in the newsletter's zone.")
@click.option("--hold", type=Number(0, 3600), metavar="SECONDS", help="Wait before the first call; stop works.")
@click.option("--canary", type=Number(min=1), metavar="COUNT", help="Send to the first, then wait for a word.")
@click.option("--rest", is_flag=True, help="Only to those whom no earlier mailing of this issue reached.")
@click.option(
    "--on-unknown",
    type=click.Choice(["hold", "resend"]),
    default="hold",
    help="What to do where nobody can tell whether a message was taken; hold writes to nobody twice.",
)
@click.option("--detach", is_flag=True, help="Leave the sending to: newsletter worker.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--sample", "samples", multiple=True, metavar="ADDRESS", help="With --dry-run: write their message.")
@click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON.")
@_PROVIDER
def send(
    issue: str,
    yes: bool,
    expect: int | None,
    at: str | None,
    hold: int | None,
    canary: int | None,
    rest: bool,
    on_unknown: str,
    detach: bool,
    dry_run: bool,
    samples: tuple[str, ...],
    as_json: bool,
    provider_name: str | None,
) -> None:
    """Send ISSUE to the subscribers of its lists, once."""
    from newsletter import pipeline, sending, store
    from newsletter.model.mailing import OnUnknown

    if samples and not dry_run:
        raise click.UsageError("--sample goes with --dry-run: it shows a message, and sends none")
    space = here.workspace()
    built = _ready(space, issue)
    provider = sending.provider(
        space, provider_name or pipeline.provider_name(space.settings, built.selection.issue.lists)
    )
    plan = sending.Plan(_moment(space, at) if at else None, canary or 0, OnUnknown(on_unknown), rest)
    with store.open_database(space) as database:
        prospect = pipeline.foresee(space, database, built, provider, plan, dt.datetime.now(dt.UTC))
        beforehand.state(prospect)
        if dry_run:
            beforehand.rehearse(prospect, database, samples, as_json=as_json)
            return
        pipeline.refuse_embargoed(prospect)
        count = _confirmed(prospect.people, yes=yes, expect=expect, left_out=bool(prospect.left_out))
        held = _hold(hold, prospect, asked=not yes)
        started = pipeline.begin(database, prospect, count, dt.datetime.now(dt.UTC), held)
        carrying.carry_out(
            database, started, provider, space.settings.zone, detach=detach, held=bool(held), as_json=as_json
        )


def _ready(space: Workspace, issue: str) -> Build:
    """Return an issue that may be sent."""
    from newsletter import checks, pipeline, store

    read, facts = pipeline.read(space), checks.Facts()
    if issue in read.issues and store.has_database(space):
        with store.open_database(space) as database:
            facts = pipeline.ledger_facts(database, read, issue)
    built = pipeline.build(space, issue, read_content=read, facts=facts)
    pipeline.refuse_faulty(built, "nothing is sent")
    approving.refuse_unapproved(space, built)
    return built


def _moment(space: Workspace, written: str) -> dt.datetime:
    from newsletter.errors import Refused
    from newsletter.model.moment import read_moment

    try:
        asked = read_moment(written, space.settings.zone).at
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
    now = dt.datetime.now(dt.UTC)
    if asked <= now:
        raise Refused(
            f"{wording.moment(asked, space.settings.zone)} is over, so nothing is sent",
            why="a time in the past would mean at once, which you may not have meant",
            fix="write a time to come, or leave --at out to send now",
        )
    return asked.astimezone(dt.UTC)


def _hold(asked_for: int | None, prospect: Prospect, *, asked: bool) -> dt.timedelta:
    """Return for how long nothing leaves: a moment to think again where a person has just said yes."""
    if prospect.plan.begins_at:
        return dt.timedelta()
    if asked_for is not None:
        return dt.timedelta(seconds=asked_for)
    return prospect.hold if asked else dt.timedelta()


def _confirmed(count: int, *, yes: bool, expect: int | None, left_out: bool) -> int:
    """Return the number of people that somebody has agreed to; raise Refused where nobody has."""
    from newsletter.errors import Refused

    if count == 0:
        raise Refused(
            "nobody would get it, so nothing is sent",
            why="everybody on the lists is left out for the reasons above" if left_out else "",
            fix="look at the lists with: newsletter lists"
            if left_out
            else "import subscribers first: newsletter subscribers import FILE --list LIST",
        )
    if expect is not None and expect != count:
        raise Refused(
            f"{wording.people(count)} would get it, not {expect:,}",
            why="a number that differs means that the lists are not what you believe",
            fix="look at the lists with: newsletter lists",
        )
    if yes and expect is not None:
        return expect
    if yes or not sys.stdin.isatty():
        raise Refused(
            "nothing is sent without a confirmed number",
            why="nobody is there to be asked" if not yes else "--yes alone does not say how many people you expect",
            fix=f"look at the sentence above, then add to the command: --yes --expect {count}",
        )
    typed = click.prompt(f"Type {count} to send", default="", show_default=False, err=True)
    if typed.strip().replace(",", "") != str(count):
        raise Refused(
            "nothing was sent",
            why=f"'{typed}' is not {count}",
            fix="look at the sentence above; if it is right, send again and type its number",
        )
    return count
