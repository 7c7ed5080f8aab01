"""What the ledger knows: mailings, what was frozen with them, and totals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Row, case, func, or_, select

from newsletter.model.edition import Edition
from newsletter.model.mailing import DeliveryState, Mailing, MailingState, OnUnknown, Totals
from newsletter.sending.envelope import Envelope
from newsletter.sending.keeping import read_edition, read_text
from newsletter.store import Database, SigningKey, aware, stored
from newsletter.store.schema import batches, deliveries, editions, keys, mailings
from newsletter.store.taken_back import not_taken_back

_TEXT_BYTES = 1_048_576
"""The beginning of an edition, in which HTML and text stand however long they are."""
_AT_ONCE = timedelta(minutes=1)
_LATELY, _ENOUGH = timedelta(minutes=5), timedelta(seconds=10)
_LONGEST_RETRY = timedelta(hours=2)
_LONGEST_SEARCH = timedelta(hours=26)
"""A provider may be given up to 24 hours until its search tells the truth."""
_FINISHED = (MailingState.SENT, MailingState.PARTLY_SENT, MailingState.STOPPED)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A mailing with everything that was frozen when it started."""

    mailing: Mailing
    envelope: Envelope
    editions: tuple[Edition, ...]
    key: SigningKey


def mailings_of(database: Database, issue: str) -> tuple[Mailing, ...]:
    """Return every mailing of an issue, unfinished ones first, then the newest."""
    with database.reading() as connection:
        return of_issue(connection, issue)


def by_id(database: Database, mailing_id: int) -> Mailing | None:
    """Return a mailing, or nothing where there is none of that number."""
    with database.reading() as connection:
        row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).first()
    return mailing(row) if row else None


def all_mailings(database: Database) -> tuple[Mailing, ...]:
    """Return every mailing, the newest first."""
    with database.reading() as connection:
        return tuple(map(mailing, connection.execute(select(mailings).order_by(mailings.c.id.desc()))))


def unfinished_mailings(database: Database, now: datetime | None) -> tuple[Mailing, ...]:
    """Return the mailings that are being sent, and those scheduled, where `now` is given only if their moment came."""
    return tuple(
        one
        for one in reversed(all_mailings(database))
        if one.state is MailingState.SENDING
        or (one.state is MailingState.SCHEDULED and (now is None or one.begins_at is None or one.begins_at <= now))
    )


@dataclass(frozen=True, slots=True)
class Doubt:
    """A call of which nobody can tell whether the provider took it."""

    key: str
    people: int
    began: datetime
    detail: str
    held: bool
    """Whether no evidence is left."""

    def as_json(self) -> dict[str, Any]:
        """Return an object of `reconcile --json`."""
        return {
            "key": self.key,
            "people": self.people,
            "began": self.began.isoformat(timespec="seconds"),
            "detail": self.detail,
            "held": self.held,
        }


def doubts(database: Database, mailing_id: int) -> tuple[Doubt, ...]:
    """Return the calls that are unknown, in the order in which they were made."""
    unknown = (
        select(func.count())
        .select_from(deliveries)
        .where(
            deliveries.c.mailing_id == batches.c.mailing_id,
            deliveries.c.edition == batches.c.edition,
            deliveries.c.subscriber_id.between(batches.c.first_id, batches.c.last_id),
            deliveries.c.state == DeliveryState.UNKNOWN.value,
        )
        .scalar_subquery()
    )
    with database.reading() as connection:
        rows = connection.execute(
            select(batches, unknown.label("people"))
            .where(batches.c.mailing_id == mailing_id, batches.c.state.in_(("unknown", "held")), unknown > 0)
            .order_by(batches.c.claimed_at, batches.c.id)
        ).all()
    return tuple(
        Doubt(row.idempotency_key or "", row.people, aware(row.claimed_at), row.detail, row.state == "held")
        for row in rows
    )


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
    )


def issues_left(database: Database) -> frozenset[str]:
    """Return the issues that have begun to leave; one that is scheduled can still be called back and put right."""
    begun = mailings.c.state != MailingState.SCHEDULED
    with database.reading() as connection:
        return frozenset(connection.scalars(select(mailings.c.issue).where(begun, not_taken_back())))


