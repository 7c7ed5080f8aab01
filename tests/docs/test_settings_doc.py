"""docs/settings.md names everything that can be set, and nothing else; each page that it leads to, its own part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from newsletter.config.settings import ListSettings, Settings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "settings.md").read_text(encoding="utf-8")


def first_column(heading: str) -> set[str]:
    """Return the names in the first column of the table below a heading."""
    rows = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0].splitlines()
    return {name for row in rows if row.startswith("| `") for name in re.findall(r"`\[?(\w+)", row.split(" | ")[0])}


def models(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield the groups of settings that a field holds."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from models(part)


def named(model: type[BaseModel]) -> dict[str, list[type[BaseModel]]]:
    """Return the settings of a group as files name them, each with the groups in it."""
    return {info.alias or name: [*models(info.annotation)] for name, info in model.model_fields.items()}


def test_the_page_names_every_setting() -> None:
    """Whoever sets up a newsletter has no other place to look; an approval is a value or a group."""
    below = {name for name, inner in named(Settings).items() if inner} - {"approval"} | {"types"}
    assert first_column("Below headings") == below
    assert first_column("At the top") == set(named(Settings)) - below
    (lists,) = re.findall(r"\| `\[lists\.monthly\]` \|(.+)", PAGE)
    assert set(re.findall(r"`(\w+)`", lists)) == set(named(ListSettings))


def test_every_setting_of_every_group_is_told_on_some_page() -> None:
    """In an example, in a heading of one, or by its name."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    told = set(re.findall(r"\b(\w+)(?: = |`|\]\s|\.[A-Z])", pages))
    groups = [inner for several in named(Settings).values() for inner in several]
    for group in groups:
        groups.extend(inner for several in named(group).values() for inner in several if inner not in groups)
    assert {name for group in groups for name in named(group)} - told == set()
