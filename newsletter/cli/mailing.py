"""`status`, `pause`, `resume`, `stop`, `reconcile`, `worker`: what becomes of a mailing once it has started."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import click

from newsletter.cli import approving, carrying, here, output, standing
from newsletter.cli.parameters import ISSUE
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.model.mailing import Totals
    from newsletter.store import Database

_LOOK = 1.0
_PROVIDER = click.option(
    "--provider", "provider_name", metavar="NAME", help="The one that the mailing began with; it is known without."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON.")


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--follow", is_flag=True, help="Keep telling until it comes to its end.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(issue: str, follow: bool, as_json: bool) -> None:
    """Show how far the mailing of ISSUE is; the totals add up to everybody on its lists."""
    from newsletter import sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        here.begun(space, database, issue)
        if follow:
            _follow(database, issue)
        found = sending.status(database, issue)
        standing.tell(database, found, space.settings.zone, as_json=as_json)
        standing.explain(database, found, space.settings.zone)
        doubtful = sending.in_doubt(database, issue)
        if doubtful and doubtful.mailing.id != found.mailing.id:
            output.say(
                f"of {wording.people(doubtful.totals.unknown)} of an earlier mailing nobody can tell; "
                f"look into them with: newsletter reconcile {issue}"
            )
    approving.mention(space, issue)


@click.command()
@click.argument("issue", type=ISSUE)
@_PROVIDER
@click.option("--detach", is_flag=True, help="Leave the sending to: newsletter worker.")
@_JSON
def resume(issue: str, provider_name: str | None, detach: bool, as_json: bool) -> None:
    """Go on with a mailing of ISSUE that was paused or interrupted, or after its canary."""
    from newsletter import sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        found = here.begun(space, database, issue)
        if found.mailing.state == "sent":
            standing.show(found.mailing, found.totals, as_json=as_json)
            output.say("nothing is left to do")
            return
        provider = sending.provider(space, provider_name or found.mailing.provider)
        mailing = sending.resume(database, issue)
        carrying.carry_out(database, mailing, provider, space.settings.zone, detach=detach, held=False, as_json=as_json)


@click.command()
@click.argument("issue", type=ISSUE)
@_JSON
def pause(issue: str, as_json: bool) -> None:
    """Stop sending ISSUE for now; newsletter resume ISSUE goes on."""
    from newsletter import approval, sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        here.begun(space, database, issue)
        mailing = sending.unfinished(database, issue)
        sending.pause(database, mailing.id, f"paused by {approval.user()}")
        found = sending.status(database, issue)
        standing.show(found.mailing, found.totals, as_json=as_json)
        if found.totals.claimed:
            output.say(f"calls for {wording.people(found.totals.claimed)} are under way and come to their end")
        standing.explain(database, found, space.settings.zone)


@click.command()
@click.argument("issue", type=ISSUE)
@_JSON
def stop(issue: str, as_json: bool) -> None:
    """End ISSUE's mailing for good: who has not got it will not get it from this mailing."""
    from newsletter import approval, sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        here.begun(space, database, issue)
        mailing = sending.unfinished(database, issue)
        mailing, totals = sending.stop(database, mailing.id, f"stopped by {approval.user()}", dt.datetime.now(dt.UTC))
        standing.show(mailing, totals, as_json=as_json)
        left = f"it had left for {wording.people(totals.left)}; " if totals.left else ""
        if left or sending.standing(database, mailing.id).sent_before:
            output.say(f"{left}send it to the others with: newsletter send {issue} --rest")
        else:
            output.say("nothing has left; the issue can be mended and sent again")


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--resend", is_flag=True, help="Send again to those of whom nobody can tell; some may get it twice.")
@_PROVIDER
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reconcile(issue: str, resend: bool, provider_name: str | None, as_json: bool) -> None:
    """Look into the deliveries of ISSUE that are unknown, by what the provider can still be asked."""
    from newsletter import sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        # What is unknown of an earlier mailing must not be forgotten because another has been sent to the rest.
        found = sending.in_doubt(database, issue) or here.begun(space, database, issue)
        provider = sending.provider(space, provider_name or found.mailing.provider)
        start, before, zone = found.totals, found.totals.unknown, space.settings.zone
        if before:
            output.say(f"{before:,} are unknown; looking for evidence at {provider.name}")
            sending.date_searches(database, found.mailing.id, provider.capabilities, dt.datetime.now(dt.UTC))
            carrying.tell_wait(database, found.mailing, provider, zone)
            sending.reconcile(database, found.mailing, provider, zone=zone)
        looked = sending.standing(database, found.mailing.id).totals
        if resend and sending.reopen(database, found.mailing.id, resend=True):
            further = f"send {issue} --rest" if found.mailing.state == "stopped" else f"resume {issue}"
            output.say(f"they wait to be sent to again: newsletter {further}")
        found = sending.standing(database, found.mailing.id)
        doubts = sending.doubts(database, found.mailing.id)
        if as_json:
            output.data(
                {
                    "schema": 1,
                    "issue": issue,
                    "mailing": found.mailing.id,
                    "totals": found.totals.as_json(),
                    "settled": before - found.totals.unknown,
                    "found_sent": looked.accepted - start.accepted,
                    "found_not_sent": looked.pending - start.pending,
                    "sent_again": looked.unknown - found.totals.unknown,
                    "unknown": [doubt.as_json() for doubt in doubts],
                }
            )
            return
        click.echo(f"{issue}: {_findings(start, looked, found.totals)}")
        if doubts:
            rows = [
                (doubt.key, doubt.people, f"{doubt.began.astimezone(zone):%Y-%m-%d %H:%M:%S}", doubt.detail)
                for doubt in doubts
            ]
            output.table(["call", "people", f"began ({zone})", "what is known"], rows)
        standing.explain(database, found, zone)


