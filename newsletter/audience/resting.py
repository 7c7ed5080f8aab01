"""Readers who want nothing just now: they pause, or have had enough for this month."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from newsletter.model.consent import Frequency
from newsletter.model.mailing import DeliveryState, MailingState
from newsletter.store import stored
from newsletter.store.schema import deliveries, mailings, subscribers

_GOT = (DeliveryState.ACCEPTED.value, DeliveryState.UNKNOWN.value)
_WILL_GET = (DeliveryState.PENDING.value, DeliveryState.CLAIMED.value)


def resting(now: datetime, *, issue: str) -> ColumnElement[bool]:
    """Return what holds for subscribers who want nothing at `now`, as a condition on `subscribers`.

    They pause until later, or what they got by another issue than `issue`, or will get because it is scheduled or being
    sent, is too close to it for the frequency that they chose. Always true or false, never NULL.
    """
    pauses = func.coalesce(subscribers.c.paused_until > stored(now), False)
    return or_(pauses, *(_had_enough(frequency, now, issue) for frequency in Frequency if frequency.days))


def _had_enough(frequency: Frequency, now: datetime, issue: str) -> ColumnElement[bool]:
    left, between = func.coalesce(mailings.c.begins_at, mailings.c.started_at), timedelta(days=frequency.days)
    close = select(mailings.c.id).where(
        mailings.c.issue != issue, left > stored(now - between), left < stored(now + between)
    )
    stopped = select(mailings.c.id).where(mailings.c.state == MailingState.STOPPED.value)
    waits = and_(deliveries.c.state.in_(_WILL_GET), deliveries.c.mailing_id.not_in(stopped))
    # A join in place of the first of these would let SQLite read every delivery for every subscriber.
    got = (
        select(deliveries.c.subscriber_id)
        .where(
            deliveries.c.mailing_id.in_(close),
            deliveries.c.subscriber_id == subscribers.c.id,
            or_(deliveries.c.state.in_(_GOT), waits),
        )
        .exists()
    )
    return and_(subscribers.c.frequency == frequency.value, got)
