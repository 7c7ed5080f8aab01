"""A finding knows which part of the email it is about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.selection import Selection
from newsletter.preview.states import block_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def july() -> Selection:
    """The July 2024 issue of this repository's workspace, read from its files."""
    workspace = config.load(ROOT, environment={})
    return pipeline.choose(workspace, "2024-07", pipeline.read(workspace))


def line(file: str, words: str) -> int:
    """Return the line of a file that has some words."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, 1) if words in text)


ISSUE, FIGURES = "issues/2024-07/issue.yaml", "issues/entries/figures.yaml"
BORDERS = "issues/entries/news/2024-07-26-border-communities.md"


@pytest.mark.parametrize(
    ("file", "words", "block"),
    [
        (BORDERS, "title:", "2024-07-26-border-communities"),
        (FIGURES, "figure-countries:", "figure-countries"),
        (FIGURES, "label: countries", "figure-countries"),
        (ISSUE, "subject: How", "inbox"),
        (ISSUE, "preheader: Plus", "inbox"),
        (ISSUE, "Dear {first_name", "intro"),
        (ISSUE, "heading: News", "section:2"),
        (ISSUE, "send_at:", ""),
        ("templates/parts/head.mjml.j2", "mj-title", ""),
    ],
)
def test_a_place_in_a_file_leads_to_a_block(july: Selection, file: str, words: str, block: str) -> None:
    """Entries by their file and line, headings by their section, subject and preheader in the inbox."""
    assert block_of(Finding("X", Severity.NOTE, "x", Place(file, line(file, words), 12)), july) == block


def test_a_finding_that_names_its_entry_needs_no_place(july: Selection) -> None:
    """A rule about the rendered email knows the entry, and the template that made it."""
    finding = Finding("X", Severity.NOTE, "x", Place("templates/layouts/map.mjml.j2", 3, 1), entry="bomca")
    assert block_of(finding, july) == "bomca"


def test_a_section_without_entries_is_no_block(july: Selection) -> None:
    """It is left out of the email, so that no button leads to it."""
    sections = tuple(replace(one, chosen=()) if one.plan.heading == "News" else one for one in july.sections)
    finding = Finding("SEC001", Severity.WARNING, "x", Place(ISSUE, line(ISSUE, "heading: News"), 5))
    assert block_of(finding, replace(july, sections=sections)) == ""
