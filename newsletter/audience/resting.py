"""Readers who want nothing just now: they pause, or have had enough for this month."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from newsletter.model.consent import Frequency
from newsletter.model.mailing import DeliveryState
from newsletter.store import stored
from newsletter.store.schema import deliveries, mailings, subscribers


def resting(now: datetime, *, issue: str) -> ColumnElement[bool]:
    """Return what holds for subscribers who want nothing at `now`, as a condition on `subscribers`.

    They pause until later, or what they got by another issue than `issue` is not long enough ago for the frequency
    that they chose. Always true or false, never NULL.
    """
    pauses = func.coalesce(subscribers.c.paused_until > stored(now), False)
    return or_(pauses, *(_had_enough(frequency, now, issue) for frequency in Frequency if frequency.days))


def _had_enough(frequency: Frequency, now: datetime, issue: str) -> ColumnElement[bool]:
    lately = select(mailings.c.id).where(
        mailings.c.issue != issue, mailings.c.started_at > stored(now - timedelta(days=frequency.days))
    )
    got = (
        select(deliveries.c.subscriber_id)
        .where(
            deliveries.c.mailing_id.in_(lately),
            deliveries.c.subscriber_id == subscribers.c.id,
            deliveries.c.state.in_([DeliveryState.ACCEPTED.value, DeliveryState.UNKNOWN.value]),
        )
        .exists()
    )
    return and_(subscribers.c.frequency == frequency.value, got)
