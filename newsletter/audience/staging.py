"""The temporary tables of an import, and what becomes of each row.

A file's rows go into `incoming` while others may write to the database. `judged` then holds a verdict on each, found
in the same transaction that writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateTable

from newsletter.audience.report import SHOWN, Problem, RowProblem
from newsletter.audience.rows import FORBIDDEN, LEFT, PENDING, UNUSABLE, Row
from newsletter.audience.signup import FORM, SignupKind
from newsletter.model.consent import Consent
from newsletter.store.bulk import fill
from newsletter.store.schema import Id, Moment, consents, erasures, signups, subscribers, suppressions


class Verdict(StrEnum):
    """What becomes of a row; the first that holds."""

    INVALID = "invalid"
    DUPLICATE = "duplicate"
    FORBIDDEN = "forbidden"
    ERASED = "erased"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    RESUBSCRIBED = "resubscribed"
    CONFIRMED = "confirmed"
    LEFT = "left"
    LEFT_ALL = "left all"
    UNANSWERED = "unanswered"
    UNPROVEN = "unproven"
    DECLINED = "declined"
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


BLOCKED = {
    Verdict.FORBIDDEN: "the file says that this address must not be written to",
    Verdict.ERASED: "is no longer held, and comes back by their own word alone ({})",
    Verdict.SUPPRESSED: "this address must not be written to ({})",
    Verdict.UNANSWERED: "was asked and has not confirmed yet",
    Verdict.UNPROVEN: "has not confirmed, by an earlier file; one that says when and how they agreed confirms them",
    Verdict.DECLINED: "was asked lately and has said no",
}
"""The verdicts that keep a row out, with the reason as people read it."""
WOULD_RESUBSCRIBE = {
    Verdict.LEFT: "has unsubscribed from this list",
    Verdict.LEFT_ALL: "has unsubscribed from every list",
}
"""The verdicts that keep a row out unless it proves newer consent."""
_STRICTER = {
    FORBIDDEN: "which says that it must not be written to, and so counts",
    LEFT: "which says that they have left, and so counts",
    PENDING: "by which they have not confirmed, and which so counts",
    UNUSABLE: "by which they have not confirmed, and which cannot be used",
}
"""Why another row counts, where the two do not say the same."""

_SAID_NO = "declined"
"""The state of a signup of which the owner of the address, or their server, wanted to know nothing."""

_OPEN = ("asked", "sending", "sent")
"""The states of a signup that still may be answered."""

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
    Column("topics", Text, nullable=True),
    Column("attributes", Text, nullable=True),
    Column("frequency", Text, nullable=True),
    Column("paused_until", Moment, nullable=True),
    Column("consent_at", Moment, nullable=True),
    Column("proof", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("address_hash", Text, nullable=True),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
# Made when all rows are in, which is twice as fast as keeping it up to date; on SQLite alone, because a server that
# sorts is twice as fast as one that goes through an index.
_by_address = Index("incoming_by_address", incoming.c.address_key, incoming.c.standing, incoming.c.row)

_winning = incoming.alias("winning")

HAS_PROOF = and_(incoming.c.consent_at.is_not(None), incoming.c.proof != "")
"""Whether a row says when and how somebody agreed."""
HELD_WITHOUT_PROOF = and_(
    consents.c.state == Consent.CONFIRMED, consents.c.confirmed_at.is_(None), consents.c.proof == ""
)
"""Whether somebody is on the list, and nothing tells when and how they agreed."""

judged = Table(
    "judged",
    _temporary,
    Column("row", Integer, nullable=False),
    Column("winner", Integer, nullable=False, comment="the row that counts for this address"),
    Column("subscriber_id", Id, nullable=True),
    Column("verdict", String(12), nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


def stage(connection: Connection, rows: Iterable[Row]) -> None:
    """Put the rows of a file where they can be judged."""
    connection.execute(CreateTable(incoming))
    connection.execute(CreateTable(judged))
    fill(connection, incoming, rows)
    if connection.dialect.name == "sqlite":
        _by_address.create(connection)
    _let_know(connection, incoming)


def judge(connection: Connection, list_id: int | None) -> dict[Verdict, int]:
    """Find what becomes of each row, and count; `list_id` is nothing for a list that nobody is on yet."""
    winner = func.first_value(incoming.c.row).over(
        partition_by=incoming.c.address_key, order_by=[incoming.c.standing, incoming.c.row]
    )
    verdicts = (
        select(incoming.c.row, winner, subscribers.c.id, _verdict(connection, winner))
        .select_from(incoming)
        .outerjoin(subscribers, subscribers.c.address_key == incoming.c.address_key)
        .outerjoin(consents, and_(consents.c.list_id == list_id, consents.c.subscriber_id == subscribers.c.id))
        .outerjoin(suppressions, suppressions.c.address_key == incoming.c.address_key)
        .outerjoin(erasures, erasures.c.address_hash == incoming.c.address_hash)
    )
    connection.execute(insert(judged).from_select(list(judged.columns), verdicts))
    _let_know(connection, judged)
    counted = connection.execute(select(judged.c.verdict, func.count()).group_by(judged.c.verdict))
    return {Verdict(verdict): number for verdict, number in counted}


def _let_know(connection: Connection, table: Table) -> None:
    """Tell a server how much is in a temporary table: it would join a million rows one by one."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {table.name}"))


