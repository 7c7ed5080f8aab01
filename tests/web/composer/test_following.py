from __future__ import annotations

import re

import pytest

from newsletter.web.composer.desk import Desk, Look
from tests.web.composer.studio import WELLS, Studio


def revision(page: str) -> str:
    """Return the state of the files that a page says it shows."""
    found = re.search(r'<body [^>]*data-revision="([^"]*)"', page)
    assert found
    return found[1]


def test_what_changes_while_a_page_is_made_is_fetched_later(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git writes many files one after the other; a page that took the last state for its own would stay as it is."""
    look = Desk.look

    def meanwhile(desk: Desk, name: str) -> Look:
        seen = look(desk, name)
        studio.write("issues/entries/news/wells.md", WELLS.replace("get new wells", "get old wells"))
        return seen

    monkeypatch.setattr(Desk, "look", meanwhile)
    page = studio.show("/issues/2024-07")
    assert "get new wells" in page
    monkeypatch.undo()
    assert revision(page) != revision(studio.show("/issues/2024-07"))


@pytest.mark.parametrize("path", ["/", "/entries/none", "/nowhere", "/issues/2024-07/file", "/entries/wells/file"])
def test_a_page_whose_files_have_not_changed_is_not_fetched_again(studio: Studio, path: str) -> None:
    """A page that said nothing would be fetched twice, and one about what is missing would say so twice."""
    assert revision(studio.browser.get(path).text) == revision(studio.show("/issues/2024-07"))
