"""After it has left: totals that add up to everybody, what became of the messages, and what readers did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from newsletter import pipeline, sending, store, tracking
from newsletter.errors import NewsletterError
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.model.wording import clock, duration, moment
from newsletter.web.composer import correcting
from newsletter.web.composer.desk import Look
from newsletter.web.composer.issues import colored
from newsletter.web.composer.senders import Senders

_SHOWN = 20
"""Addresses that were rejected; the command line shows all of them."""
_AT_ONCE = dt.timedelta(minutes=2)
"""What waits no longer was sent at once, and is held for a moment in which it can be taken back."""
_PARTS: Mapping[str, str] = {
    "accepted": "the provider has taken the message",
    "rejected": "the provider will not send it",
    "suppressed": "nobody writes to them",
    "unknown": "nobody can tell whether it was taken",
    "claimed": "under way just now",
    "pending": "still to come",
}


def context(look: Look, senders: Senders) -> dict[str, Any]:
    """Return what the panel shows."""
    working = senders.runs(look.name)
    if not store.has_database(look.workspace):
        return {"unreadable": f"issue {look.name} has not been sent"}
    try:
        asked, complaint = senders.asks(look.name), senders.complaint(look.name)
        return {"unreadable": "", "working": working, "asked": asked, "complaint": complaint, **_read(look)}
    except NewsletterError as error:
        return {"unreadable": error.message}


def _read(look: Look) -> dict[str, Any]:
    space, issue = look.workspace, look.name
    settings = space.settings
    with store.open_database(space) as database:
        newest = sending.unfinished(database, issue)
        # Each is counted once: of a million that takes its time.
        all_of_it = [sending.standing(database, one.id) for one in sending.mailings_of(database, issue)]
        found = next(one for one in all_of_it if one.mailing.id == newest.id)
        mailings = [one.mailing.id for one in all_of_it]
        known, calendars = tracking.report(database, *mailings), sending.calendars(database, *mailings)
        rejected = sending.rejected(database, found.mailing.id, _SHOWN)
        doubtful = next((one for one in all_of_it if one.totals.unknown), None)
        open_ended = not found.mailing.finished or found.totals.claimed > 0
        attended = open_ended and sending.attended(database, found.mailing)
        left_out = pipeline.in_words(sending.left_out(database, found.mailing.id).items())
        asked_from = sending.tells_at(database, doubtful.mailing.id, dt.datetime.now(dt.UTC)) if doubtful else None
        awaits_word = sending.awaits_word(database, found.mailing.id)
        pace = sending.pace(database, found.mailing.id, dt.datetime.now(dt.UTC)) if attended else None
        was_sent = any(one.was_sent for one in all_of_it)
        # One that was stopped in time is as if it had never been sent.
        has_left = was_sent and found.mailing.state is not MailingState.SCHEDULED
        correction = correcting.context(look, database, has_left=has_left)
    mailing, totals = found.mailing, found.totals
    accepted = sum(one.totals.accepted for one in all_of_it)
    late = dt.datetime.now(dt.UTC) - mailing.begins_at if mailing.begins_at else -_AT_ONCE
    earlier = doubtful.totals.unknown if doubtful and doubtful.mailing.id != mailing.id else 0
    return {
        "mailing": mailing,
        "kind": colored(mailing),
        "began": clock(mailing.leaves_at.astimezone(settings.zone)),
        "lists": [settings.list_title(name) for name in mailing.lists],
        "totals": totals,
        "was_sent": was_sent,
        "has_left": has_left,
        "parts": _parts(mailing, totals, left_out, attended=attended),
        "done": totals.done,
        "pace": _pace(pace, totals.pending + totals.claimed),
        "rejected": rejected,
        "attended": attended,
        "awaits_word": awaits_word,
        "leaves": moment(mailing.begins_at, settings.zone) if mailing.begins_at else "",
        "overdue": late >= dt.timedelta(),
        "missed": late > sending.TOO_LATE,
        "held": mailing.begins_at is not None and mailing.begins_at - mailing.started_at < _AT_ONCE,
        "leaves_at": f"{mailing.begins_at.astimezone(settings.zone):%H:%M:%S}" if mailing.begins_at else "",
        "earlier": earlier,
        "askable": doubtful is None or _can_be_asked(look, doubtful.mailing),
        "asked_from": f"{asked_from.astimezone(settings.zone):%H:%M}" if asked_from else "",
        "shared": settings.database.startswith("postgresql"),
        "tells": known.tells,
        "rehearsed": not settings.reaches_readers(mailing.provider),
        "mailings": len(mailings),
        "accepted": accepted,
        "arrivals": known.arrivals(accepted),
        "reasons": known.reasons,
        "reactions": known.reactions(settings.tracking),
        "popular": tracking.by_entry(known.links, look.selection.entries if look.selection else (), calendars),
        "unlinked": known.unlinked,
        **correction,
    }


def _pace(a_minute: float | None, left: int) -> str:
    """Return how fast it goes and how long it will take, while it is sent and that can be told."""
    if not a_minute or not left:
        return ""
    return f"{a_minute:,.0f} people a minute; about {duration(left / a_minute * 60)} left"


def _parts(
    mailing: Mailing, totals: Totals, left_out: Mapping[str, int], *, attended: bool
) -> list[tuple[str, int, str]]:
    """Return what the candidates add up from: the state, how many, and what it means."""
    counts, meanings = totals.as_json(), dict(_PARTS)
    if len(left_out) == 1:
        meanings["suppressed"] = next(iter(left_out))
    elif left_out:
        meanings["suppressed"] = "; ".join(f"{number:,} {reason}" for reason, number in left_out.items())
    if not attended:
        meanings["claimed"] = "under way when their sender ended"
    if mailing.state is MailingState.STOPPED:
        meanings["pending"] = "not reached when it was stopped"
    return [(state, counts[state], meaning) for state, meaning in meanings.items() if counts[state]]


def _can_be_asked(look: Look, mailing: Mailing) -> bool:
    try:
        return sending.provider(look.workspace, mailing.provider).capabilities.can_be_asked
    except NewsletterError:
        # Whoever presses the button is told why not.
        return True
