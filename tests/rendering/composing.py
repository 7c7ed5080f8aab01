"""Templates written in a test, rendered as the product renders its own."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

MARK = "¦"
"""Stands in a test's text where something is expected."""


def environment(templates: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """Return the environment of a workspace with these templates."""
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def unmarked(templates: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, int, int]]:
    """Return templates without the mark, and the file, line and column where it stood."""
    place = ("", 0, 0)
    for name, text in templates.items():
        before, mark, _ = text.partition(MARK)
        if mark:
            place = (name, before.count("\n") + 1, len(before) - before.rfind("\n"))
    return {name: text.replace(MARK, "") for name, text in templates.items()}, place
