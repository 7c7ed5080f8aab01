"""Where the focus of the composer's pages is for whoever works by keyboard, or hears them read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.studio import YOUTH, opened
from tests.browser.test_composer_typing import colleague, slowly
from tests.waiting import settles

pytestmark = pytest.mark.browser
HERE = """() => {
    const place = selector => document.querySelector(selector)?.getBoundingClientRect();
    const {id} = document.activeElement, {top, bottom} = document.activeElement.getBoundingClientRect();
    const end = document.activeElement.closest('.saves') ? innerHeight : place('#entry > .saves')?.top ?? innerHeight;
    return [id, top < (place('.tabs')?.bottom ?? 0) || bottom > end];
}"""


@pytest.mark.parametrize("answer_after", [0, 900])
def test_the_focus_goes_to_the_neighbour_of_what_was_left_out(
    browser: Any, desk: tuple[Path, str], answer_after: int
) -> None:
    """With the keyboard nobody begins at the top of the page after each press, even if the file tells first."""
    _, address = desk
    page = opened(browser, address, "/issues/2024-07")
    slowly(page, after=answer_after)
    page.focus(f'[id="in-{YOUTH}"] summary')
    page.keyboard.press("Enter")
    page.fill(f'[id="in-{YOUTH}"] input[name=reason]', "told before")
    page.keyboard.press("Enter")
    page.locator(f'[id="out-{YOUTH}"]').wait_for()
    neighbour = "in-2024-07-19-mediterranean-forum"
    page.wait_for_function("id => document.activeElement.closest('li')?.id === id", arg=neighbour, timeout=5000)
    page.context.close()


def test_the_focus_goes_to_the_heading_of_another_page(browser: Any, desk: tuple[Path, str]) -> None:
    """Screen readers begin to read there."""
    _, address = desk
    page = opened(browser, address, "/")
    page.focus("#name")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-entries")
    page.wait_for_function("() => document.activeElement.tagName === 'H1'", timeout=5000)
    page.context.close()


def test_a_heading_keeps_the_focus_while_the_page_follows_the_files(browser: Any, desk: tuple[Path, str]) -> None:
    """Whoever is being read a page is not sent back to its top by a colleague's save."""
    folder, address = desk
    page = opened(browser, address, "/")
    page.wait_for_function("() => document.body.dataset.revision")
    page.locator('a[href="/issues/2024-07"]').first.press("Enter")
    page.wait_for_function("() => document.activeElement.tagName === 'H1'", timeout=5000)
    before = page.evaluate("document.body.dataset.revision")
    colleague(folder, "subject", "Changed by a colleague")
    page.wait_for_function("before => document.body.dataset.revision !== before", arg=before)
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.context.close()


def test_the_focus_stays_at_the_section_that_was_changed(browser: Any, desk: tuple[Path, str]) -> None:
    """Its sheet closes; who works by keyboard goes on from there, not from the top."""
    _, address = desk
    page = opened(browser, address, "/issues/2024-07")
    page.focus("#section-3 summary")
    page.keyboard.press("Enter")
    page.fill("#s2-heading", "What happened")
    page.keyboard.press("Enter")
    page.locator("#part-3 h3", has_text="What happened").wait_for()
    settles(lambda: page.evaluate("document.activeElement.closest('details')?.id"), "section-3")
    page.context.close()


def test_links_say_where_they_lead_after_the_page_has_changed(browser: Any, desk: tuple[Path, str]) -> None:
    """A link that was pressed does not stay on the next page in the place of another, with its own words."""
    _, address = desk
    page = opened(browser, address, "/entries")
    page.click("text=From the web")
    page.wait_for_selector("h1 >> text=From the web")
    assert page.inner_text(".head a") == "All entries"
    page.wait_for_function("() => document.activeElement.tagName === 'H1'", timeout=5000)
    page.context.close()


def test_the_way_back_from_an_entry_leads_to_the_heading_of_its_issue(browser: Any, desk: tuple[Path, str]) -> None:
    """The focus does not go with a link into another one that is not seen."""
    _, address = desk
    page = opened(browser, address, f"/entries/{YOUTH}?issue=2024-07")
    page.locator("text=Back to 2024-07").press("Enter")
    page.wait_for_selector("#panel-entries")
    page.wait_for_function("() => document.activeElement.tagName === 'H1'", timeout=5000)
    assert page.locator(".to-email a").text_content() == "To the email"
    page.context.close()


def test_what_is_wrong_in_an_entry_is_typed_over_at_once(browser: Any, desk: tuple[Path, str]) -> None:
    """“Change it” leads into the field of the form, which says what was found."""
    folder, address = desk
    file = folder / f"issues/entries/news/{YOUTH}.md"
    file.write_text(file.read_text("utf-8").replace("summary: ", "summary: \u200b", 1), "utf-8")
    page = opened(browser, address, "/issues/2024-07?panel=checks")
    page.locator(".finding", has_text="EDT025").get_by_text("Change it").click()
    settles(lambda: page.evaluate("document.activeElement.id"), "f-summary")
    assert page.inner_text("#no-summary").startswith("The text has an invisible character")
    page.context.close()


def test_what_is_shown_in_the_inbox_is_told(browser: Any, desk: tuple[Path, str]) -> None:
    """A screen reader does not hear that what has just been shown cannot be found; a page alone says nothing of it."""
    folder, address = desk
    colleague(folder, "preheader", "x" * 130)
    page = opened(browser, address, "/issues/2024-07?panel=checks")
    page.locator(".finding", has_text="EDT005").get_by_text("Show in the email").click()
    settles(lambda: page.text_content("#status"), "It is shown as inboxes show it")
    assert page.is_checked("#mode-inbox")
    page.goto(f"{address.partition('/?')[0]}/entries/{YOUTH}?issue=2024-07")
    page.locator("#mark").wait_for()
    assert page.text_content("#status") == ""
    page.context.close()


@pytest.mark.parametrize(
    ("path", "first", "last", "key"),
    [
        (f"/entries/{YOUTH}?issue=2024-07", "f-title", "f-body", "Tab"),
        ("/issues/2024-07?panel=words", "languages", "subject", "Shift+Tab"),
    ],
)
def test_on_a_phone_no_bar_covers_what_has_the_focus(
    browser: Any, desk: tuple[Path, str], path: str, first: str, last: str, key: str
) -> None:
    """Neither that of the steps, on the way back, nor that with the button; nor any line of a longer field."""
    page = opened(browser, desk[1], path, viewport={"width": 375, "height": 667})
    page.focus(f"#{first}")
    covered = set()
    while (here := page.evaluate(HERE))[0] != last:
        page.keyboard.press(key)
        covered |= {here[0]} if here[1] else set()
    assert covered == set()
    page.context.close()
