"""Times as the database keeps them: UTC without an offset."""

from __future__ import annotations

from datetime import UTC, datetime


def stored(moment: datetime) -> datetime:
    """Return an aware moment as it is stored; raise ValueError for one without a zone, which could mean anything."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """Return a stored moment with its zone."""
    return moment.replace(tzinfo=UTC)