def _verdict(connection: Connection, winner: ColumnElement[int]) -> ColumnElement[str]:
    mine, theirs = consents.c.state, incoming.c.consent
    elsewhere = consents_elsewhere.c.subscriber_id == subscribers.c.id
    anywhere = exists().where(elsewhere)
    has_left = consents_elsewhere.c.state == Consent.UNSUBSCRIBED
    # To be pending on one is no consent.
    has_left_all = and_(anywhere.where(has_left), ~anywhere.where(consents_elsewhere.c.state == Consent.CONFIRMED))
    left_at = select(func.max(consents_elsewhere.c.changed_at)).where(elsewhere, has_left).scalar_subquery()
    is_away = or_(mine == Consent.UNSUBSCRIBED, and_(mine.is_(None), has_left_all))
    newer = incoming.c.consent_at > case((mine == Consent.UNSUBSCRIBED, consents.c.changed_at), else_=left_at)
    theirs_by_form = exists().where(signups.c.subscriber_id == subscribers.c.id)
    said_no = theirs_by_form.where(signups.c.state == _SAID_NO)
    would_confirm = and_(mine == Consent.PENDING, theirs == Consent.CONFIRMED)
    waits = theirs_by_form.where(signups.c.kind == SignupKind.SUBSCRIBE, signups.c.state.in_(_OPEN))
    was_asked = or_(consents.c.source == FORM, waits)
    return case(
        (incoming.c.standing == UNUSABLE, Verdict.INVALID),
        (winner != incoming.c.row, Verdict.DUPLICATE),
        # First: to write down that an erased address is forbidden would be to hold it again.
        (erasures.c.address_hash.is_not(None), Verdict.ERASED),
        (incoming.c.suppression != "", Verdict.FORBIDDEN),
        (and_(theirs == Consent.UNSUBSCRIBED, mine == Consent.UNSUBSCRIBED), Verdict.UNCHANGED),
        (theirs == Consent.UNSUBSCRIBED, Verdict.UNSUBSCRIBED),
        (suppressions.c.address_key.is_not(None), Verdict.SUPPRESSED),
        (and_(is_away, theirs == Consent.CONFIRMED, HAS_PROOF, newer), Verdict.RESUBSCRIBED),
        (mine == Consent.UNSUBSCRIBED, Verdict.LEFT),
        (and_(mine.is_(None), has_left_all), Verdict.LEFT_ALL),
        # Their words that were only asked for went when they said no.
        (and_(mine.is_(None), theirs == Consent.CONFIRMED, subscribers.c.id.is_not(None), said_no), Verdict.DECLINED),
        (mine.is_(None), Verdict.ADDED),
        (and_(would_confirm, said_no), Verdict.DECLINED),
        # A letter is answered by its reader alone. Who came by a file as pending was never sent one.
        (and_(would_confirm, was_asked), Verdict.UNANSWERED),
        (and_(would_confirm, has_left_all, ~and_(HAS_PROOF, newer)), Verdict.LEFT_ALL),
        (and_(would_confirm, HAS_PROOF), Verdict.CONFIRMED),
        (would_confirm, Verdict.UNPROVEN),
        (_changes(connection), Verdict.UPDATED),
        else_=Verdict.UNCHANGED,
    )


def _changes(connection: Connection) -> ColumnElement[bool]:
    """Return whether a row says something new about a subscriber who is known."""
    new = [
        and_(column != "", column != subscribers.c[column.name]) for column in (incoming.c.name, incoming.c.language)
    ]
    new.append(incoming.c.frequency != subscribers.c.frequency)
    new.append(
        and_(
            incoming.c.paused_until.is_not(None),
            or_(subscribers.c.paused_until.is_(None), incoming.c.paused_until != subscribers.c.paused_until),
        )
    )
    given = as_json(connection, incoming.c.topics)
    old = type_coerce(subscribers.c.topics, given.type)
    new.append(and_(given.is_not(None), or_(old.is_(None), old != given)))
    given = as_json(connection, incoming.c.attributes)
    new.append(and_(given.is_not(None), plain_json(connection, merged(connection, given)) != plain_json(connection)))
    new.append(and_(incoming.c.consent == Consent.CONFIRMED, HAS_PROOF, HELD_WITHOUT_PROOF))
    return or_(*(func.coalesce(part, False) for part in new))