def sent_texts(database: Database, issues: Collection[str], limit: int) -> dict[str, str]:
    """Return the text parts of the last `limit` of these issues that were sent, all languages together.

    Only the beginning of each edition is read: pictures make up most of it. An issue of which one is damaged is left
    out: what it showed is unknown, as of those that left before these, and keeps no other from leaving.
    """
    with database.reading() as connection:
        rows = connection.execute(
            select(mailings.c.issue, func.max(mailings.c.id).label("id"))
            .where(mailings.c.issue.in_(issues), not_taken_back())
            .group_by(mailings.c.issue)
            .order_by(func.max(mailings.c.id).desc())
            .limit(limit)
        ).all()
        beginning = func.substr(editions.c.content, 1, _TEXT_BYTES, type_=LargeBinary)
        kept = connection.execute(
            select(editions.c.mailing_id, beginning)
            .where(editions.c.mailing_id.in_([row.id for row in rows]))
            .order_by(editions.c.mailing_id, editions.c.number)
        ).all()
    texts: dict[int, list[str]] = {row.id: [] for row in rows}
    unknown = set[int]()
    for mailing_id, content in kept:
        text = read_text(content)
        if text is None:
            unknown.add(mailing_id)
        else:
            texts[mailing_id].append(text.fill(_NOBODY).decode())
    return {row.issue: "\n".join(texts[row.id]) for row in rows if row.id not in unknown}


_NOBODY = {"unsubscribe_url": "https://unsubscribe.example/", "view_url": "https://view.example/"}


def totals(connection: Connection, mailing_id: int) -> Totals:
    """Count a mailing's deliveries by state."""
    # Not grouped: SQLite would sort a million rows for that, which takes more than twice the time.
    counts = [func.count().filter(deliveries.c.state == state.value).label(state.value) for state in DeliveryState]
    return Totals(**connection.execute(select(*counts).where(deliveries.c.mailing_id == mailing_id)).one()._mapping)


def pace(database: Database, mailing_id: int, now: datetime) -> float | None:
    """Return how many people a minute were done in the last few minutes; nothing while too little can be told."""
    since = now - _LATELY
    lately = (batches.c.mailing_id == mailing_id, batches.c.state == "done", batches.c.finished_at >= stored(since))
    with database.reading() as connection:
        people, begun = connection.execute(
            select(func.sum(batches.c.size), func.min(batches.c.claimed_at)).where(*lately)
        ).one()
    if not people or begun is None:
        return None
    lasted = now - max(aware(begun), since)
    return people / (lasted / timedelta(minutes=1)) if lasted >= _ENOUGH else None


def rejected(database: Database, mailing_id: int, limit: int) -> tuple[tuple[str, str], ...]:
    """Return the first `limit` addresses that were rejected, each with the reason, as far as they are still kept."""
    with database.reading() as connection:
        rows = connection.execute(
            select(deliveries.c.address, deliveries.c.detail)
            .where(
                deliveries.c.mailing_id == mailing_id,
                deliveries.c.state == DeliveryState.REJECTED,
                deliveries.c.address != "",
            )
            .order_by(deliveries.c.subscriber_id)
            .limit(limit)
        )
        # A reason of our own names the address once more.
        return tuple((address, detail.removeprefix(f"{address} ")) for address, detail in rows)


def left_out(database: Database, mailing_id: int) -> dict[str, int]:
    """Count those whom a mailing does not write to by the reason, the most frequent first."""
    number = func.count()
    with database.reading() as connection:
        rows = connection.execute(
            select(deliveries.c.detail, number)
            .where(deliveries.c.mailing_id == mailing_id, deliveries.c.state == DeliveryState.SUPPRESSED)
            .group_by(deliveries.c.detail)
            .order_by(number.desc(), deliveries.c.detail)
        )
        return {str(reason): int(count) for reason, count in rows}


def open_batches(connection: Connection, mailing_id: int, *, wave: int = 1) -> int:
    """Count the batches, up to a wave, that the executor can still do something about by itself."""
    return connection.execute(
        select(func.count())
        .select_from(batches)
        .where(
            batches.c.mailing_id == mailing_id,
            batches.c.state.in_(("pending", "claimed", "unknown")),
            batches.c.wave <= wave,
        )
    ).scalar_one()


def has_more_to_send(database: Database, mailing_id: int) -> bool:
    """Whether batches wait or are under way of which it is not unknown what became of them."""
    with database.reading() as connection:
        wave = connection.execute(select(mailings.c.wave).where(mailings.c.id == mailing_id)).scalar_one()
        waiting = select(batches.c.id).where(
            batches.c.mailing_id == mailing_id, batches.c.state.in_(("pending", "claimed")), batches.c.wave <= wave
        )
        return connection.execute(waiting.limit(1)).first() is not None


