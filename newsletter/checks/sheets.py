"""Style sheets and `style` attributes as rules and declarations, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2


@dataclass(frozen=True, slots=True)
class Declaration:
    """`name: value`, and where it stands: line and column from 1 of the text it was read from."""

    name: str
    value: str
    important: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class StyleRule:
    """What a selector's elements get, under the conditions of the media queries around it."""

    selector: str
    conditions: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    line: int
    column: int


@lru_cache(maxsize=256)
def read_sheet(css: str) -> tuple[StyleRule, ...]:
    """Return the rules of a style sheet, those inside of media queries included."""
    return tuple(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), ()))


@lru_cache(maxsize=8192)
def read_style(css: str) -> tuple[Declaration, ...]:
    """Return the declarations of a `style` attribute."""
    return tuple(_declarations(tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)))


def _rules(nodes: list[Any], conditions: tuple[str, ...]) -> Iterator[StyleRule]:
    for node in nodes:
        if node.type == "at-rule" and node.content is not None and node.lower_at_keyword in {"media", "supports"}:
            condition = f"@{node.lower_at_keyword} {tinycss2.serialize(node.prelude).strip()}"
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, (*conditions, condition))
        elif node.type == "qualified-rule":
            content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            selector = tinycss2.serialize(node.prelude).strip()
            line, column = node.source_line, node.source_column
            yield StyleRule(selector, conditions, tuple(_declarations(content)), line, column)


def _declarations(nodes: list[Any]) -> Iterator[Declaration]:
    for node in nodes:
        if node.type == "declaration":
            value = tinycss2.serialize(node.value).strip()
            yield Declaration(node.lower_name, value, node.important, node.source_line, node.source_column)
