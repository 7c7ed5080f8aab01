"""Calendar files that were sent, by the event that each is of: who takes one into a calendar has read of the event."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from newsletter.sending.keeping import read_edition
from newsletter.store import Database
from newsletter.store.schema import editions

_EVENT = re.compile(rb"^UID:(.+)@", re.MULTILINE)
_FOLD = b"\r\n "
"""Where a long line goes on in the next (RFC 5545, 3.1)."""


def calendars(database: Database, *mailings: int) -> dict[str, str]:
    """Return the id of the event of each calendar file that some mailings offer, by the file's name."""
    # Those of fewer topics, which come later, have no others.
    whole = (
        select(editions.c.mailing_id, func.min(editions.c.number).label("number"))
        .where(editions.c.mailing_id.in_(mailings))
        .group_by(editions.c.mailing_id, editions.c.language)
        .subquery()
    )
    query = select(editions.c.content, editions.c.digest).join(
        whole, (whole.c.mailing_id == editions.c.mailing_id) & (whole.c.number == editions.c.number)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    files = (file for row in rows for file in read_edition(row.content, row.digest).hosted)
    found = ((file.name, _EVENT.search(file.data.replace(_FOLD, b""))) for file in files if file.name.endswith(".ics"))
    return {name: event[1].decode() for name, event in found if event}
