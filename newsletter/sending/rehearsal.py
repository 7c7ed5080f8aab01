"""What a mailing would be to its provider: how many calls, how many bytes, how long. Nothing is sent or recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from newsletter.model.edition import Edition
from newsletter.sending import pacing
from newsletter.sending.envelope import Envelope
from newsletter.sending.ledger.freezing import batch_size
from newsletter.sending.providers.contract import Batch, Provider

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen."""

    recipients: int
    calls: int
    bytes: int
    seconds: float | None
    """At least, by the provider's limits; nothing where it has none."""
    notes: tuple[str, ...]
    """What people should know before it is sent."""

    def cost(self, price_per_thousand: float) -> float:
        """Return what the provider would ask for."""
        return self.recipients * price_per_thousand / 1000

    def as_json(self) -> dict[str, Any]:
        """Return the `rehearsal` object of `send --dry-run --json`."""
        return {
            "recipients": self.recipients,
            "calls": self.calls,
            "bytes": self.bytes,
            "seconds": self.seconds,
            "notes": list(self.notes),
        }


def rehearse(
    provider: Provider, editions: Sequence[Edition], counts: Sequence[int], envelope: Envelope, now: datetime
) -> Rehearsal:
    """Return what sending each of `editions` to as many people as `counts` says would be.

    One call of each edition is really encoded, for readers that do not exist. Raises Refused for an edition that the
    provider cannot carry.
    """
    able = provider.capabilities
    calls = size_of_all = 0
    seconds = 0.0
    notes: list[str] = []
    for edition, people in zip(editions, counts, strict=True):
        prepared = provider.prepare(edition, envelope, now)
        notes += prepared.notes
        if not people:
            continue
        size = min(people, batch_size(provider, edition, envelope, now))
        readers = tuple(
            envelope.recipient(f"{number:028}", f"reader{number}@example.org", "Anna Muster") for number in range(size)
        )
        body = len(prepared.encode(Batch("rehearsal", readers)).body)
        full, remaining = divmod(people, size)
        each = (body - prepared.bytes_once) / size
        calls += full + (1 if remaining else 0)
        size_of_all += full * body + (round(prepared.bytes_once + each * remaining) if remaining else 0)
        seconds += full * pacing.interval(able, size) + pacing.interval(able, remaining)
    if able.recipients_per_day:
        seconds = max(seconds, (ceil(sum(counts) / able.recipients_per_day) - 1) * _DAY)
    return Rehearsal(
        sum(counts), calls, size_of_all, seconds if pacing.paced(able) else None, tuple(dict.fromkeys(notes))
    )
