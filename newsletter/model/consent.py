"""What a subscriber has agreed to and prefers, and why an address must not be written to."""

from __future__ import annotations

from enum import StrEnum


class Consent(StrEnum):
    """A subscriber's word on one list."""

    PENDING = "pending"
    """Asked, and not answered yet."""
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class Suppression(StrEnum):
    """Why an address must not be written to, whatever lists it is on."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    ERASURE = "erasure"
    BY_HAND = "by hand"


class Frequency(StrEnum):
    """How often a subscriber wants to hear from us at most."""

    EVERY_ISSUE = "every issue"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    @property
    def days(self) -> int:
        """How many days lie between two messages at least; a few less than a month has, because issues drift."""
        return {Frequency.EVERY_ISSUE: 0, Frequency.MONTHLY: 26, Frequency.QUARTERLY: 85}[self]
