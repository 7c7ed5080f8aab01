"""What a web site has published, taken in a real browser: by keyboard, at a slow site, on every screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.studio import composed, opened
from tests.content.sources.website import Website, picture, website
from tests.waiting import settles

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung"


@pytest.fixture
def site() -> Iterator[Website]:
    """A web site on this machine with two news."""
    with website() as made:
        items = "".join(
            f"<item><title>{title}</title><link>/{number}</link><pubDate>Fri, 02 Aug 2024 10:00:00 GMT</pubDate>"
            f"<description>What it says about {title}.</description></item>"
            for number, title in enumerate(("New pumps", LONG))
        )
        made.put("/feed", f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>', "text/xml")
        made.put("/talks", '<title>Talks in Vienna</title><meta property="og:image" content="/talks.png">')
        made.put("/talks.png", picture(), "image/png")
        yield made


@pytest.fixture
def desk(tmp_path: Path, site: Website) -> Iterator[tuple[Path, str]]:
    """A newsletter whose settings name the web site: its folder and the composer's address."""
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        settings = folder / "pyproject.toml"
        section = f'\n[tool.newsletter.sources.website]\nurl = "{site.address}/feed"\nprivate = true\n'
        settings.write_text(settings.read_text(encoding="utf-8") + section, encoding="utf-8")
        yield folder, address


def test_what_is_new_is_taken_by_keyboard(browser: Any, desk: tuple[Path, str]) -> None:
    """The focus stays in the row, whose button leads to the entry now."""
    folder, address = desk
    page = opened(browser, address, "/fetch")
    page.focus("#look .button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#offers")
    assert page.locator("#offers .name").all_inner_texts() == ["New pumps", LONG]
    page.locator("#offers .button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#offers a.button")
    written = (folder / "issues/entries/news/2024-08-02-new-pumps.md").read_text(encoding="utf-8")
    assert "\nsummary: What it says about New pumps.\n" in written
    settles(
        lambda: page.evaluate("document.activeElement.closest('[data-row]')?.querySelector('.name').textContent"),
        "New pumps",
    )
    page.locator("#offers a.button").click()
    settles(lambda: page.input_value("#f-title"), "New pumps")
    page.context.close()


def test_a_page_that_takes_its_time_is_waited_for(browser: Any, desk: tuple[Path, str], site: Website) -> None:
    """The button says what it does, and the entry opens with its picture."""
    _, address = desk
    page = opened(browser, address, "/fetch")
    site.hold = threading.Event()
    page.fill("#address", f"{site.address}/talks")
    page.press("#address", "Enter")
    settles(lambda: page.get_attribute("#from-page .button", "aria-busy"), "true")
    assert page.inner_text("#status") == "Reading the page …"
    site.hold.set()
    settles(
        lambda: page.input_value("#f-image-src") if page.query_selector("#f-image-src") else "",
        "images/talks-in-vienna.png",
    )
    page.go_back()
    page.fill("#address", f"{site.address}/none")
    page.press("#address", "Enter")
    page.wait_for_selector("#told .bad")
    assert f"{site.address}/none cannot be read. There is no such page." in page.inner_text("#told")
    assert page.input_value("#address") == f"{site.address}/none"
    assert page.get_attribute("#from-page .button", "aria-busy") is None
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_offers_are_accessible_and_fit_every_screen(browser: Any, desk: tuple[Path, str], scheme: str) -> None:
    """No violation by axe, and no sideways scroll, however long a word is."""
    _, address = desk
    page = opened(browser, address, "/fetch", color_scheme=scheme)
    page.click("#look .button")
    page.wait_for_selector("#offers")
    page.locator("#offers form .button").first.click()
    page.wait_for_selector("#offers a.button")
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    page.set_viewport_size({"width": 1280, "height": 3000})
    assert axe.violations(page, axe.source()) == []
    page.context.close()
