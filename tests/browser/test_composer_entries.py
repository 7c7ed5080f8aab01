"""An entry as a form: by keyboard, and without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.studio import START_UPS, opened, shows
from tests.waiting import settles

pytestmark = pytest.mark.browser

FILE = Path(f"issues/entries/news/{START_UPS}.md")
IN_SIGHT = """() => {
    const [desk, mark] = ['desk', 'mark'].map(id => document.getElementById(id).getBoundingClientRect());
    return desk.top <= mark.top && mark.bottom <= desk.bottom;
}"""
AROUND = """() => {
    const mark = document.getElementById('mark').getBoundingClientRect();
    const inner = document.getElementById('live').contentDocument;
    const block = inner.querySelector('[data-newsletter-block~="2024-07-20-a-bridge-across-the-river"]');
    const {height} = block.getBoundingClientRect(), whole = [...inner.images].every(image => image.complete);
    return whole && mark.height === height && inner.documentElement.scrollHeight === inner.documentElement.clientHeight;
}"""
PICTURE = "image: {src: images/diaspora-hub.png"


def pictured(folder: Path) -> Path:
    """Give an entry a picture of which nobody says what it shows, and return its file."""
    path = folder / FILE
    path.write_text(path.read_text("utf-8").replace("summary:", f"{PICTURE}}}\nsummary:", 1), "utf-8")
    return path


def test_a_picture_is_made_decoration_by_keyboard(browser: Any, desk: tuple[Path, str]) -> None:
    """From the remark about a missing text to its field, and on to the box that says that there need be none."""
    folder, address = desk
    path = pictured(folder)
    page = opened(browser, address, "/issues/2024-07?panel=checks")
    page.locator(".finding", has_text="IMG001").locator("a", has_text="Change it").press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'f-image-alt'")
    page.keyboard.press("Tab")
    assert page.locator("#f-image-decoration").evaluate("box => box === document.activeElement")
    page.keyboard.press("Space")
    page.keyboard.press("Control+s")
    settles(lambda: f'{PICTURE}, alt: ""}}\n' in path.read_text("utf-8"), True)
    page.wait_for_selector(".said")
    assert page.is_checked("#f-image-decoration")
    assert page.locator("#no-image").count() == 0
    page.context.close()


def test_a_picture_is_made_decoration_without_scripts(browser: Any, desk: tuple[Path, str]) -> None:
    """And is none any more as soon as the tick is gone."""
    folder, address = desk
    path = pictured(folder)
    page = opened(browser, address, f"/entries/{START_UPS}", java_script_enabled=False)
    for ticked, written in ((True, f'{PICTURE}, alt: ""}}\n'), (False, f"{PICTURE}}}\n")):
        page.set_checked("#f-image-decoration", ticked)
        page.locator("#entry .saves button").click()
        assert written in path.read_text("utf-8")
        assert page.is_checked("#f-image-decoration") is ticked
    page.context.close()


def test_a_preheader_that_lacks_is_written_where_the_remark_leads(browser: Any, desk: tuple[Path, str]) -> None:
    """Not into the subject above it."""
    folder, address = desk
    plan = folder / "issues/2024-07/issue.yaml"
    lines = plan.read_text("utf-8").splitlines(keepends=True)
    plan.write_text("".join(line for line in lines if not line.startswith("preheader:")), "utf-8")
    page = opened(browser, address, "/issues/2024-07?panel=checks")
    page.locator(".finding", has_text="EDT004").locator("a", has_text="Change it").click()
    page.wait_for_function("() => document.activeElement.id === 'preheader'")
    page.context.close()


def test_an_entry_that_is_ready_is_shown_in_the_email(browser: Any, desk: tuple[Path, str]) -> None:
    """As a draft it had no place there; the mark is around its picture, too, which comes later than its words."""
    _, address = desk
    page = opened(browser, address, "/entries?issue=2024-07&type=news")
    page.fill("#title", "A bridge across the river")
    page.fill("#date", "2024-07-20")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-summary")
    page.fill("#f-url", "https://www.example.org/bridge")
    page.fill("#f-image-src", "images/diaspora-hub.png")
    page.select_option("#f-status", "ready")
    page.keyboard.press("Control+s")
    shows(page, "A bridge across the river")
    page.locator("#mark").wait_for()
    settles(lambda: page.evaluate(IN_SIGHT), True)
    settles(lambda: page.evaluate(AROUND), True)
    page.context.close()


@pytest.mark.parametrize("press", ["#delete button", "#undo button"])
def test_what_is_typed_and_not_saved_goes_with_no_draft_unasked(
    browser: Any, desk: tuple[Path, str], press: str
) -> None:
    """Whether that is deleted or undone: it stands in no file, so nothing would bring it back."""
    folder, address = desk
    page = opened(browser, address, "/entries")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.fill("#title", "Begun by mistake")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-summary")
    (path,) = (folder / "issues/entries").rglob("*begun-by-mistake.md")
    page.fill("#f-summary", "A whole afternoon's work.")
    page.evaluate("document.querySelector('#deleting').open = true")
    page.click(press)
    settles(lambda: len(asked), 1)
    assert asked[0].startswith("What you have typed is not saved, and would be lost. ")
    assert (path.exists(), page.input_value("#f-summary")) == (True, "A whole afternoon's work.")
    page.focus("#f-summary")
    page.keyboard.press("Control+s")
    settles(lambda: "A whole afternoon" in path.read_text("utf-8"), True)
    page.wait_for_selector(".said >> text=Saved.")
    page.evaluate("document.querySelector('#deleting').open = true")
    page.click("#delete button")
    settles(path.exists, False)
    assert len(asked) == 1
    page.context.close()
