"""What the ledger knows: mailings, what was frozen with them, and totals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from newsletter.errors import NotFound
from newsletter.model.edition import Edition
from newsletter.model.mailing import DeliveryState, Mailing, MailingState, Totals
from newsletter.sending.envelope import Envelope
from newsletter.sending.keeping import read_edition
from newsletter.store import Database, SigningKey, aware, stored
from newsletter.store.schema import batches, deliveries, editions, keys, mailings


@dataclass(frozen=True, slots=True)
class Frozen:
    """A mailing with everything that was frozen when it started."""

    mailing: Mailing
    envelope: Envelope
    editions: tuple[Edition, ...]
    key: SigningKey
    candidates: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailing is."""

    mailing: Mailing
    totals: Totals


def status(database: Database, issue: str) -> Progress:
    """Return the newest mailing of an issue, an unfinished one first; raise NotFound where there is none."""
    with database.reading() as connection:
        found = _of_issue(connection, issue)
        if not found:
            raise NotFound(f"issue {issue} has not been sent", fix=f"send it with: newsletter send {issue}")
        return Progress(found[0], totals(connection, found[0].id))


def mailings_of(database: Database, issue: str) -> tuple[Mailing, ...]:
    """Return every mailing of an issue, unfinished ones first, then the newest."""
    with database.reading() as connection:
        return _of_issue(connection, issue)


def load(database: Database, mailing_id: int) -> Frozen:
    """Return what was frozen; raise StorageError where an edition is not the one that was."""
    with database.reading() as connection:
        row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).one()
        kept = connection.execute(
            select(editions.c.content, editions.c.digest)
            .where(editions.c.mailing_id == mailing_id)
            .order_by(editions.c.number)
        ).all()
        key_id, secret = connection.execute(select(keys.c.id, keys.c.secret).where(keys.c.id == row.key_id)).one()
    return Frozen(
        mailing=mailing(row),
        envelope=Envelope(**row.envelope),
        editions=tuple(read_edition(content, digest) for content, digest in kept),
        key=SigningKey(key_id, secret),
        candidates=row.candidates,
    )


def sent_texts(database: Database, issues: Collection[str], limit: int) -> dict[str, str]:
    """Return the text parts of the last `limit` of these issues that were sent, all languages together."""
    with database.reading() as connection:
        rows = connection.execute(
            select(mailings.c.issue, func.max(mailings.c.id).label("id"))
            .where(mailings.c.issue.in_(issues))
            .group_by(mailings.c.issue)
            .order_by(func.max(mailings.c.id).desc())
            .limit(limit)
        ).all()
    return {
        row.issue: "\n".join(edition.text.fill(_NOBODY).decode() for edition in load(database, row.id).editions)
        for row in rows
    }


_NOBODY = {"unsubscribe_url": "https://unsubscribe.example/", "view_url": "https://view.example/"}


def totals(connection: Connection, mailing_id: int) -> Totals:
    """Count a mailing's deliveries by state."""
    rows = connection.execute(
        select(deliveries.c.state, func.count())
        .where(deliveries.c.mailing_id == mailing_id)
        .group_by(deliveries.c.state)
    )
    return Totals(**{DeliveryState(state).value: count for state, count in rows})


def rejected(database: Database, mailing_id: int, limit: int) -> tuple[tuple[str, str], ...]:
    """Return the first `limit` addresses that were rejected, each with the reason."""
    with database.reading() as connection:
        rows = connection.execute(
            select(deliveries.c.address, deliveries.c.detail)
            .where(deliveries.c.mailing_id == mailing_id, deliveries.c.state == DeliveryState.REJECTED)
            .order_by(deliveries.c.subscriber_id)
            .limit(limit)
        )
        return tuple((address, detail) for address, detail in rows)


def open_batches(connection: Connection, mailing_id: int) -> int:
    """Count the batches that the executor can still do something about by itself."""
    return connection.execute(
        select(func.count())
        .select_from(batches)
        .where(batches.c.mailing_id == mailing_id, batches.c.state.in_(("pending", "claimed", "unknown")))
    ).scalar_one()


def count(database: Database, mailing_id: int) -> Totals:
    """Count a mailing's deliveries by state."""
    with database.reading() as connection:
        return totals(connection, mailing_id)


def due(database: Database, mailing_id: int, now: datetime) -> datetime | None:
    """Return when the next waiting batch may be tried: `now`, later, or nothing where none waits."""
    waiting = (batches.c.mailing_id == mailing_id) & batches.c.state.in_(("pending", "unknown"))
    ready = or_(batches.c.not_before.is_(None), batches.c.not_before <= stored(now))
    with database.reading() as connection:
        if connection.execute(select(batches.c.id).where(waiting, ready).limit(1)).first():
            return now
        moment = connection.execute(select(func.min(batches.c.not_before)).where(waiting)).scalar_one()
    return aware(moment) if moment else None


def mailing(row: Row[Any]) -> Mailing:
    """Return the mailing of a row of `mailings`."""
    return Mailing(
        id=row.id,
        issue=row.issue,
        lists=tuple(row.lists),
        provider=row.provider,
        state=MailingState(row.state),
        started_at=aware(row.started_at),
        reason=row.reason,
    )


def _of_issue(connection: Connection, issue: str) -> tuple[Mailing, ...]:
    rows = connection.execute(
        select(mailings)
        .where(mailings.c.issue == issue)
        .order_by(mailings.c.state.in_((MailingState.SENT, MailingState.PARTLY_SENT)), mailings.c.id.desc())
    )
    return tuple(mailing(row) for row in rows)
