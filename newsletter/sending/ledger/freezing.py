"""Starting a mailing: what goes out and to whom is frozen in one transaction, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, insert, literal, select, text, update

from newsletter.errors import NotFound, Refused, StorageError
from newsletter.model.consent import Consent
from newsletter.model.edition import Edition
from newsletter.model.mailing import DeliveryState, Mailing, MailingState, Totals
from newsletter.sending.envelope import Envelope
from newsletter.sending.keeping import edition_bytes
from newsletter.sending.ledger import reading
from newsletter.sending.providers.contract import Provider
from newsletter.store import Database, signing_keys, stored
from newsletter.store.schema import batches, consents, deliveries, mailings, subscribers, suppressions
from newsletter.store.schema import editions as kept_editions
from newsletter.store.schema import lists as all_lists

_EARLIER = "got this issue through another list"


def foresee(database: Database, issue: str, lists: Sequence[str], languages: Sequence[str] = ("",)) -> Totals:
    """Count who would get an issue (pending) and who would not although on a list (suppressed).

    Raises Refused for an issue that was started to one of the lists before, and NotFound for a list that does not
    exist.
    """
    with database.reading() as connection:
        _refuse_second(connection, issue, lists)
        _check_lists(connection, lists)
        chosen = _audience(connection, 0, issue, lists, languages).subquery()
        rows = connection.execute(select(chosen.c.state, func.count()).group_by(chosen.c.state)).all()
    return Totals(**{DeliveryState(state).value: count for state, count in rows})


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
) -> Mailing:
    """Freeze the editions and the audience, and return the mailing, which `deliver` then sends.

    Each subscriber gets the edition in their language, or else the first one. `expect` is how many the caller believes
    will get it, counted in the same transaction. Raises Refused for another number, for an issue that was started to
    one of the lists before, and for what the provider cannot carry; NotFound for a list that does not exist.
    """
    if not envelope.public_url and provider.capabilities.reaches_readers:
        raise Refused(
            "nobody could unsubscribe, so nothing is sent",
            why="readers' links need the address of the public service",
            fix='set public_url = "https://…" in the settings',
        )
    sizes = [_batch_size(provider, edition, envelope, now) for edition in editions]
    key = signing_keys(database, now=now).newest
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE mailings IN SHARE ROW EXCLUSIVE MODE"))
        _refuse_second(connection, issue, lists)
        _check_lists(connection, lists)
        mailing_id: int = connection.execute(
            insert(mailings).returning(mailings.c.id),
            {
                "issue": issue,
                "lists": list(lists),
                "audience": ",".join(sorted(lists)),
                "provider": provider.name,
                "envelope": envelope.as_json(),
                "key_id": key.id,
                "candidates": 0,
                "state": MailingState.SENDING.value,
                "digest": _digest(editions),
                "started_at": stored(now),
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
        frozen = _freeze_audience(connection, mailing_id, issue, lists, [edition.language for edition in editions])
        _check_count(issue, frozen, expect)
        _cut(connection, mailing_id, sizes, frozen.pending)
        connection.execute(update(mailings).where(mailings.c.id == mailing_id).values(candidates=frozen.candidates))
        row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).one()
    return reading.mailing(row)


def _batch_size(provider: Provider, edition: Edition, envelope: Envelope, now: datetime) -> int:
    prepared = provider.prepare(edition, envelope, now)
    room = provider.capabilities.max_body_bytes - prepared.bytes_once
    return max(1, min(prepared.at_once, room // prepared.bytes_each))


def _digest(editions: Sequence[Edition]) -> str:
    return hashlib.sha256("\n".join(edition.digest for edition in editions).encode()).hexdigest()


def _refuse_second(connection: Connection, issue: str, lists: Sequence[str]) -> None:
    for earlier in connection.execute(select(mailings).where(mailings.c.issue == issue)):
        both = [name for name in lists if name in earlier.lists]
        if both:
            finished = earlier.state in {MailingState.SENT, MailingState.PARTLY_SENT}
            raise Refused(
                f"issue {issue} was already sent to {', '.join(both)}, so it is not sent again",
                why=f"that mailing started on {earlier.started_at:%Y-%m-%d at %H:%M} UTC and is {earlier.state}",
                fix=f"see how far it came with: newsletter status {issue}"
                if finished
                else f"go on with it: newsletter resume {issue}",
            )


def _check_lists(connection: Connection, lists: Sequence[str]) -> None:
    known = set(connection.execute(select(all_lists.c.name).where(all_lists.c.name.in_(lists))).scalars())
    for name in lists:
        if name not in known:
            raise NotFound(
                f"nobody is on the list '{name}' yet",
                fix=f"import subscribers with: newsletter subscribers import FILE --list {name}",
            )


def _audience(
    connection: Connection, mailing_id: int, issue: str, lists: Sequence[str], languages: Sequence[str]
) -> Select[Any]:
    """Return who is on the lists, each once, as rows of `deliveries`."""
    on_lists = (
        select(consents.c.subscriber_id)
        .join(all_lists, all_lists.c.id == consents.c.list_id)
        .where(all_lists.c.name.in_(lists), consents.c.state == Consent.CONFIRMED.value)
    )
    earlier = connection.execute(select(mailings.c.id).where(mailings.c.issue == issue, mailings.c.id != mailing_id))
    had_it: ColumnElement[bool] = literal(False)
    earlier_ids = earlier.scalars().all()
    if earlier_ids:
        before = deliveries.alias()
        had_it = (
            select(before.c.subscriber_id)
            .where(
                before.c.mailing_id.in_(earlier_ids),
                before.c.subscriber_id == subscribers.c.id,
                before.c.state != DeliveryState.SUPPRESSED.value,
            )
            .exists()
        )
    excluded = suppressions.c.address_key.is_not(None) | had_it
    return (
        select(
            literal(mailing_id).label("mailing_id"),
            subscribers.c.id.label("subscriber_id"),
            subscribers.c.address,
            subscribers.c.address_key,
            subscribers.c.name,
            _edition(languages).label("edition"),
            case((excluded, DeliveryState.SUPPRESSED.value), else_=DeliveryState.PENDING.value).label("state"),
            case((had_it, _EARLIER), else_=func.coalesce(suppressions.c.reason, "")).label("detail"),
        )
        .join_from(subscribers, suppressions, suppressions.c.address_key == subscribers.c.address_key, isouter=True)
        .where(subscribers.c.id.in_(on_lists))
        .order_by(subscribers.c.id)
    )


def _edition(languages: Sequence[str]) -> ColumnElement[int]:
    """Return the number of the edition in a subscriber's language: `de` serves `de-AT` too; 0 where none fits."""
    exact = [(subscribers.c.language == language, number) for number, language in enumerate(languages)]
    close = [(subscribers.c.language.startswith(f"{code}-", autoescape=True), n) for n, code in enumerate(languages)]
    return case(*exact, *close, else_=0)


