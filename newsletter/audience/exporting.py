"""A list as a CSV file that spreadsheets open safely and an import reads back."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import TextIO

from sqlalchemy import select

from newsletter.audience.rows import write_topics
from newsletter.audience.segments import check_issues, condition
from newsletter.audience.spreadsheet import guarded
from newsletter.config import Settings
from newsletter.model.attribute import Value
from newsletter.model.consent import Frequency
from newsletter.model.segment import Segment
from newsletter.store import Database, aware
from newsletter.store.schema import consents, lists, subscribers, suppressions

HEADER = (
    "address",
    "name",
    "language",
    "consent",
    "changed_at",
    "source",
    "suppressed",
    "topics",
    "frequency",
    "paused_until",
    "confirmed_at",
    "proof",
    "wording",
)
"""The first columns; one for each declared attribute follows."""
_AT_ONCE = 1_000


def export_list(
    database: Database,
    list_name: str,
    out: TextIO,
    *,
    settings: Settings,
    segment: Segment | None = None,
) -> int:
    """Write everybody on a list, whatever their consent, in the order of their addresses; return how many.

    With a `segment` only those whom it means now. `out` is opened with `newline=""`; with the encoding
    `utf-8-sig`, Excel shows accented letters right. Raises NotFound for a list that the settings do not know.
    """
    name = settings.known_list(list_name)
    chosen = condition(segment, lists=[name], settings=settings, now=datetime.now(UTC))
    people = (
        select(subscribers, consents, suppressions.c.reason)
        .select_from(consents)
        .join(lists, lists.c.id == consents.c.list_id)
        .join(subscribers, subscribers.c.id == consents.c.subscriber_id)
        .outerjoin(suppressions, suppressions.c.address_key == subscribers.c.address_key)
        .where(lists.c.name == name, chosen)
        .order_by(subscribers.c.address_key)
    )
    number = 0
    with database.reading() as connection:
        check_issues(connection, segment)
        writer = csv.writer(out)
        writer.writerow([*HEADER, *settings.attributes])
        for row in connection.execution_options(yield_per=_AT_ONCE).execute(people):
            known = row.attributes or {}
            cells = (
                row.address,
                row.name,
                row.language,
                row.state,
                _moment(row.changed_at),
                row.source,
                row.reason or "",
                write_topics(row.topics),
                "" if row.frequency == Frequency.EVERY_ISSUE else row.frequency,
                _moment(row.paused_until),
                _moment(row.confirmed_at),
                row.proof,
                row.wording,
                *(_cell(known.get(attribute)) for attribute in settings.attributes),
            )
            writer.writerow([guarded(cell) for cell in cells])
            number += 1
    return number


def _moment(moment: datetime | None) -> str:
    return aware(moment).isoformat(timespec="seconds") if moment else ""


def _cell(value: Value | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
