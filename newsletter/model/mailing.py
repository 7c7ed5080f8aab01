"""A mailing, its deliveries, and the totals that must add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailingState(StrEnum):
    """How far a mailing is."""

    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    """Every delivery is accepted, rejected or suppressed."""
    PARTLY_SENT = "partly sent"
    """Nothing is left to try, but some deliveries are unknown."""


class DeliveryState(StrEnum):
    """What is known about one message to one subscriber."""

    PENDING = "pending"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Totals:
    """How many deliveries are in each state; `candidates` is their sum."""

    pending: int = 0
    claimed: int = 0
    accepted: int = 0
    rejected: int = 0
    suppressed: int = 0
    unknown: int = 0

    @property
    def candidates(self) -> int:
        """Everybody on the lists with confirmed consent when the mailing started."""
        return self.pending + self.claimed + self.accepted + self.rejected + self.suppressed + self.unknown

    def as_json(self) -> dict[str, int]:
        """Return the `totals` object of `status --json`."""
        return {
            "candidates": self.candidates,
            "pending": self.pending,
            "claimed": self.claimed,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "suppressed": self.suppressed,
            "unknown": self.unknown,
        }


@dataclass(frozen=True, slots=True)
class Mailing:
    """One issue going to its lists once."""

    id: int
    issue: str
    lists: tuple[str, ...]
    provider: str
    state: MailingState
    started_at: datetime
    reason: str = ""
    """Why it is paused, in words for people."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where one message goes and what its slots hold."""

    delivery_id: str
    address: str
    name: str
    values: dict[str, str]
