"""One of a few values that a query gives: the query is answered first, then an index finds the rows of each value.

In an OR, PostgreSQL uses no index for `column IN (SELECT …)`, and for an array it does.
"""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.operators import OperatorType


class among_few(GenericFunction[bool]):  # noqa: N801
    """`among_few(column, query)`: whether the query gives the column's value."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stand as a condition as it is: with `= 1` behind it, SQLite would use no index."""
        return self


def among(column: ColumnElement[Any], few: Select[Any]) -> ColumnElement[bool]:
    """Return whether `few`, which stands for itself wherever it is put, gives the value of a column."""
    return among_few(column, few.correlate(None).scalar_subquery())


@compiles(among_few, "sqlite")
def _on_sqlite(element: among_few, compiler: SQLCompiler, **options: Any) -> str:
    column, few = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN {few}"


@compiles(among_few, "postgresql")
def _on_postgresql(element: among_few, compiler: SQLCompiler, **options: Any) -> str:
    column, few = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY (ARRAY{few})"