def as_json(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a staged text as a column of JSON takes it."""
    return cast(column, JSONB) if connection.dialect.name == "postgresql" else column


def merged(connection: Connection, given: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a subscriber's attributes with those of a row: what it does not name stays."""
    if connection.dialect.name == "postgresql":
        nothing = cast(literal("{}"), JSONB)
        old_json = func.coalesce(type_coerce(subscribers.c.attributes, JSONB()), nothing)
        return old_json.concat(func.coalesce(given, nothing))
    old = type_coerce(subscribers.c.attributes, Text)
    return func.json_patch(func.coalesce(old, "{}"), func.coalesce(given, "{}"))


def plain_json(connection: Connection, value: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
    """Return JSON, a subscriber's attributes where none is given, in a form in which equal values compare as equal."""
    if connection.dialect.name == "postgresql":
        return func.coalesce(subscribers.c.attributes, cast(literal("{}"), JSONB)) if value is None else value
    old = func.coalesce(type_coerce(subscribers.c.attributes, Text), "{}")
    return func.json(old if value is None else value)


@dataclass(frozen=True, slots=True)
class Unlike:
    """How many people are not what a row says of them."""

    contradicted: int = 0
    """Rows of which another one with the same address says something stricter, and counts."""
    pending: int = 0
    """Have not confirmed, by the file, and are not written to."""
    confirmed: int = 0
    """Have not confirmed, by the file, and are written to all the same, because they have confirmed here."""


def unlike(connection: Connection, list_id: int | None) -> Unlike:
    """Count people of whom a row does not say what holds of them."""
    duplicates = judged.join(incoming, incoming.c.row == judged.c.row).join(_winning, _winning.c.row == judged.c.winner)
    contradicted = connection.scalar(
        select(func.count())
        .select_from(duplicates)
        .where(judged.c.verdict == Verdict.DUPLICATE, incoming.c.standing != _winning.c.standing)
    )
    word = and_(consents.c.list_id == list_id, consents.c.subscriber_id == judged.c.subscriber_id)
    stays = judged.c.verdict.in_([Verdict.UPDATED, Verdict.UNCHANGED]) & (consents.c.state == Consent.CONFIRMED)
    pending, confirmed = connection.execute(
        select(func.count(), func.count().filter(stays))
        .select_from(judged.join(incoming, incoming.c.row == judged.c.row).outerjoin(consents, word))
        .where(incoming.c.standing == PENDING, judged.c.verdict != Verdict.DUPLICATE)
    ).one()
    return Unlike(contradicted or 0, pending - confirmed, confirmed)


def signature(connection: Connection) -> Iterator[str]:
    """Yield the rows with their verdicts, in the order of the file and many at once: what a plan promises."""
    # Put together by the database: a million rows of sixteen values are many objects for nothing.
    parts: list[ColumnElement[Any]] = [judged.c.verdict, *incoming.columns]
    line = parts[0]
    for part in parts[1:]:
        line = line.concat("\x1f").concat(func.coalesce(cast(part, Text), ""))
    every = select(line).join_from(judged, incoming, incoming.c.row == judged.c.row).order_by(judged.c.row)
    # Told to the statement: a connection would keep it for what comes after.
    for some in connection.scalars(every.execution_options(yield_per=5_000)).partitions():
        yield "\x1e".join(some)


def left_out(connection: Connection) -> list[RowProblem]:
    """Return the first rows of each kind that add and change nothing; those that another one contradicts come first."""
    problems = []
    for kind, verdicts in (
        (Problem.DUPLICATE, [Verdict.DUPLICATE]),
        (Problem.BLOCKED, list(BLOCKED)),
        (Problem.WOULD_RESUBSCRIBE, list(WOULD_RESUBSCRIBE)),
    ):
        rows = connection.execute(
            select(
                judged.c.row,
                judged.c.verdict,
                judged.c.winner,
                incoming.c.standing,
                _winning.c.standing.label("counts"),
                func.coalesce(suppressions.c.reason, erasures.c.reason).label("reason"),
            )
            .select_from(judged)
            .join(incoming, incoming.c.row == judged.c.row)
            .join(_winning, _winning.c.row == judged.c.winner)
            .outerjoin(suppressions, suppressions.c.address_key == incoming.c.address_key)
            .outerjoin(erasures, erasures.c.address_hash == incoming.c.address_hash)
            .where(judged.c.verdict.in_(verdicts))
            .order_by(case((incoming.c.standing == _winning.c.standing, 1), else_=0), judged.c.row)
            .limit(SHOWN)
        )
        for row, verdict, winner, standing, counts, reason in rows:
            if verdict == Verdict.DUPLICATE:
                why = "" if standing == counts else f", {_STRICTER[counts]}"
                message = f"the same address as in row {winner}{why}"
            else:
                message = (BLOCKED | WOULD_RESUBSCRIBE)[verdict].format(reason)
            problems.append(RowProblem(row, kind, message))
    return problems
