"""Whoever follows the pages comes to no dead end: their links lead somewhere, and every picture is shown."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
SHOWN = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


@cache
def words(page: Path) -> str:
    """Return a page without its examples."""
    return re.sub(r"(?ms)^ *```.*?^ *```$|`[^`\n]+`", "", page.read_text(encoding="utf-8"))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the names by which links lead to a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", words(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)
    return frozenset([*plain, *re.findall(r'<a id="([^"]+)"', words(page))])


def links(page: Path) -> list[str]:
    """Return where the links and pictures of a page lead, unless that is another site."""
    found = (link or source for link, source in SHOWN.findall(words(page)))
    return [link for link in found if not link.startswith(("https://", "http://"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    """Files and headings get other names, and the pages that lead there are others."""
    lost = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_every_picture_is_shown_by_a_page() -> None:
    """What nobody sees need not be taken anew with each change of the email."""
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page)}
    assert [str(file) for file in sorted((ROOT / "docs" / "images").rglob("*.png")) if file not in shown] == []
