"""Rows that may be there already, and very many rows or values, on both databases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_AT_ONCE = 5_000
_IN_ONE_STATEMENT = 500
_Value = TypeVar("_Value", int, str)
Insert = sqlite.Insert | postgresql.Insert


def insert(connection: Connection, table: Table) -> Insert:
    """Return an insert that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> Insert:
    """Return what `insert` does, for statements that are kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def parts(values: Collection[_Value], most: int = _IN_ONE_STATEMENT) -> Iterator[list[_Value]]:
    """Yield sorted values some at a time: databases take only so many in one statement."""
    wanted = sorted(values)
    return (wanted[start : start + most] for start in range(0, len(wanted), most))


def fill(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows that hold a value for each column, in the columns' order; as they come, in bounded memory."""
    quote = connection.dialect.identifier_preparer
    name, columns = quote.format_table(table), ", ".join(map(quote.format_column, table.columns))
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    statement = f"INSERT INTO {name} ({columns}) VALUES ({', '.join('?' for _ in table.columns)})"  # noqa: S608
    remaining = iter(rows)
    while some := list(islice(remaining, _AT_ONCE)):
        connection.exec_driver_sql(statement, some)
