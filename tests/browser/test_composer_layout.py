"""The composer's pages keep their place on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.studio import FORUM, START_UPS, opened

pytestmark = pytest.mark.browser


def test_beside_the_email_only_the_work_scrolls(browser: Any, desk: tuple[Path, str]) -> None:
    """The bar stays where it is, and below the end of a form there is no empty page."""
    page = opened(browser, desk[1], f"/entries/{START_UPS}?issue=2024-07", viewport={"width": 1280, "height": 600})
    page.locator(".upload").wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") == 600
    page.context.close()


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 18, 18)")])
def test_what_is_said_in_the_place_of_the_email_is_read_in_the_dark_too(
    browser: Any, desk: tuple[Path, str], scheme: str, ground: str
) -> None:
    """Its words are light there, and the frame behind them is white."""
    folder, address = desk
    (folder / "issues/entries/news/broken.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    page = opened(browser, address, "/issues/2024-07", color_scheme=scheme)
    said = page.frame_locator("#live").get_by_text("Nothing to show yet.")
    assert said.evaluate("element => getComputedStyle(element.ownerDocument.documentElement).backgroundColor") == ground
    page.context.close()


def test_a_long_word_of_what_can_be_taken_back_ends_where_the_bar_ends(browser: Any, desk: tuple[Path, str]) -> None:
    """It is cut off, and stands at the edge all the same."""
    page = opened(browser, desk[1], "/issues/2024-07")
    page.locator(f'[id="menu-{FORUM}"] summary').click()
    page.locator(f'[id="why-{FORUM}"]').fill("told last month")
    page.keyboard.press("Enter")
    box = page.locator("#undo button").bounding_box()
    assert box["x"] + box["width"] == 1280 - 24
    page.context.close()
