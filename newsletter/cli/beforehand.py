"""What `send` says before anybody says yes, and what `send --dry-run` shows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import output
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.pipeline import Prospect
    from newsletter.store import Database


def state(prospect: Prospect) -> None:
    """Say in one sentence what is about to happen, and below it what a person should know before saying yes."""
    output.say(prospect.sentence)
    for reason, number in prospect.left_out.items():
        output.say(f"  left out: {number:,}, reason: {reason}")
    if prospect.rehearsal.seconds:
        output.say(
            f"  takes about {wording.duration(prospect.rehearsal.seconds)} at the pace of {prospect.provider.name}"
        )
    for doubt in prospect.doubts:
        output.say(f"note: {doubt}")


def rehearse(prospect: Prospect, database: Database, samples: Sequence[str], *, as_json: bool) -> None:
    """Say what the provider would see, and write the messages of some subscribers."""
    rehearsal, provider = prospect.rehearsal, prospect.provider
    settings = prospect.workspace.settings.providers.get(provider.name)
    cost = rehearsal.cost(settings.price_per_thousand) if settings and settings.price_per_thousand else None
    files = [_write_sample(prospect, database, address) for address in samples]
    if as_json:
        output.data(
            {
                "schema": 1,
                "issue": prospect.built.selection.issue.name,
                "provider": provider.name,
                "totals": prospect.foreseen.totals.as_json(),
                "left_out": prospect.left_out,
                "rehearsal": rehearsal.as_json() | {"cost": cost},
                "samples": [str(file) for file in files],
            }
        )
    else:
        calls = wording.count(rehearsal.calls, "call", "calls")
        time = "as fast as it answers" if rehearsal.seconds is None else wording.duration(rehearsal.seconds)
        output.say(f"{calls} to {provider.name}, {rehearsal.bytes / 1_000_000:,.1f} MB in all; {time}")
        if able := provider.capabilities.recipients_per_day:
            output.say(f"quota: {able:,} people a day")
        if settings and cost is not None:
            output.say(f"cost: about {cost:,.2f} {settings.currency}")
        for file in files:
            click.echo(file)
    output.say("dry run: nothing was sent and nothing was recorded")


def _write_sample(prospect: Prospect, database: Database, address: str) -> Path:
    """Write the message that a subscriber would get, and return its file."""
    from newsletter import audience

    built, person = prospect.built, audience.show(database, address)
    folder = prospect.workspace.state / "samples" / built.selection.issue.name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The name of a file is ours: an address may hold anything.
    file = folder / f"{hashlib.sha256(person['address'].encode()).hexdigest()[:12]}.eml"
    file.write_bytes(built.message_to(person))
    return file
