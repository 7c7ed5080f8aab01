"""A body that stays on the web site, where a summary and an address lead, and one that readers get all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.workspace import FILES, NEWS, PLAN, lint, write

WRITTEN = """\
The villages along the border had waited for it for twelve years.

See [the map](/map) and the note[^1].

{{< youtube LE6F_X91UF8 >}}
"""
SECTION = "  - heading: News\n    take: news\n"


def found(root: Path, news: str, plan: str = FILES[PLAN]) -> list[str]:
    """Return the codes of what is found in the news."""
    write(root, {NEWS: news, PLAN: plan})
    return [finding.code for finding in lint(root) if finding.place.file == NEWS]


def test_nobody_is_told_of_what_no_reader_sees(tmp_path: Path) -> None:
    """Whoever moves here with the posts of a web site has whole pages of it, and may send."""
    assert found(tmp_path, FILES[NEWS] + WRITTEN) == []


@pytest.mark.parametrize("field", ["url: ", "summary: "])
def test_without_an_address_or_a_summary_readers_get_the_body(field: str, tmp_path: Path) -> None:
    """Then all of it is looked at."""
    news = "".join(line for line in FILES[NEWS].splitlines(keepends=True) if not line.startswith(field))
    assert found(tmp_path, news + WRITTEN) == ["LNK003", "EDT029", "SLT001"]


def test_a_layout_that_shows_a_story_in_full_shows_its_body(tmp_path: Path) -> None:
    """Where its words are in the email, its faults are told; it may begin with the summary, word for word."""
    told = "Organisations from five countries start work on better living conditions, with money from Brussels.\n\n"
    plan = FILES[PLAN].replace(SECTION, f"{SECTION}    layout: story\n")
    assert found(tmp_path, FILES[NEWS] + told + WRITTEN, plan) == ["LNK003", "EDT029", "SLT001"]
    assert found(tmp_path, FILES[NEWS] + told + WRITTEN) == []
