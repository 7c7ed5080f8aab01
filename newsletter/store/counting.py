"""Triggers that keep `list_counts`, so that a list of a million is counted in a millisecond, whoever writes.

Suppressed are those of the confirmed whose address is among the suppressions. On a server, two who change a word and a
suppression of one person at the same moment would not see each other: they take turns, see `turns`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text


def make_triggers(_: object, connection: Connection, **_more: Any) -> None:
    """Make the triggers when all tables are there."""
    script = Path(__file__).with_name(f"counting.{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in re.findall(r"^CREATE .*?(?=^(?:CREATE |--)|\Z)", script, re.MULTILINE | re.DOTALL):
        connection.exec_driver_sql(statement.strip())


def recount(connection: Connection) -> None:
    """Count every list from its consents; what others write in the meantime is added to it."""
    if connection.dialect.name == "postgresql":
        _let_nobody_fold(connection)
        # One statement sees one moment: what is written after it is neither deleted nor counted by it.
        connection.execute(text(f"WITH gone AS (DELETE FROM list_counts) {_RECOUNT}"))  # noqa: S608
    else:
        connection.execute(text("DELETE FROM list_counts"))
        connection.execute(text(_RECOUNT))


def fold(connection: Connection) -> None:
    """Add up the differences that PostgreSQL has gathered; what others write in the meantime stays apart."""
    if connection.dialect.name == "postgresql":
        _let_nobody_fold(connection)
        connection.execute(text(_FOLD))


def _let_nobody_fold(connection: Connection) -> None:
    """Be the only one that puts sums in the place of differences, which others may add meanwhile."""
    connection.execute(text("LOCK TABLE list_counts IN SHARE UPDATE EXCLUSIVE MODE"))


_RECOUNT = """
INSERT INTO list_counts (list_id, state, number)
SELECT l.id, t.state, count(c.subscriber_id) FROM lists l
CROSS JOIN (SELECT 'pending' AS state UNION ALL SELECT 'confirmed' UNION ALL SELECT 'unsubscribed') t
LEFT JOIN consents c ON c.list_id = l.id AND c.state = t.state
GROUP BY l.id, t.state
UNION ALL
SELECT l.id, 'suppressed', count(p.address_key) FROM lists l
LEFT JOIN consents c ON c.list_id = l.id AND c.state = 'confirmed'
LEFT JOIN subscribers s ON s.id = c.subscriber_id
LEFT JOIN suppressions p ON p.address_key = s.address_key
GROUP BY l.id
"""

_FOLD = """
WITH gone AS (DELETE FROM list_counts RETURNING list_id, state, number)
INSERT INTO list_counts (list_id, state, number)
SELECT list_id, state, sum(number) FROM gone GROUP BY list_id, state
"""
