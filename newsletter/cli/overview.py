"""`report` without an issue: the newest ones side by side, and which types of entry readers read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import here, output
from newsletter.model.event import Arrival, EventKind
from newsletter.model.mailing import MailingState

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.model.entry import Entry
    from newsletter.store import Database
    from newsletter.tracking import Kind, Popular, Report

_CAME_BACK = (Arrival.HARD_BOUNCED, Arrival.SOFT_BOUNCED, Arrival.BLOCKED)


@dataclass(frozen=True, slots=True)
class _Issue:
    """All mailings of an issue together."""

    name: str
    began: dt.date
    accepted: int
    report: Report
    entries: tuple[Entry, ...]
    """What it shows."""
    read: tuple[Popular, ...]

    @property
    def came_back(self) -> int:
        return sum(self.report.arrived.get(state, 0) for state in _CAME_BACK)

    def as_json(self) -> dict[str, Any]:
        return {
            "issue": self.name,
            "date": self.began.isoformat(),
            "accepted": self.accepted,
            "delivered": self.report.arrived.get(Arrival.DELIVERED, 0),
            "came_back": self.came_back,
            "complained": self.report.readers.get("complained", 0),
            "left": self.report.readers.get("unsubscribed", 0),
            "opens": self.report.by_people(EventKind.OPENED),
            "clicks": self.report.by_people(EventKind.CLICKED),
            "read": [one.as_json() for one in self.read],
        }


def show(space: Workspace, last: int, *, as_json: bool) -> None:
    """Show the newest issues that were sent."""
    from newsletter import store, tracking

    with store.open_database(space) as database:
        issues = _issues(space, database, last)
    kinds = tracking.by_type([(issue.entries, issue.read) for issue in issues])
    if as_json:
        types = [{"type": kind.type, "entries": kind.entries, "clicks": kind.clicks} for kind in kinds]
        output.data({"schema": 1, "issues": [issue.as_json() for issue in issues], "types": types})
        return
    if not issues:
        output.say("no issue has been sent yet")
        return
    _tell(issues, kinds)


def _issues(space: Workspace, database: Database, last: int) -> list[_Issue]:
    """Return the newest issues of which a mailing has begun, the newest first."""
    from newsletter import sending, tracking

    by_issue: dict[str, list[sending.Progress]] = {}
    begun = (one for one in sending.all_mailings(database) if one.state is not MailingState.SCHEDULED)
    for mailing in begun:
        if mailing.issue in by_issue or len(by_issue) < last:
            by_issue.setdefault(mailing.issue, []).append(sending.standing(database, mailing.id))
    entries = here.shown(space, by_issue)
    found = []
    with output.progress("counting") as progress:
        for done, (name, standings) in enumerate(by_issue.items(), start=1):
            mailings = [one.mailing.id for one in standings]
            report = tracking.report(database, *mailings)
            first = min(one.mailing.leaves_at for one in standings)
            accepted = sum(one.totals.accepted for one in standings)
            read = tracking.by_entry(report.links, entries[name], sending.calendars(database, *mailings))
            day = first.astimezone(space.settings.zone).date()
            found.append(_Issue(name, day, accepted, report, entries[name], read))
            progress(done, len(by_issue))
    return found


def _tell(issues: Sequence[_Issue], kinds: Sequence[Kind]) -> None:
    rows = []
    for issue in issues:
        told = issue.as_json()
        # Without the word of a provider nobody knows how many were.
        share = f" ({told['delivered'] / issue.accepted:.1%})" if told["delivered"] and issue.accepted else ""
        numbers = [f"{told[name]:,}" for name in ("came_back", "complained", "left", "opens", "clicks")]
        delivered = f"{told['delivered']:,}{share}"
        rows.append((issue.name, issue.began, f"{issue.accepted:,}", delivered, *numbers))
    output.table(["issue", "sent", "accepted", "delivered", "came back", "spam", "left", "opens", "clicks"], rows)
    if any(kind.clicks for kind in kinds):
        click.echo()
        output.table(
            ["type", "entries", "clicks", "for each entry"],
            [(kind.type, f"{kind.entries:,}", f"{kind.clicks:,}", f"{kind.each:,.1f}") for kind in kinds],
        )
    click.echo()
    output.say("opens and clicks are estimates: programs open and follow links, too, and not everybody's are told")
