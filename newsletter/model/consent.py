"""What a subscriber has agreed to, and why an address must not be written to."""

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
