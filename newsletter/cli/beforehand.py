"""What `send` says before anybody says yes, and what `send --dry-run` shows."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import output
from newsletter.cli.mailing import outbox
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.pipeline import Build
    from newsletter.sending import Foreseen, Plan, Provider, Rehearsal
    from newsletter.store import Database

_REASONS = {
    "bounce": "bounced",
    "complaint": "complained",
    "by hand": "somebody said so",
    "pending": "not confirmed yet",
}


@dataclass(frozen=True)
class Prospect:
    """A mailing that has not started."""

    space: Workspace
    database: Database
    built: Build
    provider: Provider
    foreseen: Foreseen
    plan: Plan
    rehearsal: Rehearsal

    def state(self) -> None:
        """Say in one sentence what is about to happen, and below it what a person should know before saying yes."""
        output.say(self._sentence())
        for reason, number in self.left_out.items():
            output.say(f"  left out: {number:,}, reason: {reason}")
        if self.rehearsal.seconds:
            output.say(f"  takes about {wording.duration(self.rehearsal.seconds)} at the pace of {self.provider.name}")
        mute = undelivered(self.space, self.provider, counts=True)
        doubts = (*self._not_as_planned(), *self._traces(), *([mute] if mute else []))
        for doubt in (*doubts, *self.rehearsal.notes, *self._neighbours()):
            output.say(f"note: {doubt}")

    @cached_property
    def left_out(self) -> dict[str, int]:
        """Why people on the lists would not get the issue, with how many."""
        resting = "they pause, or want to hear from us less often"
        outside = f"outside the segment, or {resting}" if self.built.selection.issue.segment else resting
        reasons = sorted(self.foreseen.reasons.items(), key=lambda item: -item[1])
        reasons += [(outside, self.foreseen.outside)] if self.foreseen.outside else []
        reasons += sorted(self.foreseen.without_consent.items())
        return {_REASONS.get(reason, reason): number for reason, number in reasons}

    def rehearse(self, samples: Sequence[str], *, as_json: bool) -> None:
        """Say what the provider would see, and write the messages of some subscribers."""
        rehearsal, provider = self.rehearsal, self.provider
        settings = self.space.settings.providers.get(provider.name)
        cost = rehearsal.cost(settings.price_per_thousand) if settings and settings.price_per_thousand else None
        files = [self._write_sample(address) for address in samples]
        if as_json:
            output.data(
                {
                    "schema": 1,
                    "issue": self.built.selection.issue.name,
                    "provider": provider.name,
                    "totals": self.foreseen.totals.as_json(),
                    "left_out": self.left_out,
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

    @property
    def _leaves(self) -> dt.datetime:
        return self.plan.begins_at or dt.datetime.now(dt.UTC)

    def _sentence(self) -> str:
        settings, plan, foreseen = self.space.settings, self.plan, self.foreseen
        subject = self.built.editions[0].subject.fill({}).decode()
        several = len(foreseen.by_list) > 1
        names = [
            settings.lists[name].title + (f" ({foreseen.by_list.get(name, 0):,})" if several else "")
            for name in self.built.selection.issue.lists
        ]
        when = "on" if plan.begins_at else "now,"
        canary = "The first one gets" if plan.canary == 1 else f"The first {plan.canary:,} get"
        first = f" {canary} it then, the others after your word." if plan.canary else ""
        rest = f" who {'has' if foreseen.totals.pending == 1 else 'have'} not got it yet" if plan.rest else ""
        return (
            f"“{subject}” goes to {wording.people(foreseen.totals.pending)} on {' and '.join(names)}{rest}, "
            f"from {settings.sender}, through {self.provider.name}, "
            f"{when} {wording.moment(self._leaves, settings.zone)}.{first}"
        )

    def _not_as_planned(self) -> list[str]:
        """Return what is not as planned when the issue leaves then."""
        selection, leaves = self.built.selection, self._leaves
        planned = selection.send_at
        doubts = []
        if selection.issue.send_at and abs(leaves - planned) > dt.timedelta(days=1):
            doubts.append(
                f"it was planned for {wording.clock(planned)}; days left and closed calls are told as of then, "
                f"so correct `send_at:` first if that is wrong"
            )
        doubts += [
            f"“{entry.title}” {'will have' if self.plan.begins_at else 'has'} closed on {entry.closes}"
            for entry in selection.entries
            if entry.closes and planned <= entry.closes.at < leaves
        ]
        return doubts

    def _traces(self) -> list[str]:
        """Return a doubt where an outbox holds messages of an issue that the database knows nothing of."""
        from newsletter import sending

        issue = self.built.selection.issue.name
        folder = outbox(self.provider, issue)
        if folder is None or sending.mailings_of(self.database, issue) or not any(folder.glob("*.eml")):
            return []
        return [
            f"{folder} already holds messages of this issue, of which this database knows nothing; was it replaced?"
        ]

    def _neighbours(self) -> list[str]:
        """Return a doubt for each other issue that goes to the same lists on the same day."""
        from newsletter import sending

        issue, zone = self.built.selection.issue, self.space.settings.zone
        day = self._leaves.astimezone(zone).date()
        told = [
            f"issue {other.issue} goes to {' and '.join(both)} on the same day"
            for other in sending.mailings(self.database)
            if other.issue != issue.name
            and (other.begins_at or other.started_at).astimezone(zone).date() == day
            and (both := [name for name in issue.lists if name in other.lists])
        ]
        return list(dict.fromkeys(told))

    def _write_sample(self, address: str) -> Path:
        """Write the message that a subscriber would get, and return its file."""
        from newsletter import audience
        from newsletter.model.edition import choose
        from newsletter.sending import compose

        built = self.built
        person = audience.show(self.database, address)
        edition = choose(built.editions, person["language"], person["topics"] or ())
        recipient = built.envelope.recipient("sample", person["address"], person["name"])
        folder = self.space.state / "samples" / built.selection.issue.name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The name of a file is ours: an address may hold anything.
        file = folder / f"{hashlib.sha256(person['address'].encode()).hexdigest()[:12]}.eml"
        file.write_bytes(compose(edition, built.envelope, recipient, built.selection.send_at))
        return file


def undelivered(space: Workspace, provider: Provider, *, counts: bool = False) -> str:
    """Return what a person should know of a provider that only rehearses, or nothing; only a mailing `counts`."""
    if not provider.capabilities.reaches_readers:
        sent = ", and the issue counts as sent all the same" if counts else ""
        return f"through {provider.name} nobody gets an email{sent}; `provider` in the settings chooses one that sends"
    settings = space.settings.providers.get(provider.name)
    if settings is None or not settings.test:
        return ""
    return f"{provider.name} takes messages and delivers none, because its settings say `test = true`"
