"""Who writes about people, and when: all in one order, so that nobody waits in a circle.

SQLite has one writer at a time anyway. On a server rows of deliveries come first, then the tables of people, then rows
of subscribers and of signups, each in the order of their numbers, and then what else is theirs: words, suppressions.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, Table, literal, select, text

from newsletter.store.bulk import parts
from newsletter.store.schema import subscribers

_PEOPLE = "subscribers, consents, suppressions, erasures"
_FIRST = "subscribers"
"""Who has it holds an import off its other tables, too. The role of readers' pages may lock no suppressions."""
_SIGNUPS = "signups"
"""By themselves: forms ask while people are imported."""


def keep_writers_out(connection: Connection) -> None:
    """Let nobody else write about anybody until the verdicts of this transaction are carried out."""
    # Without it, two imports at once would count the same address as added.
    _lock(connection, _PEOPLE, "SHARE ROW EXCLUSIVE")


def take_turns(connection: Connection) -> None:
    """Begin what takes rows of people, so that it and an import, or an erasure, never wait for each other."""
    _lock(connection, _FIRST, "ROW EXCLUSIVE")
    _lock(connection, _SIGNUPS, "ROW EXCLUSIVE")


def keep_answers_out(connection: Connection) -> None:
    """Let nobody else hold anybody, nor ask for anything by a form, until people are forgotten."""
    _lock(connection, _FIRST, "ROW EXCLUSIVE")
    _lock(connection, _SIGNUPS, "SHARE ROW EXCLUSIVE")


def hold(connection: Connection, *, numbers: Collection[int] = (), keys: Collection[str] = ()) -> None:
    """Let nobody else write about some subscribers, told by their numbers or the keys of their addresses.

    Whoever changes a word or a suppression begins so, and reads what it is about afterwards: who is suppressed and
    leaves at the same moment would be counted as if neither knew of the other, and who is erased would come back.
    """
    if connection.dialect.name != "postgresql" or not (numbers or keys):
        return
    take_turns(connection)
    wanted = set(numbers)
    for some in parts(keys):
        wanted.update(connection.scalars(select(subscribers.c.id).where(subscribers.c.address_key.in_(some))))
    for these in parts(wanted):
        rows = select(subscribers.c.id).where(subscribers.c.id.in_(these)).order_by(subscribers.c.id)
        connection.execute(rows.with_for_update(key_share=True))


def take_rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> None:
    """Let nobody else write some rows, nor begin to refer to them: they are about to be deleted or emptied."""
    if connection.dialect.name == "postgresql":
        rows = select(literal(1)).select_from(table).where(which).order_by(*table.primary_key)
        connection.execute(rows.with_for_update())


def _lock(connection: Connection, tables: str, mode: str) -> None:
    if connection.dialect.name == "postgresql":
        # A server takes them one after the other.
        connection.execute(text(f"LOCK TABLE {tables} IN {mode} MODE"))
