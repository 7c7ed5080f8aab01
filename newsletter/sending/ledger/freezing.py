"""Starting a mailing: what goes out and to whom is frozen in one transaction, or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    case,
    false,
    func,
    insert,
    literal,
    not_,
    select,
    text,
    update,
)

from newsletter.config import BUILT_IN
from newsletter.errors import Refused, StorageError
from newsletter.model.consent import Consent
from newsletter.model.edition import Edition
from newsletter.model.mailing import DeliveryState, Mailing, MailingState, Totals
from newsletter.model.wording import Wording
from newsletter.sending.envelope import Envelope
from newsletter.sending.keeping import edition_bytes
from newsletter.sending.ledger import reading
from newsletter.sending.ledger.audience import AT_ONCE, Plan, audience, check_lists, confirmed, without_consent
from newsletter.sending.providers.contract import Provider
from newsletter.store import Database, aware, signing_keys, stored
from newsletter.store.schema import batches, consents, deliveries, mailings, subscribers
from newsletter.store.schema import editions as kept_editions
from newsletter.store.schema import lists as all_lists

_UNTOUCHED = (DeliveryState.PENDING.value, DeliveryState.SUPPRESSED.value, DeliveryState.REJECTED.value)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Who would get an issue, and who would not although on its lists."""

    totals: Totals
    """Those who agreed: pending would get it, suppressed would not."""
    reasons: Mapping[str, int]
    """Why the suppressed would not, with how many."""
    without_consent: Mapping[str, int]
    """Who has not agreed, or no longer does, by the consent that they have."""
    outside: int
    """Who has agreed and is not meant: outside the segment, or resting."""
    by_edition: tuple[int, ...]
    """How many would get each edition."""
    by_list: Mapping[str, int]
    """How many have agreed on each list; somebody on two lists counts on both."""


def foresee(
    database: Database, issue: str, lists: Sequence[str], editions: Sequence[Edition] = (), plan: Plan = AT_ONCE
) -> Foreseen:
    """Return who would get an issue.

    Raises Refused for an issue that was started to one of the lists before, and NotFound for a list that does not
    exist.
    """
    with database.reading() as connection:
        _round(connection, issue, lists, plan)
        check_lists(connection, lists)
        chosen = audience(connection, 0, issue, lists, editions, plan).subquery()
        rows = connection.execute(
            select(chosen.c.state, chosen.c.detail, chosen.c.edition, func.count()).group_by(
                chosen.c.state, chosen.c.detail, chosen.c.edition
            )
        ).all()
        consent = connection.execute(
            select(consents.c.state, func.count(consents.c.subscriber_id.distinct()).label("people"))
            .join(all_lists, all_lists.c.id == consents.c.list_id)
            .where(all_lists.c.name.in_(lists), without_consent(lists))
            .group_by(consents.c.state)
        )
        by_list = connection.execute(
            select(all_lists.c.name, func.count().label("people"))
            .join(consents, all_lists.c.id == consents.c.list_id)
            .where(all_lists.c.name.in_(lists), consents.c.state == Consent.CONFIRMED.value)
            .group_by(all_lists.c.name)
        )
        counts: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        by_edition = [0] * max(1, len(editions))
        for state, detail, edition, count in rows:
            counts[DeliveryState(state).value] += count
            if state == DeliveryState.PENDING:
                by_edition[edition] += count
            else:
                reasons[detail] += count
        return Foreseen(
            Totals(**counts),
            dict(reasons),
            {row.state: row.people for row in consent},
            _outside(connection, lists, plan),
            tuple(by_edition),
            {row.name: row.people for row in by_list},
        )


