"""Editions out of the database: as they left, and as they were put right since."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from newsletter.model.edition import Edition
from newsletter.sending.keeping import read_edition
from newsletter.store import schema
from newsletter.web.public.service import Service


class Place(NamedTuple):
    """Where an edition is kept."""

    mailing_id: int
    number: int
    correction: int = 0
    """Which of its corrections; 0 for the edition as it left."""


def latest(service: Service, mailing_id: int, number: int) -> Place:
    """Return where an edition is kept as readers are shown it now."""
    corrections = schema.corrections
    with service.database.reading() as connection:
        newest = connection.scalar(
            select(func.max(corrections.c.id)).where(
                corrections.c.mailing_id == mailing_id, corrections.c.edition == number
            )
        )
    return Place(mailing_id, number, newest or 0)


def find_edition(service: Service, place: Place) -> Edition | None:
    """Return what is kept at a place."""
    editions, corrections = schema.editions, schema.corrections
    wanted = (
        select(corrections.c.content, corrections.c.digest).where(corrections.c.id == place.correction)
        if place.correction
        else select(editions.c.content, editions.c.digest).where(
            editions.c.mailing_id == place.mailing_id, editions.c.number == place.number
        )
    )
    with service.database.reading() as connection:
        row = connection.execute(wanted).first()
    return read_edition(row.content, row.digest) if row else None


def newest_first(service: Service) -> list[Place]:
    """Return every place where an edition is kept."""
    editions, corrections = schema.editions, schema.corrections
    with service.database.reading() as connection:
        corrected = connection.execute(
            select(corrections.c.mailing_id, corrections.c.edition, corrections.c.id).order_by(corrections.c.id.desc())
        ).all()
        left = connection.execute(
            select(editions.c.mailing_id, editions.c.number).order_by(editions.c.mailing_id.desc(), editions.c.number)
        ).all()
    return [*(Place(*row) for row in corrected), *(Place(*row) for row in left)]
