"""A list as a CSV file that spreadsheets open safely and an import reads back."""

from __future__ import annotations

import csv
from typing import TextIO

from sqlalchemy import select

from newsletter.audience.spreadsheet import guarded
from newsletter.config import Settings
from newsletter.store import Database, aware
from newsletter.store.schema import consents, lists, subscribers, suppressions

HEADER = ("address", "name", "language", "consent", "changed_at", "source", "suppressed")
_AT_ONCE = 1_000


def export_list(database: Database, list_name: str, out: TextIO, *, settings: Settings) -> int:
    """Write everybody on a list in the order of their addresses, whatever their consent; return how many.

    `out` is opened with `newline=""`; with the encoding `utf-8-sig`, Excel shows accented letters right. Raises
    NotFound for a list that the settings do not know.
    """
    name = settings.known_list(list_name)
    people = (
        select(
            subscribers.c.address,
            subscribers.c.name,
            subscribers.c.language,
            consents.c.state,
            consents.c.changed_at,
            consents.c.source,
            suppressions.c.reason,
        )
        .select_from(consents)
        .join(lists, lists.c.id == consents.c.list_id)
        .join(subscribers, subscribers.c.id == consents.c.subscriber_id)
        .outerjoin(suppressions, suppressions.c.address_key == subscribers.c.address_key)
        .where(lists.c.name == name)
        .order_by(subscribers.c.address_key)
    )
    writer = csv.writer(out)
    writer.writerow(HEADER)
    number = 0
    with database.reading() as connection:
        for address, person, language, state, changed_at, source, reason in connection.execution_options(
            yield_per=_AT_ONCE
        ).execute(people):
            moment = aware(changed_at).isoformat(timespec="seconds")
            writer.writerow(
                [guarded(cell) for cell in (address, person, language, state, moment, source, reason or "")]
            )
            number += 1
    return number