def start(
    database: Database,
    *,
    issue: str,
    lists: Sequence[str],
    editions: Sequence[Edition],
    envelope: Envelope,
    provider: Provider,
    expect: int | None,
    now: datetime,
    plan: Plan = AT_ONCE,
) -> Mailing:
    """Freeze the editions and the audience, and return the mailing, which `deliver` then sends.

    Each subscriber gets the edition in their language and for their topics, or else the first one. `expect` is how many
    the caller believes will get it, counted in the same transaction. Raises Refused for another number, for an issue
    that was started to one of the lists before, and for what the provider cannot carry; NotFound for a list that does
    not exist.
    """
    if not envelope.public_url and provider.capabilities.reaches_readers:
        raise Refused(
            "nobody could unsubscribe, so nothing is sent",
            why="readers' links need the address of the public service",
            fix='set public_url = "https://…" in the settings',
        )
    sizes = [batch_size(provider, edition, envelope, now) for edition in editions]
    key = signing_keys(database, now=now).newest
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            # All of it sees one moment, from when it has the table: readers join and leave while it counts.
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            connection.execute(text("LOCK TABLE mailings IN SHARE ROW EXCLUSIVE MODE"))
        number = _round(connection, issue, lists, plan)
        check_lists(connection, lists)
        mailing_id: int = connection.execute(
            insert(mailings).returning(mailings.c.id),
            {
                "issue": issue,
                "lists": list(lists),
                "audience": ",".join(sorted(lists)),
                "provider": provider.name,
                "envelope": replace(envelope, segment=plan.segment).as_json(),
                "key_id": key.id,
                "candidates": 0,
                "state": (MailingState.SCHEDULED if plan.begins_at else MailingState.SENDING).value,
                "digest": _digest(editions),
                "started_at": stored(now),
                "round": number,
                "begins_at": stored(plan.begins_at) if plan.begins_at else None,
                "wave": 0 if plan.canary else 1,
                "on_unknown": plan.on_unknown.value,
            },
        ).scalar_one()
        connection.execute(
            insert(kept_editions),
            [
                {
                    "mailing_id": mailing_id,
                    "number": number,
                    "language": edition.language,
                    "digest": edition.digest,
                    "content": edition_bytes(edition),
                }
                for number, edition in enumerate(editions)
            ],
        )
        frozen = _freeze_audience(connection, mailing_id, issue, lists, editions, plan)
        _check_count(issue, frozen, expect)
        _cut(connection, mailing_id, sizes, frozen.pending, plan.canary)
        connection.execute(update(mailings).where(mailings.c.id == mailing_id).values(candidates=frozen.candidates))
        row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).one()
    return reading.mailing(row)


