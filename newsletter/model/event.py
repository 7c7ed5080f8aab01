"""What a provider or a mail server says of a message afterwards, and how far that shows the message to have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened to a message, in the same words for every provider."""

    ACCEPTED = "accepted"
    """The provider took it."""
    DEFERRED = "deferred"
    """The receiving server asked to be tried again; the provider goes on trying."""
    DELIVERED = "delivered"
    """The receiving server took it, by the provider's word."""
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    """The reader called it spam."""
    UNSUBSCRIBED = "unsubscribed"
    """The reader left by a link or a header of the message, the provider's own or ours."""
    OPENED = "opened"
    """Something fetched a picture: a reader, or a program on the way."""
    CLICKED = "clicked"
    """Something followed a link: a reader, or a program on the way."""
    OTHER = "other"
    """A kind that is not known here; what the provider said is kept as it is, without personal data."""


class Bounce(StrEnum):
    """Why a message came back."""

    HARD = "hard"
    """There is no such address, for good."""
    SOFT = "soft"
    """The mailbox was full, the server out of reach: another message may arrive."""
    BLOCK = "block"
    """A policy: the receiving server or the provider did not want this message from this sender."""


class Arrival(StrEnum):
    """How far a delivery is known to have come; later members only ever take the place of earlier ones.

    So the order in which events come makes no difference. Delivered stands above the soft bounces, because a provider
    may try again after one, and because automatic answers of people on holiday are reported as one; a hard bounce
    stands above delivered, because many servers take a message first and send it back afterwards.
    """

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    BLOCKED = "blocked"
    SOFT_BOUNCED = "soft bounced"
    DELIVERED = "delivered"
    HARD_BOUNCED = "hard bounced"

    @property
    def rank(self) -> int:
        """The place in the order."""
        return _RANKS[self]


_RANKS = {arrival: rank for rank, arrival in enumerate(Arrival)}
_OF_BOUNCE = {
    Bounce.HARD: Arrival.HARD_BOUNCED,
    Bounce.SOFT: Arrival.SOFT_BOUNCED,
    Bounce.BLOCK: Arrival.BLOCKED,
}
_OF_KIND = {
    # Who complained or left may have done so through an earlier message, where the provider drops this one for it.
    EventKind.ACCEPTED: Arrival.ACCEPTED,
    EventKind.COMPLAINED: Arrival.ACCEPTED,
    EventKind.UNSUBSCRIBED: Arrival.ACCEPTED,
    EventKind.DEFERRED: Arrival.DEFERRED,
    EventKind.DELIVERED: Arrival.DELIVERED,
    EventKind.OPENED: Arrival.DELIVERED,
    EventKind.CLICKED: Arrival.DELIVERED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a provider or a mail server says."""

    kind: EventKind
    key: str
    """By which the same event is known when it is told again: the provider's own id, or a digest of what it says."""
    delivery: str = ""
    """Our delivery id, where the provider gave it back."""
    recipient: str = ""
    """The address that it is about, where the provider names one."""
    at: datetime | None = None
    """When it happened, where the provider says so."""
    bounce: Bounce | None = None
    code: str = ""
    """The enhanced status code (RFC 3463), such as `5.1.1`."""
    reason: str = ""
    """What the receiving server or the provider said."""
    by_machine: bool = False
    """Whether the provider takes a program for the one that opened or clicked."""
    link: str = ""
    """What was followed, where the provider says so: an address without anything of the reader's."""
    raw: str = ""
    """What was said, as JSON, of an event of another kind."""
    told_again: bool = False
    """Whether it is what the reader did about an earlier message, for which the provider keeps this one back."""

    @property
    def arrival(self) -> Arrival | None:
        """How far the message came by this event; None for one that does not say."""
        if self.kind is EventKind.BOUNCED:
            return _OF_BOUNCE[self.bounce or Bounce.SOFT]
        return _OF_KIND.get(self.kind)
