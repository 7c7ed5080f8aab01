"""The composer's pages keep their place on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_composer import START_UPS, desk, opened

__all__ = ["desk"]
pytestmark = pytest.mark.browser


def test_beside_the_email_only_the_work_scrolls(browser: Any, desk: tuple[Path, str]) -> None:
    """The bar stays where it is, and below the end of a form there is no empty page."""
    page = opened(browser, desk[1], f"/entries/{START_UPS}?issue=2024-07", viewport={"width": 1280, "height": 600})
    page.locator(".upload").wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") == 600
    page.context.close()
