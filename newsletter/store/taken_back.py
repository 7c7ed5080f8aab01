"""Mailings that were stopped before anything had left: as if they had never been."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_

from newsletter.model.mailing import DeliveryState, MailingState
from newsletter.store.schema import deliveries, mailings

_LEFT = (DeliveryState.CLAIMED.value, DeliveryState.ACCEPTED.value, DeliveryState.UNKNOWN.value)


def not_taken_back() -> ColumnElement[bool]:
    """Return what holds for the mailings of which something has left, or may have, or is to leave."""
    # Of its own name: the deliveries that a query around it asks for are others.
    any_ = deliveries.alias("any_delivery")
    left = exists().where(any_.c.mailing_id == mailings.c.id, any_.c.state.in_(_LEFT))
    return or_(mailings.c.state != MailingState.STOPPED.value, left)
