"""Deliveries of which nobody could tell whether they were accepted, until a provider spoke of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, select, update

from newsletter.model.mailing import DeliveryState, MailingState
from newsletter.store.bulk import parts
from newsletter.store.moments import stored
from newsletter.store.schema import arrivals, batches, deliveries, mailings

SETTLED = "the provider spoke of it later"
"""The detail of a delivery that was unknown and is accepted by an event: its batch's call held it."""
_PROVEN = exists().where(
    arrivals.c.mailing_id == deliveries.c.mailing_id, arrivals.c.subscriber_id == deliveries.c.subscriber_id
)


def settle_by_events(connection: Connection, mailing_id: int, subscribers: Collection[int], *, now: datetime) -> None:
    """Call accepted what is unknown of some subscribers and was spoken of.

    A batch that waits with none of its deliveries left in doubt is done with, and a mailing that was partly sent
    because of them is sent. Nothing else changes: what is claimed belongs to its sender until that has recorded it.
    """
    doubted = (deliveries.c.mailing_id == mailing_id) & (deliveries.c.state == DeliveryState.UNKNOWN.value) & _PROVEN
    change = update(deliveries).values(state=DeliveryState.ACCEPTED.value, detail=SETTLED)
    settled = 0
    for some in parts(subscribers):
        settled += connection.execute(change.where(doubted, deliveries.c.subscriber_id.in_(some))).rowcount
    if settled:
        _close(connection, mailing_id, now)


def accept_by_events(connection: Connection, waiting: ColumnElement[bool]) -> None:
    """Call accepted what waits to be sent once more and was spoken of since: a search may have come too early."""
    connection.execute(
        update(deliveries)
        .where(waiting, deliveries.c.state == DeliveryState.PENDING.value, _PROVEN)
        .values(state=DeliveryState.ACCEPTED.value, detail="the provider spoke of it before it was sent again")
    )


def _close(connection: Connection, mailing_id: int, now: datetime) -> None:
    undecided = (DeliveryState.PENDING.value, DeliveryState.CLAIMED.value, DeliveryState.UNKNOWN.value)
    waiting = (
        select(deliveries.c.subscriber_id)
        .where(
            deliveries.c.mailing_id == batches.c.mailing_id,
            deliveries.c.subscriber_id.between(batches.c.first_id, batches.c.last_id),
            deliveries.c.edition == batches.c.edition,
            deliveries.c.state.in_(undecided),
        )
        .exists()
    )
    connection.execute(
        update(batches)
        .where(batches.c.mailing_id == mailing_id, batches.c.state.in_(("unknown", "held")), ~waiting)
        .values(state="done", not_before=None, finished_at=stored(now), detail="")
    )
    doubt = (
        select(deliveries.c.subscriber_id)
        .where(deliveries.c.mailing_id == mailing_id, deliveries.c.state == DeliveryState.UNKNOWN.value)
        .exists()
    )
    connection.execute(
        update(mailings)
        .where(mailings.c.id == mailing_id, mailings.c.state == MailingState.PARTLY_SENT.value, ~doubt)
        .values(state=MailingState.SENT.value, reason="")
    )
