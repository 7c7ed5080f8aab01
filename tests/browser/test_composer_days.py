"""Days are typed, or chosen in the browser's own calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.studio import PLAN, START_UPS, opened
from tests.waiting import settles

pytestmark = pytest.mark.browser
TOMORROW = "new Date(Date.now() + 864e5).toLocaleDateString('sv')"


def choose_the_next(page: Any, field: str) -> None:
    """Open the calendar of a field by keyboard, and choose the day after the one at which it opens."""
    page.focus(f'[data-day="{field}"]')
    for key in ("Enter", "ArrowRight", "Enter"):
        page.keyboard.press(key)


@pytest.mark.parametrize(
    ("written", "then"),
    [("2024-07-23", "2024-07-24"), ("2024-07-23T18:00", "2024-07-24T18:00"), ("23 July", ""), ("", "")],
)
def test_a_day_is_chosen_in_a_calendar(browser: Any, desk: tuple[Path, str], written: str, then: str) -> None:
    """It opens at the day that stands there, of which the time stays; what is no day is written over."""
    folder, address = desk
    page = opened(browser, address, f"/entries/{START_UPS}")
    then = then or page.evaluate(TOMORROW)
    page.fill("#f-embargo", written)
    choose_the_next(page, "f-embargo")
    settles(lambda: page.input_value("#f-embargo"), then)
    assert page.text_content("#status") == then
    page.keyboard.press("Control+s")
    file = folder / f"issues/entries/news/{START_UPS}.md"
    settles(lambda: f"\nembargo: {then}\n" in file.read_text("utf-8").replace('"', ""), True)
    page.context.close()


@pytest.mark.parametrize(
    ("written", "then"), [("2024-07-29T11:30", "2024-07-30T11:30"), ("2024-07-29", "2024-07-30"), ("", "T09:00")]
)
def test_the_day_on_which_an_issue_goes_out_is_saved_when_it_is_chosen(
    browser: Any, desk: tuple[Path, str], written: str, then: str
) -> None:
    """With a time in the morning where none was written: a day alone would mean its first second."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07?panel=words")
    then = page.evaluate(TOMORROW) + then if then.startswith("T") else then
    page.fill("#send_at", written)
    choose_the_next(page, "send_at")
    settles(lambda: page.input_value("#send_at"), then)
    settles(lambda: f"send_at: {then}" in (folder / PLAN).read_text("utf-8").replace('"', ""), True)
    page.context.close()


@pytest.mark.parametrize("written", ["2024-07-29T11:30", "29 July", ""])
def test_a_day_that_keys_only_pass_in_the_calendar_is_not_taken(
    browser: Any, desk: tuple[Path, str], written: str
) -> None:
    """Whoever leaves it without a choice finds the field as it was; words that are saved as they are typed stay so."""
    _, address = desk
    page = opened(browser, address, f"/entries/{START_UPS}")
    page.fill("#f-embargo", written)
    page.evaluate("addEventListener('input', event => { if (event.target.type === 'date') window.passed = true; })")
    page.focus('[data-day="f-embargo"]')
    for key in ("Enter", "ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_function("window.passed")
    assert page.input_value("#f-embargo") == written
    page.keyboard.press("Escape")
    assert page.input_value("#f-embargo") == written
    page.context.close()


def test_a_day_that_is_refused_leaves_the_focus_at_its_calendar(browser: Any, desk: tuple[Path, str]) -> None:
    """Whoever goes on from what they have mistyped to the calendar is not taken back out of it by the answer."""
    page = opened(browser, desk[1], "/issues/2024-07?panel=words")
    page.fill("#send_at", "29 July")
    page.keyboard.press("Tab")
    page.locator("#no-send_at").wait_for()
    settles(lambda: page.evaluate("document.activeElement.dataset.day"), "send_at")
    page.context.close()


def test_without_scripts_a_day_is_typed(browser: Any, desk: tuple[Path, str]) -> None:
    """There is no button that would do nothing."""
    page = opened(browser, desk[1], f"/entries/{START_UPS}", java_script_enabled=False)
    assert page.locator(".calendar").first.is_visible() is False
    page.fill("#f-embargo", "2024-07-23")
    page.locator("#entry .saves button").click()
    assert page.input_value("#f-embargo") == "2024-07-23"
    page.context.close()
