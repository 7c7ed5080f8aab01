"""Readers whose mailboxes put a message off: tried again less and less often, and given up after half an hour.

RFC 5321 §4.5.4.1 has mail servers try for days. Here a person waits for the end of a mailing, and whoever was given up
can be sent to later (`send --rest`); greylisting lets a message pass within minutes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from newsletter.sending.patience import Patience
from newsletter.sending.providers.answers import without_addresses
from newsletter.sending.providers.contract import Accepted, Because, NotTaken, Outcome, Rejected, Verdict


@dataclass(frozen=True, slots=True)
class Deferred:
    """What an answer that puts readers off comes to."""

    verdict: Verdict
    """With those rejected who were put off for the last time."""
    wait: float
    """Seconds until the next try."""
    fresh: bool
    """Whether some were put off for the first time."""


class Deferrals:
    """Counts, for one run, how often each reader was put off."""

    def __init__(self, patience: Patience) -> None:
        self._waits = patience.put_off
        self._tries: Counter[str] = Counter()
        self._reason = ""

    @property
    def told(self) -> str:
        """Who waits, and for what; nothing where nobody does."""
        number = len(self._tries)
        waiting = "one reader is" if number == 1 else f"{number:,} readers are"
        return f"{waiting} put off by their mail server: {self._reason}" if number else ""

    def count(self, verdict: Verdict) -> Deferred | None:
        """Count whom an answer puts off; return nothing where it puts nobody off."""
        outcomes: list[Outcome] = []
        most, fresh = 0, False
        for outcome in verdict.outcomes:
            token = outcome.delivery_id
            if not isinstance(outcome, NotTaken) or outcome.because is not Because.MAILBOX:
                if isinstance(outcome, Accepted | Rejected):
                    del self._tries[token]
                outcomes.append(outcome)
                continue
            self._reason = without_addresses(outcome.reason, "…")
            fresh |= token not in self._tries
            self._tries[token] += 1
            if self._tries[token] <= len(self._waits):
                most = max(most, self._tries[token])
                outcomes.append(outcome)
            else:
                outcomes.append(Rejected(token, self._given_up(outcome.reason, self._tries.pop(token)), certain=True))
        if not most and outcomes == list(verdict.outcomes):
            return None
        return Deferred(replace(verdict, outcomes=tuple(outcomes)), self._waits[most - 1] if most else 0.0, fresh)

    def _given_up(self, reason: str, times: int) -> str:
        return f"{reason} (put off {times} times in {round(sum(self._waits) / 60)} minutes)"
