"""The page of the settings in a real browser: in the head of every page, on every screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.studio import opened
from tests.browser.test_composer_readers import looks_right

pytestmark = pytest.mark.browser


def test_a_team_looks_at_its_settings(browser: Any, desk: tuple[Path, str]) -> None:
    """Colours are seen in spite of the page's policy, and what others answer stands below what was known at once."""
    script = axe.source()
    page = opened(browser, desk[1], "/")
    page.click("nav a[href='/settings']")
    page.wait_for_selector("#ask")
    color = page.locator(".swatch rect").evaluate("rect => getComputedStyle(rect).fill")
    assert color == "rgb(0, 75, 135)"
    looks_right(page, script)
    page.locator("#what-is-well summary").press("Enter")
    page.locator("#ask .button").press("Enter")
    page.get_by_text("example.org is an example that nobody can send from").wait_for()
    looks_right(page, script)
    page.context.close()


def test_without_scripts_it_asks_as_well(browser: Any, desk: tuple[Path, str]) -> None:
    """By its form alone."""
    page = opened(browser, desk[1], "/settings", java_script_enabled=False)
    page.click("#ask .button")
    page.get_by_text("example.org is an example that nobody can send from").wait_for()
    page.context.close()