def _freeze_audience(
    connection: Connection, mailing_id: int, issue: str, lists: Sequence[str], languages: Sequence[str]
) -> Totals:
    chosen = _audience(connection, mailing_id, issue, lists, languages)
    connection.execute(insert(deliveries).from_select([column.name for column in chosen.selected_columns], chosen))
    if connection.dialect.name == "postgresql":
        # Without numbers the planner joins a million new rows the slow way.
        connection.execute(text("ANALYZE deliveries"))
    frozen = reading.totals(connection, mailing_id)
    confirmed = connection.execute(
        select(func.count(consents.c.subscriber_id.distinct()))
        .join(all_lists, all_lists.c.id == consents.c.list_id)
        .where(all_lists.c.name.in_(lists), consents.c.state == Consent.CONFIRMED.value)
    ).scalar_one()
    if confirmed != frozen.candidates:
        raise StorageError(
            f"{confirmed} people agreed to get the newsletter, but {frozen.candidates} deliveries were made",
            why="the two must be equal, or somebody would be left out",
            fix="put back your latest copy of the database; nothing was sent",
        )
    return frozen


def _check_count(issue: str, frozen: Totals, expect: int | None) -> None:
    if expect is not None and expect != frozen.pending:
        raise Refused(
            f"{frozen.pending} people would get issue {issue}, not {expect}, so nothing was sent",
            why="the lists have changed since you counted, or another list was meant",
            fix=f"look at the lists, then send with --expect {frozen.pending}",
        )
    if not frozen.pending:
        raise Refused(
            f"nobody would get issue {issue}, so nothing was sent",
            why=f"{frozen.suppressed} of {frozen.candidates} on its lists must not be written to"
            if frozen.candidates
            else "its lists have no confirmed subscribers",
            fix="import subscribers with: newsletter subscribers import FILE --list NAME",
        )


def _cut(connection: Connection, mailing_id: int, sizes: Sequence[int], pending: int) -> None:
    """Divide the deliveries into batches: for each edition, runs of subscribers of at most its size."""
    place = func.row_number().over(partition_by=deliveries.c.edition, order_by=deliveries.c.subscriber_id) - 1
    size = case(dict(enumerate(sizes)), value=deliveries.c.edition)
    rows = (
        select(deliveries.c.subscriber_id, deliveries.c.edition, (place // size).label("run"))
        .where(deliveries.c.mailing_id == mailing_id, deliveries.c.state == DeliveryState.PENDING.value)
        .subquery()
    )
    first = func.min(rows.c.subscriber_id)
    runs = (
        select(
            literal(mailing_id).label("mailing_id"),
            rows.c.edition,
            first.label("first_id"),
            func.max(rows.c.subscriber_id).label("last_id"),
            func.count().label("size"),
            literal("pending").label("state"),
        )
        .group_by(rows.c.edition, rows.c.run)
        .order_by(first)
    )
    connection.execute(insert(batches).from_select([column.name for column in runs.selected_columns], runs))
    cut = connection.execute(select(func.sum(batches.c.size)).where(batches.c.mailing_id == mailing_id)).scalar_one()
    if cut != pending:
        raise StorageError(f"{pending} deliveries were divided into batches of {cut} together; nothing was sent")
