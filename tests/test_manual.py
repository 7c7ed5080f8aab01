"""The manual comes along with the program, and every page of it can be read by whoever has nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter import manual
from newsletter.errors import NotFound
from newsletter.web.composer.helping import drawn

DOCS = Path(__file__).parents[1] / "docs"
OF_THE_PROGRAM = {"clients", "comparisons", "mjml-conformance"}
"""Pages for whoever works on it."""


def test_every_page_for_a_team_is_in_the_manual() -> None:
    """A new page is forgotten easily."""
    assert {path.stem for path in DOCS.glob("*.md")} == {*manual.pages(), *OF_THE_PROGRAM}


@pytest.mark.parametrize("page", manual.pages().values(), ids=lambda page: page.name)
def test_a_page_says_what_it_is_about_and_shows_no_picture(page: manual.Page) -> None:
    """Pictures are not packed: nothing of them is left, not even the words that speak of them."""
    assert page.title
    assert re.fullmatch(r"[^`*\[\]]{20,250}", page.lead)
    without_examples = re.sub(r"(?ms)^ *```.*?^ *```$|`[^`\n]+`", "", page.text)
    assert not re.search(r"<img|!\[|of pictures", without_examples)


@pytest.mark.parametrize("page", manual.pages().values(), ids=lambda page: page.name)
def test_links_of_the_manual_lead_to_headings_of_it(page: manual.Page) -> None:
    """What lies in the repository alone is no link here."""
    links = re.findall(r'<a href="([^"]+)"', drawn(page.text))
    for link in links:
        if not link.startswith("https://"):
            path, _, anchor = link.partition("#")
            there = manual.pages()[path.removeprefix("/help/")] if path else page
            assert not anchor or f'id="{anchor}"' in drawn(there.text), link


def test_a_page_is_found_by_its_file_too_and_a_slip_is_told() -> None:
    """People copy the name from a link."""
    assert manual.page("docs/Approval.md") is manual.page("approval")
    with pytest.raises(NotFound) as caught:
        manual.page("aproval")
    assert (caught.value.message, caught.value.fix) == (
        "there is no page 'aproval'; did you mean 'approval'?",
        "newsletter docs approval",
    )


def test_without_anything_to_press_links_name_their_pages() -> None:
    """As a terminal shows them."""
    page = manual.Page(
        "a", "A", "# A\n\nSee [below](#later) and [the rules](rules.md#sec003), or [MJML](https://mjml.io).\n"
    )
    assert page.without_anchors == "# A\n\nSee below and [the rules](rules), or [MJML](https://mjml.io).\n"