def _findings(before: Totals, looked: Totals, after: Totals) -> str:
    """Return what became of those who were unknown, in words."""
    parts = {
        "found sent": looked.accepted - before.accepted,
        "found not sent, so they wait to be sent to": looked.pending - before.pending,
        "wait to be sent to again by your word, although they may have it": looked.unknown - after.unknown,
        "still unknown": after.unknown,
    }
    return "; ".join(f"{number:,} {words}" for words, number in parts.items() if number > 0) or "nobody is unknown"


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
def worker(once: bool) -> None:
    """Send what is due, on this machine, until it is stopped; on a shared database any number may run."""
    from newsletter import lazy, sending, store
    from newsletter.sending import ledger

    space = here.workspace()
    lazy.whole(ledger, sending, store)
    was_there = store.has_database(space)
    with store.open_database(space) as database:
        output.say(f"working for {database.name}; stop with Ctrl-C")
        if not was_there:
            output.say(here.NEW_DATABASE)
        sending.work(space, database, once=once, tell=output.say)


@click.command(hidden=True)
@click.argument("issue", type=ISSUE)
def deliver(issue: str) -> None:
    """Send what is left of a mailing of ISSUE that somebody has begun, or let go on; the studio starts this.

    It is nobody's word: what was paused since, or waits until somebody has looked at the first ones, stays where it is.
    """
    from newsletter import sending, store

    space = here.workspace()
    with store.open_database(space) as database:
        mailing = sending.unfinished(database, issue)
        provider = sending.provider(space, mailing.provider)
        sending.deliver(database, mailing, provider, zone=space.settings.zone, waits=True)


def _follow(database: Database, issue: str) -> None:
    """Show progress, rate and the time left until the mailing neither waits nor sends."""
    from newsletter import sending

    began, first = time.monotonic(), None
    with output.progress("sending") as advance:
        while True:
            found = sending.status(database, issue)
            done = found.totals.done
            advance(done, found.totals.candidates)
            if first is None:
                first = done
            if found.mailing.state not in {"sending", "scheduled"}:
                break
            time.sleep(_LOOK)
    seconds = time.monotonic() - began
    if done > first:
        output.say(f"{done - first:,} in {wording.duration(seconds)}, {(done - first) / seconds:,.0f} a second")
