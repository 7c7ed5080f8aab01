"""docs/issues.md names everything that an issue can say, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.model.issue import Issue, Layout, Order, Section

PAGE = (Path(__file__).parents[2] / "docs" / "issues.md").read_text(encoding="utf-8")
SETTINGS = """\
title = "N"
from = "N <n@example.org>"
zone = "Europe/Vienna"
postal_address = "Vienna"
public_url = "https://news.example.org"
[lists.monthly]
title = "Monthly"
"""


def named(*chapters: str) -> set[str]:
    """Return the names in the first column of the tables below some headings."""
    parts = [PAGE.split(f"\n## {chapter}\n")[1].split("\n## ")[0] for chapter in chapters]
    rows = [line.split(" | ")[0] for part in parts for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize(
    ("chapters", "model"),
    [(("Of the whole issue", "Decided by hand"), Issue), (("Of a section",), Section)],
    ids=["issue", "section"],
)
def test_the_page_names_every_field(chapters: tuple[str, ...], model: type[Issue | Section]) -> None:
    """Whoever writes by hand has no other place to look; an issue's name is that of its folder."""
    assert named(*chapters) == set(model.model_fields) - {"name"}


def test_the_page_names_every_layout_and_order() -> None:
    """They are words that nobody guesses."""
    assert [value for value in (*Layout, *Order) if f"`{value}`" not in PAGE] == []


def test_the_example_can_be_used(tmp_path: Path) -> None:
    """As it stands, with the two entries that it names."""
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    for name, text in {
        "newsletter.toml": SETTINGS,
        "issues/2024-07/issue.yaml": example,
        "issues/entries/news/resource-centres.md": "---\ntitle: Centres\nurl: https://www.example.org/centres\n---\n",
        "issues/entries/news/2024-07-09-a-rumour.md": "---\ntitle: A rumour\ndate: 2024-07-09\n---\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    workspace = config.load(tmp_path, {})
    assert pipeline.read(workspace).findings == ()
    english, french = pipeline.build(workspace, "2024-07").editions
    assert (english.language, french.language) == ("en", "fr")
    assert "Nouvelles et rendez-vous" in french.html.marked
