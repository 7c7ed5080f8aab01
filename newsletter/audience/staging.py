"""The temporary tables of an import, and what becomes of each row.

A file's rows go into `incoming` while others may write to the database. `judged` then holds a verdict on each, found
in the same transaction that writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy.schema import CreateTable

from newsletter.audience.report import SHOWN, Problem, RowProblem
from newsletter.audience.rows import Row
from newsletter.model.consent import Consent
from newsletter.store.bulk import fill
from newsletter.store.schema import Id, consents, subscribers, suppressions


class Verdict(StrEnum):
    """What becomes of a row; the first that holds."""

    DUPLICATE = "duplicate"
    FORBIDDEN = "forbidden"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    LEFT = "left"
    LEFT_ALL = "left all"
    UNANSWERED = "unanswered"
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


BLOCKED = {
    Verdict.FORBIDDEN: "the file says that this address must not be written to",
    Verdict.SUPPRESSED: "this address must not be written to ({})",
    Verdict.LEFT: "has unsubscribed from this list",
    Verdict.LEFT_ALL: "has unsubscribed from every list",
    Verdict.UNANSWERED: "was asked and has not confirmed yet",
}
"""The verdicts that keep a row out, with the reason as people read it."""

consents_elsewhere = consents.alias("consents_elsewhere")

_temporary = MetaData()

incoming = Table(
    "incoming",
    _temporary,
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("suppression", Text, nullable=False),
    Column("standing", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
# Made when all rows are in, which is twice as fast as keeping it up to date.
_by_address = Index("incoming_by_address", incoming.c.address_key, incoming.c.standing, incoming.c.row)

judged = Table(
    "judged",
    _temporary,
    Column("row", Integer, nullable=False),
    Column("winner", Integer, nullable=False, comment="the row that counts for this address"),
    Column("subscriber_id", Id, nullable=True),
    Column("verdict", String(12), nullable=False),
    prefixes=["TEMPORARY"],
)


def stage(connection: Connection, rows: Iterable[Row]) -> None:
    """Put the rows of a file where they can be judged."""
    connection.execute(CreateTable(incoming))
    connection.execute(CreateTable(judged))
    fill(connection, incoming, rows)
    _by_address.create(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE incoming"))


def judge(connection: Connection, list_id: int | None) -> dict[Verdict, int]:
    """Find what becomes of each row, and count; `list_id` is nothing for a list that nobody is on yet."""
    winner = func.first_value(incoming.c.row).over(
        partition_by=incoming.c.address_key, order_by=[incoming.c.standing, incoming.c.row]
    )
    verdicts = (
        select(incoming.c.row, winner, subscribers.c.id, _verdict(winner))
        .select_from(incoming)
        .outerjoin(subscribers, subscribers.c.address_key == incoming.c.address_key)
        .outerjoin(consents, and_(consents.c.list_id == list_id, consents.c.subscriber_id == subscribers.c.id))
        .outerjoin(suppressions, suppressions.c.address_key == incoming.c.address_key)
    )
    connection.execute(insert(judged).from_select(list(judged.columns), verdicts))
    counted = connection.execute(select(judged.c.verdict, func.count()).group_by(judged.c.verdict))
    return {Verdict(verdict): number for verdict, number in counted}


def _verdict(winner: ColumnElement[int]) -> ColumnElement[str]:
    mine, theirs = consents.c.state, incoming.c.consent
    anywhere = exists().where(consents_elsewhere.c.subscriber_id == subscribers.c.id)
    has_left_all = and_(
        subscribers.c.id.is_not(None),
        anywhere,
        ~anywhere.where(consents_elsewhere.c.state != Consent.UNSUBSCRIBED),
    )
    renamed = or_(
        *(and_(column != "", column != subscribers.c[column.name]) for column in (incoming.c.name, incoming.c.language))
    )
    return case(
        (winner != incoming.c.row, Verdict.DUPLICATE),
        (incoming.c.suppression != "", Verdict.FORBIDDEN),
        (and_(theirs == Consent.UNSUBSCRIBED, mine == Consent.UNSUBSCRIBED), Verdict.UNCHANGED),
        (theirs == Consent.UNSUBSCRIBED, Verdict.UNSUBSCRIBED),
        (suppressions.c.address_key.is_not(None), Verdict.SUPPRESSED),
        (mine == Consent.UNSUBSCRIBED, Verdict.LEFT),
        (and_(mine.is_(None), has_left_all), Verdict.LEFT_ALL),
        (mine.is_(None), Verdict.ADDED),
        (and_(mine == Consent.PENDING, theirs == Consent.CONFIRMED), Verdict.UNANSWERED),
        (renamed, Verdict.UPDATED),
        else_=Verdict.UNCHANGED,
    )


def left_out(connection: Connection) -> list[RowProblem]:
    """Return the first rows of each kind that add and change nothing."""
    problems = []
    for kind, verdicts in ((Problem.DUPLICATE, [Verdict.DUPLICATE]), (Problem.BLOCKED, list(BLOCKED))):
        rows = connection.execute(
            select(judged.c.row, judged.c.verdict, judged.c.winner, suppressions.c.reason)
            .select_from(judged)
            .join(incoming, incoming.c.row == judged.c.row)
            .outerjoin(suppressions, suppressions.c.address_key == incoming.c.address_key)
            .where(judged.c.verdict.in_(verdicts))
            .order_by(judged.c.row)
            .limit(SHOWN)
        )
        for row, verdict, winner, reason in rows:
            message = (
                f"the same address as in row {winner}"
                if verdict == Verdict.DUPLICATE
                else BLOCKED[verdict].format(reason)
            )
            problems.append(RowProblem(row, kind, message))
    return problems
