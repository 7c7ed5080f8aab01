"""How far a mailing is, in one line that adds up or as JSON, and what to do next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import output
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.model.mailing import Mailing, Totals
    from newsletter.sending import Progress
    from newsletter.store import Database

_SHOWN = 20
_MOST_REJECTED = 1000
"""Rejected addresses in one JSON document: what a person or a script can still look at."""


def show(mailing: Mailing, totals: Totals, *, as_json: bool, **more: Any) -> None:
    """Print a mailing's totals, as JSON with `more` beside them."""
    if as_json:
        output.data({"schema": 1, **named(mailing, totals), **more})
    else:
        click.echo(f"{mailing.issue}: {_sum(mailing, totals)}")


def tell(database: Database, found: Progress, zone: dt.tzinfo, *, as_json: bool) -> None:
    """Print a mailing's totals, who was left out and why, how earlier mailings ended, and what was put right since."""
    from newsletter import pipeline, sending

    mailing = found.mailing
    left_out = sending.left_out(database, mailing.id)
    corrected = sending.corrected(database, mailing.issue)
    earlier = [one for one in others(database, mailing) if one.mailing.id < mailing.id]
    if as_json:
        rejected = sending.rejected(database, mailing.id, _MOST_REJECTED)
        show(
            mailing,
            found.totals,
            as_json=True,
            why=mailing.reason,
            left_out=left_out,
            rejected=[{"address": address, "reason": reason} for address, reason in rejected],
            earlier=[named(one.mailing, one.totals) for one in earlier],
            corrected=[one.as_json() for one in corrected],
        )
        return
    show(mailing, found.totals, as_json=False)
    for reason, number in pipeline.in_words(left_out.items()).items():
        output.say(f"left out: {number:,}, reason: {reason}")
    for one in earlier:
        output.say(f"an earlier mailing of it: {_sum(one.mailing, one.totals)}")
    for correction in corrected:
        output.say(f"corrected on {wording.moment(correction.at, zone)} by {correction.by}: {correction.told}")


def explain(database: Database, found: Progress, zone: dt.tzinfo) -> None:
    """Say who was rejected and why, why the mailing waits, and what to do next."""
    from newsletter import sending

    mailing, totals = found.mailing, found.totals
    rejected = sending.rejected(database, mailing.id, _SHOWN)
    for address, reason in rejected:
        output.say(f"rejected: {address}: {reason}")
    more = totals.rejected - len(rejected)
    if more > 0:
        output.say(
            f"rejected: {more:,} more" if rejected else f"rejected: {more:,}, whose addresses are not kept any more"
        )
    if mailing.reason:
        output.say(f"{'it waits' if mailing.state == 'sending' else 'why'}: {mailing.reason}")
    words, command = sending.advise(found, zone, dt.datetime.now(dt.UTC))
    if words:
        output.say(f"{words}: {command}" if command else words)


def others(database: Database, mailing: Mailing) -> list[Progress]:
    """Return the other mailings of an issue, the newest first."""
    from newsletter import sending

    found = sending.mailings_of(database, mailing.issue)
    return [sending.standing(database, one.id) for one in found if one.id != mailing.id]


def named(mailing: Mailing, totals: Totals) -> dict[str, Any]:
    """Return the object that stands for a mailing in JSON."""
    return {
        "issue": mailing.issue,
        "mailing": mailing.id,
        "state": str(mailing.state),
        "totals": totals.as_json(),
    }


def _sum(mailing: Mailing, totals: Totals) -> str:
    counts = totals.as_json()
    whole = counts.pop("candidates")
    parts = " + ".join(f"{number:,} {word}" for word, number in counts.items() if number) or "0"
    return f"{mailing.state}; {whole:,} candidates = {parts}"
