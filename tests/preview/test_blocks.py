"""Each entry and section is found in the HTML, whatever the templates make of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import config, pipeline, rendering
from newsletter.model.selection import Selection
from newsletter.preview import blocks
from newsletter.preview.weights import weigh
from tests.preview import shown

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def july() -> Selection:
    """The July 2024 issue of this repository's workspace, in English."""
    workspace = config.load(ROOT, environment={})
    return pipeline.choose(workspace, "2024-07", pipeline.read(workspace)).edition("en")


@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_every_entry_and_section_has_its_block(july: Selection, theme: str) -> None:
    """In each theme the block of an entry shows its title, and none of another section's headings."""
    workspace = config.load(ROOT, environment={})
    chosen = replace(july, issue=july.issue.model_copy(update={"theme": theme}))
    values = {"unsubscribe_url": "https://u.example", "view_url": "https://v.example"}
    html = rendering.render(chosen, workspace, "en").html.fill(values).decode()
    marked = rendering.render(blocks.mark(chosen), workspace, "en").html.fill(values).decode()
    found = {block.key: html[block.start : block.end] for block in blocks.locate(chosen, html, marked)}
    assert set(found) == {
        blocks.INTRO,
        *(entry.id for entry in chosen.entries),
        *(blocks.section_key(number) for number, section in enumerate(chosen.sections) if section.chosen),
    }
    for section in chosen.sections:
        for entry in section.entries:
            text = found[entry.id].replace("&#39;", "'").replace("&#x27;", "'")
            assert entry.title in text
            others = [other.title for other in chosen.entries if other.title not in entry.title and other is not entry]
            assert [other for other in others if f">{other}<" in text] == []


def test_the_attributes_are_all_that_is_added(tmp_path: Path) -> None:
    """What the preview shows is the readers' HTML, and the attributes lead to every block."""
    (page,) = shown.state(tmp_path).pages
    annotated = blocks.annotate(page.html, page.blocks)
    assert re.sub(rf' {blocks.ATTRIBUTE}="[^"]*"', "", annotated) == page.html
    keys = {key for keys in re.findall(rf'{blocks.ATTRIBUTE}="([^"]*)"', annotated) for key in keys.split()}
    assert keys == {block.key for block in page.blocks}


def test_better_no_place_than_a_wrong_one() -> None:
    """Where a template makes something else of a marked title, nothing is said about places."""
    chosen = shown.selection().edition("en")
    assert blocks.locate(chosen, "<p>one</p>", "<p>one and more</p>") == ()


def test_a_hostile_title_is_found_like_any_other(tmp_path: Path) -> None:
    """Markup in a title is text, and its block is the entry's."""
    (page,) = shown.state(tmp_path, shown.selection(title=shown.HOSTILE)).pages
    block = next(block for block in page.blocks if block.key == "2024-07-26-border-communities")
    assert "&lt;/iframe&gt;" in page.html[block.start : block.end]


def test_the_weights_are_the_whole_email(tmp_path: Path, july: Selection) -> None:
    """Head, sections and footer add up to every byte; a section with more entries weighs more."""
    (page,) = shown.state(tmp_path).pages
    weights = weigh(page.selection, page.html, page.blocks)
    assert sum(weight.size for weight in weights) == len(page.html.encode())
    assert [weight.name for weight in weights] == [
        "styles and title",
        "masthead and intro",
        "Studies",
        "News",
        "footer",
    ]
    assert all(weight.size > 500 for weight in weights)
