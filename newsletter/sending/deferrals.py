"""Readers whose mailboxes put a message off: tried again less and less often, and given up after half an hour.

RFC 5321 §4.5.4.1 has mail servers try for days. Here a person waits for the end of a mailing, and whoever was given up
can be sent to later (`send --rest`); greylisting lets a message pass within minutes. How often a batch was put off is
in the ledger, because another sender may make the next try.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.sending.providers.answers import without_addresses
from newsletter.sending.providers.contract import Because, NotTaken, Outcome, Rejected, Verdict


@dataclass(frozen=True, slots=True)
class Deferred:
    """What an answer that puts readers off comes to."""

    verdict: Verdict
    """With those rejected who were put off for the last time."""
    wait: float
    """Seconds until the next try."""
    fresh: bool
    """Whether they were put off for the first time."""
    last: bool
    """Whether there is no further try."""


def reason(verdict: Verdict) -> str:
    """Return why an answer puts readers off, or nothing where it does not."""
    return next((one.reason for one in verdict.outcomes if isinstance(one, NotTaken) and _is_put_off(one)), "")


def defer(verdict: Verdict, before: int, waits: Sequence[float]) -> Deferred | None:
    """Return what follows for readers who were put off `before` times; nothing where the answer puts nobody off."""
    if not any(map(_is_put_off, verdict.outcomes)):
        return None
    last = before >= len(waits)
    outcomes = tuple(_given_up(outcome, before + 1, waits) if last else outcome for outcome in verdict.outcomes)
    return Deferred(replace(verdict, outcomes=outcomes), 0.0 if last else waits[before], before == 0, last)


def not_counted(verdict: Verdict) -> Verdict:
    """Return an answer as one that says nothing about single mailboxes."""
    if not any(map(_is_put_off, verdict.outcomes)):
        return verdict
    outcomes = tuple(
        NotTaken(outcome.delivery_id, outcome.reason)
        if isinstance(outcome, NotTaken) and _is_put_off(outcome)
        else outcome
        for outcome in verdict.outcomes
    )
    return replace(verdict, outcomes=outcomes)


def told(people: int, reason: str) -> str:
    """Return who waits, and for what."""
    waiting = "one reader is" if people == 1 else f"{people:,} readers are"
    return f"{waiting} put off by their mail server: {without_addresses(reason, '…')}"


def _is_put_off(outcome: Outcome) -> bool:
    return isinstance(outcome, NotTaken) and outcome.because is Because.MAILBOX


def _given_up(outcome: Outcome, times: int, waits: Sequence[float]) -> Outcome:
    if not isinstance(outcome, NotTaken) or outcome.because is not Because.MAILBOX:
        return outcome
    reason = f"{outcome.reason} (put off {times} times in {round(sum(waits) / 60)} minutes)"
    return Rejected(outcome.delivery_id, reason, certain=True)
