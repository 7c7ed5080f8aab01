"""The last step in a real browser: what somebody typed counts for what stood above it, and for nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsletter import config, store
from tests.browser.studio import opened, run, send
from tests.browser.test_composer_typing import colleague
from tests.waiting import settles

SEND = "/issues/2024-07?panel=send"
pytestmark = pytest.mark.browser


def test_a_number_that_was_typed_below_another_sentence_is_gone(browser: Any, desk: tuple[Path, str]) -> None:
    """Whatever has the focus: a colleague has changed the issue, and nobody has read it since."""
    folder, address = desk
    subscribed(folder)
    page = opened(browser, address, SEND)
    for focus, subject in (("#count", "Another subject"), ("#first", "And another one")):
        page.fill("#count", "12")
        page.focus(focus)
        colleague(folder, "subject", subject)
        page.locator("#sentence", has_text=subject).wait_for()
        settles(lambda: page.input_value("#count"), "")
    page.fill("#count", "12")
    page.wait_for_timeout(1000)
    assert page.input_value("#count") == "12"
    page.context.close()


def test_a_number_that_was_refused_with_its_sentence_is_typed_again(browser: Any, desk: tuple[Path, str]) -> None:
    """Pressed once more it would send what the page has come to show meanwhile."""
    folder, address = desk
    subscribed(folder)
    page = opened(browser, address, SEND)
    page.fill("#count", "12")
    page.route("**/send?*", lambda route: (colleague(folder, "subject", "Another subject"), route.continue_()))
    page.click("#send button")
    page.get_by_text("The issue has changed since the page was shown").wait_for()
    page.locator("#sentence", has_text="Another subject").wait_for()
    settles(lambda: page.input_value("#count"), "")
    assert not (folder / ".newsletter/outbox/2024-07").exists()
    page.context.close()


def test_without_scripts_an_issue_is_sent_too(browser: Any, desk: tuple[Path, str]) -> None:
    """The number is typed, the button pressed, the page opened anew by hand; going back shows what became of it."""
    folder, address = desk
    subscribed(folder)
    page = opened(browser, address, SEND, java_script_enabled=False)
    page.fill("#count", "12")
    page.click("#send button")
    page.wait_for_url("**?panel=report")
    # Chromium refuses to reload a page that it is still putting in the place of the one before.
    settles(lambda: (page.goto(page.url), page.get_by_text("Sent", exact=True).count())[1], 1)
    page.go_back()
    assert "nothing is left to send" in page.locator("#panel-send").inner_text()
    assert len(list((folder / ".newsletter/outbox/2024-07").glob("*.eml"))) == 12
    page.context.close()


def test_on_a_phone_the_step_that_is_open_is_seen(browser: Any, desk: tuple[Path, str]) -> None:
    """The last of them has no room beside the others."""
    folder, address = desk
    send(folder)
    page = opened(browser, address, "/issues/2024-07?panel=report", viewport={"width": 375, "height": 800})
    box = page.locator("#tab-report").bounding_box()
    assert box["x"] + box["width"] <= 375
    page.context.close()


def test_what_is_being_corrected_outlives_a_look_at_the_files(browser: Any, desk: tuple[Path, str]) -> None:
    """What somebody has written and ticked stays while the page follows the mailing and the files."""
    folder, address = desk
    send(folder)
    colleague(folder, "subject", "Another subject")
    page = opened(browser, address, "/issues/2024-07?panel=report")
    page.fill("#correction", "It was another subject.")
    page.check("#slip")
    colleague(folder, "subject", "And another one")
    page.locator("#panel-report").get_by_text("And another one").first.wait_for()
    assert page.input_value("#correction") == "It was another subject."
    assert page.is_checked("#slip")
    page.context.close()


def test_a_page_that_takes_its_time_shows_how_far_it_is(browser: Any, desk: tuple[Path, str]) -> None:
    """Counting a million takes seconds: the page asks again when it has its answer, and not before."""
    folder, address = desk
    send(folder)
    under_way(folder, 3)
    page = opened(browser, address, "/issues/2024-07?panel=report")
    page.clock.install()
    slowly = []
    page.route("**/issues/2024-07?panel=report", lambda route: (slowly.append(route), later(page, route)))
    progress = page.locator("progress[data-moving]")
    assert progress.get_attribute("value") == "3"
    under_way(folder, 6)
    settles(lambda: progress.get_attribute("value"), "6", seconds=90)
    # It asks again after five times as long as the answer took.
    page.clock.fast_forward(15_000)
    under_way(folder, 9)
    settles(lambda: progress.get_attribute("value"), "9", seconds=90)
    assert 2 <= len(slowly) <= 4
    page.context.close()


def later(page: Any, route: Any) -> None:
    """Let the server answer after three seconds."""
    page.wait_for_timeout(3000)
    route.continue_()


def under_way(folder: Path, done: int) -> None:
    """Leave the mailing in the middle, with so many accepted."""
    with store.open_database(config.load(folder)) as database, database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailings SET state = 'sending'")
        have_it = f"subscriber_id < (SELECT min(subscriber_id) FROM deliveries) + {done}"
        state = f"CASE WHEN {have_it} THEN 'accepted' ELSE 'pending' END"
        connection.exec_driver_sql(f"UPDATE deliveries SET state = {state}")


def subscribed(folder: Path) -> None:
    """Bring twelve people onto the list."""
    run(folder, "subscribers", "import", str(folder / "issues/subscribers.csv"), "--list", "monthly")
