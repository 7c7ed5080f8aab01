"""A mailing, its deliveries, and the totals that must add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailingState(StrEnum):
    """How far a mailing is."""

    SCHEDULED = "scheduled"
    """Frozen, and nothing leaves before its moment."""
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    """For good, by a person; who has not got it will not get it from this mailing."""
    SENT = "sent"
    """Every delivery is accepted, rejected or suppressed."""
    PARTLY_SENT = "partly sent"
    """Nothing is left to try, but some deliveries are unknown."""


class OnUnknown(StrEnum):
    """What becomes of deliveries of which nobody can tell whether they were accepted, once all evidence is in."""

    HOLD = "hold"
    """They stay unknown: nobody gets a second message."""
    RESEND = "resend"
    """They are sent again: nobody is left out."""


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

    @property
    def done(self) -> int:
        """Those for whom no call is to come or under way."""
        return self.candidates - self.pending - self.claimed

    @property
    def left(self) -> int:
        """Those whose message has left, or may have."""
        return self.accepted + self.claimed + self.unknown

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
    begins_at: datetime | None = None
    """When its first call may be made; none where it began at once."""
    wave: int = 1
    """0 while only the canary may be sent."""
    round: int = 1
    """From 2 on for those whom no earlier mailing of the issue reached."""
    on_unknown: OnUnknown = OnUnknown.HOLD

    @property
    def leaves_at(self) -> datetime:
        """When its first message may leave, which its messages are dated."""
        return self.begins_at or self.started_at

    @property
    def finished(self) -> bool:
        """Whether nothing more will be tried."""
        return self.state in {MailingState.SENT, MailingState.PARTLY_SENT, MailingState.STOPPED}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where one message goes and what its slots hold."""

    delivery_id: str
    address: str
    name: str
    values: dict[str, str]
