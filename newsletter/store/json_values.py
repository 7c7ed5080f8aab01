"""What stands inside columns of JSON, asked for in the same words on both databases.

A value of another kind than asked for is NULL, never an error: attributes may have been declared otherwise once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Float, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class json_text(GenericFunction[str]):  # noqa: N801
    """`json_text(column, key)`: a text."""

    type = Text()
    inherit_cache = True


class json_number(GenericFunction[float]):  # noqa: N801
    """`json_number(column, key)`: a number."""

    type = Float()
    inherit_cache = True


class json_truth(GenericFunction[bool]):  # noqa: N801
    """`json_truth(column, key)`: true or false."""

    type = Boolean()
    inherit_cache = True


class json_holds(GenericFunction[bool]):  # noqa: N801
    """`json_holds(column, text)`: whether a list has a text in it."""

    type = Boolean()
    inherit_cache = True


def inside(kind: type[GenericFunction[Any]], column: ColumnElement[Any], key: str) -> ColumnElement[Any]:
    """Return the value under `key`, which is a name: small letters, digits, dashes, underscores."""
    return kind(column, literal(key))


def _extracted(types: str) -> Any:
    def compiled(element: GenericFunction[Any], compiler: SQLCompiler, **options: Any) -> str:
        column, key = (compiler.process(part, **options) for part in element.clauses)
        path = f"{column}, '$.\"' || {key} || '\"'"
        return f"CASE WHEN json_type({path}) IN ({types}) THEN json_extract({path}) END"

    return compiled


def _arrow(kind: str, cast: str = "") -> Any:
    def compiled(element: GenericFunction[Any], compiler: SQLCompiler, **options: Any) -> str:
        column, key = (compiler.process(part, **options) for part in element.clauses)
        return f"CASE WHEN jsonb_typeof({column} -> {key}) = '{kind}' THEN ({column} ->> {key}){cast} END"

    return compiled


compiles(json_text, "sqlite")(_extracted("'text'"))
compiles(json_number, "sqlite")(_extracted("'integer', 'real'"))
compiles(json_truth, "sqlite")(_extracted("'true', 'false'"))
compiles(json_text, "postgresql")(_arrow("string"))
compiles(json_number, "postgresql")(_arrow("number", "::double precision"))
compiles(json_truth, "postgresql")(_arrow("boolean", "::boolean"))


@compiles(json_holds, "sqlite")
def _holds_on_sqlite(element: json_holds, compiler: SQLCompiler, **options: Any) -> str:
    column, value = (compiler.process(part, **options) for part in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE json_each.value = {value})"  # noqa: S608


@compiles(json_holds, "postgresql")
def _holds_on_postgresql(element: json_holds, compiler: SQLCompiler, **options: Any) -> str:
    column, value = (compiler.process(part, **options) for part in element.clauses)
    return f"jsonb_exists({column}, {value})"
