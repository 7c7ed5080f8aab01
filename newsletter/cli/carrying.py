"""A mailing that is sent from the command line: shown while it lasts, and told when it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.cli import output, standing
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.model.mailing import Mailing, Totals
    from newsletter.sending import Provider
    from newsletter.store import Database


def carry_out(
    database: Database,
    mailing: Mailing,
    provider: Provider,
    zone: dt.tzinfo,
    *,
    detach: bool,
    held: bool,
    as_json: bool,
) -> None:
    """Send a mailing that has started, here, or leave that to the workers."""
    from newsletter import approval, sending

    sending.announce(database, mailing)
    if detach:
        found = sending.status(database, mailing.issue)
        standing.show(found.mailing, found.totals, as_json=as_json)
        output.say("it is sent by whoever runs: newsletter worker")
        return
    if mailing.begins_at and mailing.state == "scheduled":
        output.say(_beginning(mailing.issue, mailing.begins_at, zone, held=held))
    with output.progress("sending") as advance:
        show = _watched(database, mailing, provider, zone, advance)
        try:
            sending.deliver(database, mailing, provider, progress=show, tell=output.say, zone=zone)
        except KeyboardInterrupt:
            if held and sending.status(database, mailing.issue).mailing.state == "scheduled":
                sending.stop(database, mailing.id, f"stopped by {approval.user()}", dt.datetime.now(dt.UTC))
                output.say("stopped; nothing has left")
            raise
        finally:
            # Told whatever stopped it, Ctrl-C included: how far it came is what counts then.
            found = sending.status(database, mailing.issue)
            standing.show(found.mailing, found.totals, as_json=as_json)
            standing.explain(database, found, zone)
    folder = outbox(provider, mailing.issue)
    if folder:
        output.say(f"the messages are files in {folder}")


def _beginning(issue: str, begins_at: dt.datetime, zone: dt.tzinfo, *, held: bool) -> str:
    """Return from when on messages leave, and what can be done until then."""
    if held:
        return (
            f"nothing leaves before {begins_at.astimezone(zone):%H:%M:%S} {zone}; "
            f"Ctrl-C, or newsletter stop {issue}, stops it"
        )
    return f"waiting until {wording.moment(begins_at, zone)}; keep this running, or leave it to: newsletter worker"


def _watched(
    database: Database, mailing: Mailing, provider: Provider, zone: dt.tzinfo, advance: Callable[[int, int], None]
) -> Callable[[Totals], None]:
    """Return what shows how far a mailing is, and says once that nothing is left but what nobody can tell."""
    said = False

    def show(totals: Totals) -> None:
        nonlocal said
        advance(totals.done, totals.candidates)
        if totals.unknown and totals.done == totals.candidates and not said:
            said = True
            output.say(f"of {totals.unknown:,} nobody can tell yet whether they were accepted")
            tell_wait(database, mailing, provider, zone)

    return show


def outbox(provider: Provider, issue: str) -> Path | None:
    """Return where an outbox keeps the messages of an issue."""
    from newsletter.sending.providers.outbox import Outbox

    return provider.folder_of(issue) if isinstance(provider, Outbox) else None


def tell_wait(database: Database, mailing: Mailing, provider: Provider, zone: dt.tzinfo) -> None:
    """Say until when nothing happens, because the provider cannot be asked before."""
    from newsletter import sending

    later = sending.tells_at(database, mailing.id, dt.datetime.now(dt.UTC))
    if later:
        output.say(
            f"{provider.name} can be asked from {later.astimezone(zone):%H:%M} {zone} on; "
            f"this waits for it, Ctrl-C leaves it for later"
        )
