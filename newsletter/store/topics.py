"""Columns of JSON, and of readers' topics, which are compared as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import JSON, Dialect, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

from newsletter.model.topics import canonical_topics

# PostgreSQL's plain `json` can be neither compared nor grouped by.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Topics(TypeDecorator[tuple[str, ...]]):
    """Topics as `canonical_topics` writes them, and NULL for everything: `GROUP BY` finds equal choices."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | None:
        """Return what is stored."""
        return list(canonical_topics(value)) or None

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...]:
        """Return the topics, none for everything."""
        return tuple(value or ())
