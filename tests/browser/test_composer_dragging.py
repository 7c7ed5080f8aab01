"""Entries dragged to their place in the composer, by a mouse that takes its time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.studio import FORUM, PLAN, START_UPS, YOUTH, in_news, opened
from tests.waiting import settles

pytestmark = pytest.mark.browser


def drag(page: Any, entry: str, onto: str) -> None:
    """Take one of the news by its grip and hold it where another one is."""
    to = in_news(page).index(onto)
    start, end = (page.locator(place).bounding_box() for place in (f'[id="in-{entry}"] .grip', f'[id="in-{onto}"]'))
    page.mouse.move(start["x"] + 8, start["y"] + start["height"] / 2)
    page.mouse.down()

    def reached() -> int:
        # While the others make room, the list takes no notice of the mouse.
        for part in (0.4, 0.5, 0.6):
            page.mouse.move(end["x"] + 40, end["y"] + end["height"] * part)
        return in_news(page).index(entry)

    settles(reached, to)


def test_entries_are_dragged_to_their_place(browser: Any, desk: tuple[Path, str]) -> None:
    """One drop is one change of the file, which undo takes back; dropped where it was, nothing changes."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07")
    before = (folder / PLAN).read_bytes()
    drag(page, START_UPS, YOUTH)
    page.mouse.up()
    page.wait_for_selector("text=is number 3 of 3")
    assert in_news(page) == [FORUM, YOUTH, START_UPS]
    assert page.evaluate("document.activeElement.closest('.row').id") == f"in-{START_UPS}"
    once = (folder / PLAN).read_bytes()
    drag(page, YOUTH, YOUTH)
    page.mouse.up()
    assert (folder / PLAN).read_bytes() == once
    page.click("#undo button")
    page.wait_for_selector("text=Taken back")
    assert (folder / PLAN).read_bytes() == before
    assert in_news(page) == [START_UPS, FORUM, YOUTH]
    page.context.close()


def test_what_is_dragged_stays_in_the_hand_while_files_change(browser: Any, desk: tuple[Path, str]) -> None:
    """A colleague's change is shown after the drop, and neither takes the other back."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07")
    drag(page, YOUTH, FORUM)
    entry = next((folder / "issues").glob(f"**/{FORUM}.md"))
    words = entry.read_text(encoding="utf-8").replace("title: ", "title: Told anew, ", 1)
    listen = "new EventSource('/changes').onmessage = event => { window.told = JSON.parse(event.data).revision }"
    page.evaluate(f"() => {{ {listen} }}")
    settles(lambda: page.evaluate("window.told === document.body.dataset.revision"), True)
    entry.write_text(words, encoding="utf-8")
    settles(lambda: page.evaluate("window.told === document.body.dataset.revision"), False)
    # Whatever the page has asked for by now would have come before these.
    for _ in range(3):
        page.evaluate("fetch(location.href).then(answer => answer.text())")
    assert page.locator("text=Told anew").count() == 0
    page.mouse.up()
    page.wait_for_selector("text=is number 2 of 3")
    page.wait_for_selector("text=Told anew")
    assert in_news(page) == [START_UPS, YOUTH, FORUM]
    page.context.close()


def test_what_cannot_be_moved_goes_back_to_its_place(browser: Any, desk: tuple[Path, str]) -> None:
    """Where the composer does not answer, the list shows what the file says."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07")
    page.route("**/move", lambda route: route.abort())
    before = (folder / PLAN).read_bytes()
    drag(page, START_UPS, YOUTH)
    page.mouse.up()
    page.wait_for_selector("#gone:not([hidden])")
    settles(lambda: in_news(page), [START_UPS, FORUM, YOUTH])
    assert (folder / PLAN).read_bytes() == before
    page.context.close()
