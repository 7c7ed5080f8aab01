"""Addresses that mail servers refuse issue after issue, because there is no such reader: they get no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from newsletter.model.consent import Suppression
from newsletter.model.event import Bounce
from newsletter.model.failure_codes import of_failure, status_code
from newsletter.model.mailing import DeliveryState, Totals
from newsletter.model.wording import count
from newsletter.store import Database, stored
from newsletter.store.bulk import insert, parts
from newsletter.store.schema import deliveries, mailings, subscribers, suppressions
from newsletter.store.turns import hold

_APART = timedelta(days=1)
"""Between two issues of which the earlier one counts: a server that is wrongly set up for an hour must take nobody."""
_FURTHEST = 30
"""Earlier mailings that are looked at: those of a daily letter in a month."""


def heed_refusals(database: Database, mailing_id: int, totals: Totals, now: datetime) -> str:
    """Suppress whom a mailing did not reach because there is no such reader, nor an issue before; say how many.

    One refusal is not enough: a server of one's own that knows only some of the readers refuses all others so, until
    somebody has mended it. Where it took nobody, it may know nobody.
    """
    if not (totals.rejected and totals.accepted):
        return ""
    with database.reading() as connection:
        refused = dict(_refused(connection, mailing_id))
        again = _refused_before(connection, mailing_id, refused) if refused else ()
    if not again:
        return ""
    with database.writing() as connection:
        hold(connection, numbers=again)
        gone = sum(_suppress(connection, some, refused, now) for some in parts(again))
    their = "its mail server has" if gone == 1 else "their mail servers have"
    gets = f"{count(gone, 'address gets', 'addresses get')} no more issues"
    return f"{gets}: in two of them {their} said that there is no such reader" if gone else ""


def _refused(connection: Connection, mailing_id: int) -> Iterator[tuple[int, str]]:
    """Yield who does not exist by the words of a server, with the key of the address."""
    of_it = (deliveries.c.mailing_id == mailing_id) & (deliveries.c.state == DeliveryState.REJECTED.value)
    one = deliveries.c
    for row in connection.execute(select(one.subscriber_id, one.address, one.address_key, one.detail).where(of_it)):
        if _is_of_nobody(row.address, row.detail):
            yield row.subscriber_id, row.address_key


def _is_of_nobody(address: str, detail: str) -> bool:
    # What begins with the address are words of ours, of an address that this provider cannot write.
    ours = not address or detail.startswith(address)
    return not ours and of_failure(status_code(detail), detail) is Bounce.HARD


def _refused_before(connection: Connection, mailing_id: int, refused: dict[int, str]) -> Collection[int]:
    """Return of whom the same was said when they were last written to about another issue, a day before or more."""
    # One may be planned long before it leaves.
    left = func.coalesce(mailings.c.begins_at, mailings.c.started_at)
    this = connection.execute(select(mailings.c.issue, left.label("left")).where(mailings.c.id == mailing_id)).one()
    earlier = connection.execute(
        select(mailings.c.id, left)
        .where(mailings.c.issue != this.issue, left <= this.left)
        .order_by(left.desc(), mailings.c.id.desc())
        .limit(_FURTHEST)
    ).all()
    since = _unsuppressed(connection, refused)
    # What made the team write to somebody again must not be held against them once more.
    open_ = {reader: key for reader, key in refused.items() if reader not in since or since[reader] < this.left}
    found = set[int]()
    one = deliveries.c
    final = one.state.in_((DeliveryState.ACCEPTED.value, DeliveryState.REJECTED.value))
    for number, at in earlier:
        for reader in [reader for reader in open_ if reader in since and since[reader] >= at]:
            del open_[reader]
        for some in parts(open_):
            for reader, address, key, state, detail in connection.execute(
                select(one.subscriber_id, one.address, one.address_key, one.state, one.detail).where(
                    one.mailing_id == number, one.subscriber_id.in_(some), final
                )
            ):
                refused_too = state == DeliveryState.REJECTED.value and key == open_[reader]
                if not (refused_too and _is_of_nobody(address, detail)):
                    del open_[reader]
                elif at <= this.left - _APART:
                    del open_[reader]
                    found.add(reader)
        if not open_:
            break
    return found


def _unsuppressed(connection: Connection, readers: Collection[int]) -> dict[int, datetime]:
    """Return since when some may be written to again who had been suppressed."""
    one, found = subscribers.c, dict[int, datetime]()
    for some in parts(readers):
        again = one.id.in_(some) & one.unsuppressed_at.is_not(None)
        found.update(
            (reader, at) for reader, at in connection.execute(select(one.id, one.unsuppressed_at).where(again))
        )
    return found


def _suppress(connection: Connection, people: Sequence[int], refused: dict[int, str], now: datetime) -> int:
    there = connection.execute(select(subscribers.c.id, subscribers.c.address_key).where(subscribers.c.id.in_(people)))
    rows = [
        {
            "address_key": key,
            "reason": Suppression.BOUNCE.value,
            "source": "refused by its mail server in two issues",
            "created_at": stored(now),
        }
        for number, key in there
        if key == refused[number]
    ]
    if not rows:
        return 0
    added = insert(connection, suppressions).values(rows).on_conflict_do_nothing()
    return len(connection.scalars(added.returning(suppressions.c.address_key)).all())