def awaits_word(database: Database, mailing_id: int) -> bool:
    """Whether the first readers have a mailing, and the others wait until a person has looked."""
    with database.reading() as connection:
        row = connection.execute(select(mailings.c.state, mailings.c.wave).where(mailings.c.id == mailing_id)).one()
        canary = row.state == MailingState.PAUSED and row.wave == 0
        return canary and not open_batches(connection, mailing_id, wave=0)


def count(database: Database, mailing_id: int) -> Totals:
    """Count a mailing's deliveries by state."""
    with database.reading() as connection:
        return totals(connection, mailing_id)


def is_proven(database: Database, mailing_id: int) -> bool:
    """Whether the provider has taken an issue as it is: from this mailing, or from earlier ones for the greater part.

    Those who are left of an issue may be only those whom it refused, so that nobody of theirs is ever accepted.
    """
    with database.reading() as connection:
        counts = totals(connection, mailing_id)
        if counts.accepted:
            return True
        this = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).one()
        before = connection.execute(
            select(func.count())
            .select_from(deliveries)
            .join(mailings, mailings.c.id == deliveries.c.mailing_id)
            .where(
                mailings.c.issue == this.issue,
                mailings.c.provider == this.provider,
                mailings.c.id < mailing_id,
                deliveries.c.state == DeliveryState.ACCEPTED.value,
            )
        ).scalar_one()
    return bool(before > counts.candidates - counts.suppressed)


def state_of(database: Database, mailing_id: int) -> MailingState:
    """Return how a mailing stands."""
    with database.reading() as connection:
        return MailingState(
            connection.execute(select(mailings.c.state).where(mailings.c.id == mailing_id)).scalar_one()
        )


@dataclass(frozen=True, slots=True)
class Due:
    """When the next waiting batch may be tried, and about how many people it is for."""

    at: datetime
    size: int
    full: bool = False
    """Whether it waits for room in a quota."""
    put_off: int = 0
    """How many people wait because their mailboxes could not take it, where this is what it waits for."""
    detail: str = ""
    """What their mail server said."""


def due(database: Database, mailing_id: int, now: datetime, *, only_unknown: bool = False) -> Due | None:
    """Return the next waiting batch, due `now` or later; nothing where none waits or the mailing is not being sent."""
    states = ("unknown",) if only_unknown else ("pending", "unknown")
    with database.reading() as connection:
        row = connection.execute(select(mailings.c.state, mailings.c.wave).where(mailings.c.id == mailing_id)).one()
        if row.state != MailingState.SENDING and not only_unknown:
            return None
        waiting = (batches.c.mailing_id == mailing_id) & batches.c.state.in_(states) & (batches.c.wave <= row.wave)
        size = connection.execute(select(batches.c.size).where(waiting, ready(now)).limit(1)).scalar()
        if size is not None:
            return Due(now, size)
        later = connection.execute(
            select(batches.c.not_before, batches.c.size, batches.c.put_off, batches.c.detail)
            .where(waiting)
            .order_by(batches.c.not_before)
            .limit(1)
        ).first()
        if later is None:
            return None
        if not later.put_off:
            return Due(aware(later.not_before), later.size)
        people = connection.execute(select(func.sum(batches.c.size)).where(waiting, batches.c.put_off > 0)).scalar_one()
    return Due(aware(later.not_before), later.size, put_off=people, detail=later.detail)


def tells_at(database: Database, mailing_id: int, now: datetime) -> datetime | None:
    """Return from when on a provider can be asked about what is unknown; nothing where that is about now, or never."""
    asked = due(database, mailing_id, now, only_unknown=True)
    return asked.at if asked and asked.at - now > _AT_ONCE else None


def ready(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a waiting batch may be tried.

    What would have to wait longer than anything ever does was put off by a clock that has been set back since.
    """
    waited_for = case((batches.c.state == "pending", stored(now + _LONGEST_RETRY)), else_=stored(now + _LONGEST_SEARCH))
    return or_(batches.c.not_before.is_(None), batches.c.not_before <= stored(now), batches.c.not_before > waited_for)


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
        begins_at=aware(row.begins_at) if row.begins_at else None,
        wave=row.wave,
        round=row.round,
        on_unknown=OnUnknown(row.on_unknown),
    )


def of_issue(connection: Connection, issue: str) -> tuple[Mailing, ...]:
    """Return every mailing of an issue, unfinished ones first, then the newest."""
    rows = connection.execute(
        select(mailings)
        .where(mailings.c.issue == issue)
        .order_by(mailings.c.state.in_(_FINISHED), mailings.c.id.desc())
    )
    return tuple(mailing(row) for row in rows)
