"""From a file of addresses to subscribers of a list: all of it or nothing, and never against a reader's word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, literal, select, text

from newsletter.audience.address import Address
from newsletter.audience.lists import ensure_list, find_list
from newsletter.audience.report import SHOWN, ImportReport, Problem, RowProblem
from newsletter.audience.rows import Row, read_row
from newsletter.audience.staging import BLOCKED, Verdict, incoming, judge, judged, left_out, stage
from newsletter.audience.table import Progress, Table, open_table
from newsletter.audience.writing import write_consents, write_people
from newsletter.config import Settings
from newsletter.errors import AudienceError
from newsletter.model.consent import Consent
from newsletter.store import Database, stored
from newsletter.store.bulk import insert
from newsletter.store.schema import consents, subscribers, suppressions


def import_file(
    database: Database,
    file: Path,
    list_name: str,
    *,
    settings: Settings,
    now: datetime,
    plan: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Put the addresses of a CSV file on a list, or only find out what that would do when `plan` is set.

    Consent is never raised: who unsubscribed, has not confirmed yet, or must not be written to stays so, whatever the
    file says. A file may take it away. Names and languages are changed only by a file that has them. Others may write
    to the database while the file is read. Raises NotFound for a list that the settings do not know, and AudienceError
    for a file that cannot be read as a whole; then nothing is imported.
    """
    name = settings.known_list(list_name)
    tally = _Tally()
    with open_table(file, progress) as table, database.workbench() as bench:
        with bench.filling() as connection:
            stage(connection, _valid(table, tally))
        with bench.filling() if plan else bench.writing() as connection:
            if plan:
                counts = judge(connection, find_list(connection, name))
            else:
                _keep_writers_out(connection)
                list_id = ensure_list(connection, name, now)
                counts = judge(connection, list_id)
                _apply(connection, list_id, f"import of {file.name}", now)
            problems = sorted([*left_out(connection), *tally.problems])
    return ImportReport(
        list=name,
        file=file.name,
        planned=plan,
        rows=sum(counts.values()) + tally.invalid,
        added=counts.get(Verdict.ADDED, 0),
        updated=counts.get(Verdict.UPDATED, 0),
        unchanged=counts.get(Verdict.UNCHANGED, 0),
        unsubscribed=counts.get(Verdict.UNSUBSCRIBED, 0),
        blocked=sum(counts.get(verdict, 0) for verdict in BLOCKED),
        duplicates=counts.get(Verdict.DUPLICATE, 0),
        invalid=tally.invalid,
        international=tally.international,
        columns=tuple(table.columns.used.items()),
        ignored=table.columns.ignored,
        problems=tuple(problems),
    )


@dataclass(slots=True)
class _Tally:
    """What is found out while rows stream by."""

    invalid: int = 0
    international: int = 0
    problems: list[RowProblem] = field(default_factory=list)


def _valid(table: Table, tally: _Tally) -> Iterator[Row]:
    for number, cells in table.rows:
        try:
            row = read_row(number, cells, table.columns)
        except AudienceError as error:
            tally.invalid += 1
            if len(tally.problems) < SHOWN:
                message = f"{error.message}: {error.why}" if error.why else error.message
                tally.problems.append(RowProblem(number, Problem.INVALID, message))
        else:
            if not row.address.isascii():
                tally.international += Address(row.address, row.address_key).is_international
            yield row


def _keep_writers_out(connection: Connection) -> None:
    # SQLite does so by itself. Without it, two imports at once would count the same address as added.
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE subscribers, consents, suppressions IN SHARE ROW EXCLUSIVE MODE"))


def _apply(connection: Connection, list_id: int, source: str, now: datetime) -> None:
    at = literal(stored(now))
    rows = judged.join(incoming, incoming.c.row == judged.c.row)
    forbidden = (
        select(incoming.c.address_key, incoming.c.suppression, literal(source), at)
        .select_from(rows)
        .where(judged.c.verdict == Verdict.FORBIDDEN)
    )
    connection.execute(
        insert(connection, suppressions)
        .from_select(["address_key", "reason", "source", "created_at"], forbidden)
        .on_conflict_do_nothing()
    )
    people = (
        select(incoming.c.address, incoming.c.address_key, incoming.c.name, incoming.c.language, at)
        .select_from(rows)
        .where(judged.c.verdict.in_([Verdict.ADDED, Verdict.UPDATED, Verdict.UNSUBSCRIBED]))
        # Keys that come in order go to the same pages of the index.
        .order_by(incoming.c.address_key)
    )
    write_people(
        connection,
        insert(connection, subscribers).from_select(
            ["address", "address_key", "name", "language", "created_at"], people
        ),
    )
    words = (
        select(literal(list_id), subscribers.c.id, incoming.c.consent, literal(source), at)
        .select_from(rows.join(subscribers, subscribers.c.address_key == incoming.c.address_key))
        .where(judged.c.verdict.in_([Verdict.ADDED, Verdict.UNSUBSCRIBED]))
        .order_by(subscribers.c.id)
    )
    word = insert(connection, consents).from_select(
        ["list_id", "subscriber_id", "state", "source", "changed_at"], words
    )
    write_consents(connection, word, where=word.excluded.state == Consent.UNSUBSCRIBED)
