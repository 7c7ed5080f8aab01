"""A real browser, where this machine has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.studio import composed

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, started once; tests that ask for it are skipped aloud where there is none.

    It goes down with the last test of a file: while Playwright runs, no other event loop can.
    """
    path = os.environ.get("NEWSLETTER_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("NO CHROMIUM ON THIS MACHINE: pages are not looked at (Debian: chromium-headless-shell)")
    playwright = pytest.importorskip("playwright.sync_api", reason="PLAYWRIGHT IS MISSING: pages are not looked at")
    with playwright.sync_playwright() as driver:
        # Root in a container may not use Chromium's sandbox; the pages are our own.
        chromium = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--font-render-hinting=none"])
        yield chromium
        chromium.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A newsletter of one's own: its folder and the composer's address."""
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        yield folder, address