def batch_size(provider: Provider, edition: Edition, envelope: Envelope, now: datetime) -> int:
    """Return how many people a call may be for."""
    able = provider.capabilities
    prepared = provider.prepare(edition, envelope, now)
    room = able.max_body_bytes - prepared.bytes_once
    most = min(prepared.at_once, room // prepared.bytes_each, able.recipients_per_day or prepared.at_once)
    return max(1, most)


def _digest(editions: Sequence[Edition]) -> str:
    return hashlib.sha256("\n".join(edition.digest for edition in editions).encode()).hexdigest()


def _round(connection: Connection, issue: str, lists: Sequence[str], plan: Plan) -> int:
    """Return the number of this round of mailings; raise Refused where an earlier one reached some of the lists."""
    number = 1
    for earlier in connection.execute(select(mailings).where(mailings.c.issue == issue)):
        if earlier.audience == ",".join(sorted(lists)):
            number = max(number, earlier.round + 1)
        both = [name for name in lists if name in earlier.lists]
        ended = earlier.state in {MailingState.SENT, MailingState.PARTLY_SENT, MailingState.STOPPED}
        if not both or (plan.rest and ended) or _reached_nobody(connection, earlier):
            continue
        planned = earlier.state == MailingState.SCHEDULED
        if planned:
            fix = f"see when it leaves with: newsletter status {issue}; to take it back: newsletter stop {issue}"
        elif not ended:
            fix = f"go on with it: newsletter resume {issue}"
        else:
            fix = (
                f"see how far it came with: newsletter status {issue}; "
                f"for those who joined since or were refused: newsletter send {issue} --rest"
            )
            if earlier.provider in BUILT_IN:
                fix += (
                    f"; no reader got an email through {earlier.provider}: for them, give the folder of the issue "
                    "another name and send that"
                )
        leaves, told = (
            aware(earlier.begins_at or earlier.started_at).astimezone(plan.zone),
            "is to leave" if planned else "started",
        )
        raise Refused(
            f"issue {issue} {'is already scheduled for' if planned else 'was already sent to'} {', '.join(both)}, "
            f"so it is not sent again",
            why=f"that mailing {told} on {leaves:%Y-%m-%d at %H:%M} {plan.zone} and is {earlier.state}",
            fix=fix,
        )
    return number


def _reached_nobody(connection: Connection, earlier: Row[Any]) -> bool:
    """Whether a mailing was stopped before anything left."""
    if earlier.state != MailingState.STOPPED:
        return False
    return not connection.execute(
        select(deliveries.c.subscriber_id)
        .where(deliveries.c.mailing_id == earlier.id, deliveries.c.state.not_in(_UNTOUCHED))
        .limit(1)
    ).first()


def _freeze_audience(
    connection: Connection,
    mailing_id: int,
    issue: str,
    lists: Sequence[str],
    editions: Sequence[Edition],
    plan: Plan,
) -> Totals:
    chosen = audience(connection, mailing_id, issue, lists, editions, plan)
    connection.execute(insert(deliveries).from_select([column.name for column in chosen.selected_columns], chosen))
    if connection.dialect.name == "postgresql":
        # Without numbers the planner joins a million new rows the slow way.
        connection.execute(text("ANALYZE deliveries"))
    frozen = reading.totals(connection, mailing_id)
    on_lists = (
        select(func.count(consents.c.subscriber_id.distinct()))
        .join(all_lists, all_lists.c.id == consents.c.list_id)
        .where(all_lists.c.name.in_(lists))
    )
    everybody = connection.execute(on_lists).scalar_one()
    without = connection.execute(on_lists.where(without_consent(lists))).scalar_one()
    outside = _outside(connection, lists, plan)
    if everybody != frozen.candidates + without + outside:
        raise StorageError(
            f"{everybody} people are on the lists, but {frozen.candidates} deliveries were made, "
            f"{without} have not agreed and {outside} are outside the segment",
            why="these must add up, or somebody would be left out",
            fix="put back your latest copy of the database; nothing was sent",
        )
    return frozen


def _outside(connection: Connection, lists: Sequence[str], plan: Plan) -> int:
    """Return how many of those who have agreed the plan does not mean."""
    if plan.where is None:
        return 0
    return connection.execute(
        select(func.count()).where(subscribers.c.id.in_(confirmed(lists)), not_(func.coalesce(plan.where, false())))
    ).scalar_one()


def _check_count(issue: str, frozen: Totals, expect: int | None) -> None:
    if expect is not None and expect != frozen.pending:
        raise Refused(
            f"{frozen.pending} people would get issue {issue}, not {expect}, so nothing was sent",
            why="the lists have changed since you counted, or another list was meant",
            fix=Wording(
                f"look at the lists, then send with --expect {frozen.pending}", "look at the lists, then send it again"
            ),
        )
    if not frozen.pending:
        raise Refused(
            f"nobody would get issue {issue}, so nothing was sent",
            why=f"{frozen.suppressed} of {frozen.candidates} on its lists must not be written to"
            if frozen.candidates
            else "its lists have no confirmed subscribers",
            fix="import subscribers with: newsletter subscribers import FILE --list NAME",
        )


def _cut(connection: Connection, mailing_id: int, sizes: Sequence[int], pending: int, canary: int) -> None:
    """Divide the deliveries into batches: for each edition, runs of subscribers of at most its size.

    The first `canary` subscribers are in batches of their own.
    """
    waiting = select(
        deliveries.c.subscriber_id,
        deliveries.c.edition,
        case((func.row_number().over(order_by=deliveries.c.subscriber_id) <= canary, 0), else_=1).label("wave")
        if canary
        else literal(1).label("wave"),
    ).where(deliveries.c.mailing_id == mailing_id, deliveries.c.state == DeliveryState.PENDING.value)
    people = waiting.subquery()
    place = func.row_number().over(partition_by=(people.c.edition, people.c.wave), order_by=people.c.subscriber_id) - 1
    size = case(dict(enumerate(sizes)), value=people.c.edition)
    rows = select(people, (place // size).label("run")).subquery()
    first = func.min(rows.c.subscriber_id)
    runs = (
        select(
            literal(mailing_id).label("mailing_id"),
            rows.c.edition,
            first.label("first_id"),
            func.max(rows.c.subscriber_id).label("last_id"),
            func.count().label("size"),
            literal("pending").label("state"),
            rows.c.wave,
        )
        .group_by(rows.c.edition, rows.c.wave, rows.c.run)
        .order_by(first)
    )
    connection.execute(insert(batches).from_select([column.name for column in runs.selected_columns], runs))
    cut = connection.execute(select(func.sum(batches.c.size)).where(batches.c.mailing_id == mailing_id)).scalar_one()
    if cut != pending:
        raise StorageError(
            f"{pending} deliveries were divided into batches of {cut} together",
            why="the two must be equal, or somebody would be left out",
            fix="put back your latest copy of the database; nothing was sent",
        )
