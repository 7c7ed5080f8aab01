"""Typing in the composer while other things happen: a slow save, a colleague, the back button, a new start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import forking
from tests.browser.studio import PLAN, YOUTH, composed, hurry, opened
from tests.waiting import settles

WORDS = "/issues/2024-07?panel=words"
# A function, because what is none would be evaluated anew at each look, which the pages forbid.
SHOWN = "() => document.body.dataset.revision && document.querySelector('#live').contentDocument.body"
pytestmark = pytest.mark.browser


@contextmanager
def again(folder: Path, port: str) -> Iterator[str]:
    """Start the composer once more where it was, at the address that is given."""
    with forking.command("-C", str(folder), "compose", "--no-open", "--port", port) as server:
        yield server.output.readline().strip()


def slowly(page: Any, before: int = 0, after: int = 0, *, method: str = "POST") -> None:
    """Let every save take its time, as on a slow disk: milliseconds until it is sent, and until the answer is there."""
    page.evaluate(
        "([before, after, method]) => { const real = window.fetch;"
        " const wait = time => new Promise(done => setTimeout(done, time));"
        " window.fetch = async (address, options = {}) => {"
        " if ((options.method || 'GET') !== method) return real(address, options);"
        " await wait(before); const answer = await real(address, options); await wait(after); return answer; }; }",
        [before, after, method],
    )


def word(folder: Path, field: str) -> str:
    """Return what the issue's file says in a field."""
    lines = (folder / PLAN).read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix(f"{field}: ") for line in lines if line.startswith(f"{field}: "))


def colleague(folder: Path, field: str, value: str) -> None:
    """Give a field of the issue another value, as in an editor."""
    path = folder / PLAN
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"\n{field}: {word(folder, field)}\n", f"\n{field}: {value}\n"), encoding="utf-8")


def test_letters_typed_while_a_save_is_under_way_are_saved_too(browser: Any, desk: tuple[Path, str]) -> None:
    """One's own save before is no colleague's change."""
    folder, address = desk
    page = opened(browser, address, WORDS)
    slowly(page, before=900)
    page.fill("#subject", "One")
    page.wait_for_timeout(500)
    page.focus("#subject")
    page.keyboard.press("End")
    page.keyboard.type(" two")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.type(" and more")
    settles(lambda: word(folder, "preheader").endswith(" and more"), True)
    assert page.locator("#word-subject .wrong").count() == 0
    assert word(folder, "subject") == page.input_value("#subject") == "One two"
    page.context.close()


def test_a_form_keeps_what_is_typed_while_it_is_saved(browser: Any, desk: tuple[Path, str]) -> None:
    """What comes after Ctrl+S belongs to the next save."""
    folder, address = desk
    page = opened(browser, address, f"/entries/{YOUTH}")
    slowly(page, before=900)
    page.fill("#f-title", "Saved")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(200)
    page.fill("#f-summary", "Typed meanwhile.")
    page.focus("#f-url")
    page.get_by_text("Saved.", exact=True).wait_for()
    assert (page.input_value("#f-title"), page.input_value("#f-summary")) == ("Saved", "Typed meanwhile.")
    page.keyboard.press("Control+s")
    file = folder / f"issues/entries/news/{YOUTH}.md"
    settles(lambda: "summary: Typed meanwhile.\n" in file.read_text(encoding="utf-8"), True)
    page.context.close()


def test_a_step_taken_right_after_typing_is_taken_when_it_is_saved(browser: Any, desk: tuple[Path, str]) -> None:
    """The save that answers late does not lead back."""
    folder, address = desk
    page = opened(browser, address, WORDS)
    slowly(page, before=900)
    page.fill("#subject", "In a hurry")
    page.click("#tab-review")
    page.wait_for_selector("#panel-review")
    settles(lambda: word(folder, "subject"), "In a hurry")
    page.wait_for_timeout(500)
    assert page.url.endswith("?panel=review")
    assert page.locator("#panel-review").count() == 1
    page.context.close()


def test_a_colleagues_word_is_not_typed_over(browser: Any, desk: tuple[Path, str]) -> None:
    """Until somebody decides, no further letter is saved; both decisions do what they say."""
    folder, address = desk
    page = opened(browser, address, WORDS)
    page.wait_for_timeout(300)
    for button, kept in (("Keep theirs", "Theirs 0"), ("Keep mine", "Mine 1 and more")):
        number = kept[-1] if kept[-1].isdigit() else "1"
        page.fill("#subject", f"Mine {number}")
        colleague(folder, "subject", f"Theirs {number}")
        page.get_by_text("There it says:").wait_for()
        page.focus("#subject")
        page.keyboard.press("End")
        page.keyboard.type(" and more")
        page.wait_for_timeout(1200)
        assert word(folder, "subject") == f"Theirs {number}"
        page.get_by_text(button).click()
        settles(lambda: (word(folder, "subject"), page.input_value("#subject")), (kept, kept))
    page.context.close()


def test_going_back_asks_about_what_is_not_saved(browser: Any, desk: tuple[Path, str]) -> None:
    """Staying keeps every letter; leaving takes none of them to another entry."""
    _, address = desk
    page = opened(browser, address, "/issues/2024-07")
    page.locator(f'a[href^="/entries/{YOUTH}"]').click()
    page.wait_for_selector("#f-title")
    where = page.url
    page.fill("#f-title", "Not saved")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.go_back()
    page.wait_for_timeout(600)
    assert (page.url, page.input_value("#f-title")) == (where, "Not saved")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_text("Back to 2024-07").click()
    page.wait_for_selector("#panel-entries")
    page.locator('a[href^="/entries/bomca"]').click()
    page.wait_for_selector("#f-title")
    assert page.input_value("#f-title") == "BOMCA"
    page.context.close()


def test_a_file_that_cannot_be_read_for_a_while_takes_no_letters(browser: Any, desk: tuple[Path, str]) -> None:
    """A colleague saves the settings half-written while somebody types."""
    folder, address = desk
    settings = folder / "pyproject.toml"
    good = settings.read_bytes()
    page = opened(browser, address, f"/entries/{YOUTH}")
    page.fill("#f-title", "Still here")
    settings.write_bytes(b"[tool.newsletter\n")
    page.locator("#told .bad").wait_for()
    assert page.input_value("#f-title") == "Still here"
    settings.write_bytes(good)
    page.locator("#told .bad").wait_for(state="detached")
    assert page.input_value("#f-title") == "Still here"
    page.context.close()


def test_a_refused_start_keeps_the_title(browser: Any, desk: tuple[Path, str]) -> None:
    """Nobody types a title twice because of its date."""
    _, address = desk
    page = opened(browser, address, "/entries")
    page.fill("#title", "A new well\u202e")
    page.get_by_text("Make it").click()
    page.locator("#told .bad").wait_for()
    assert page.input_value("#title") == "A new well\u202e"
    page.context.close()


def test_a_composer_started_again_takes_nothing_away(browser: Any, tmp_path: Path) -> None:
    """It has another key; with the address from the terminal the same page goes on."""
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        page = opened(browser, address, WORDS)
        page.wait_for_selector("#intro")
    port = address.partition("/?")[0].rpartition(":")[2]
    page.fill("#intro", "Typed while it was down.")
    with again(folder, port) as anew:
        page.focus("#intro")
        page.keyboard.press("Control+End")
        page.keyboard.type(" And after.")
        page.wait_for_selector("#anew:not([hidden])")
        assert page.input_value("#intro") == "Typed while it was down. And after."
        page.context.new_page().goto(anew)
        page.focus("#intro")
        page.keyboard.type("!")
        settles(lambda: word(folder, "intro").strip('"'), "Typed while it was down. And after.!")
        page.context.close()


def test_a_page_says_that_the_composer_was_started_again_and_follows_it(browser: Any, tmp_path: Path) -> None:
    """Also when nobody touches it; as soon as the new address has been opened beside it."""
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        page = opened(browser, address, WORDS)
        page.wait_for_selector("#intro")
        page.clock.install()
    hurry(page, page.locator("#gone").is_visible)
    with again(folder, address.partition("/?")[0].rpartition(":")[2]) as anew:
        hurry(page, page.locator("#anew").is_visible)
        page.context.new_page().goto(anew)
        hurry(page, page.locator("#anew").is_hidden)
        colleague(folder, "subject", "Theirs")
        settles(lambda: page.input_value("#subject"), "Theirs")
        page.context.close()


def test_a_colleagues_save_does_not_hold_somebody_back_who_goes_elsewhere(browser: Any, desk: tuple[Path, str]) -> None:
    """A page that follows the files while another one is on its way must not take its place."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07")
    page.wait_for_function(SHOWN)
    slowly(page, after=1500, method="GET")
    with page.expect_request(lambda request: request.url.endswith("panel=words")):
        page.click("#tab-words")
    colleague(folder, "subject", "Changed by a colleague")
    page.wait_for_selector("#panel-words")
    settles(lambda: page.input_value("#subject"), "Changed by a colleague")
    assert page.url.endswith("?panel=words")
    page.context.close()


def test_an_impatient_press_sends_no_second_proof(browser: Any, desk: tuple[Path, str]) -> None:
    """A provider may take its time; what the team gets twice looks like two states."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07?panel=review")
    slowly(page, before=600)
    page.fill("#to", "colleague@example.org")
    page.click("#proof button", click_count=2)
    page.get_by_text("The proof for colleague@example.org").wait_for()
    page.fill("#to", "other@example.org")
    page.click("#proof button")
    page.get_by_text("The proof for other@example.org").wait_for()
    assert len(list((folder / ".newsletter").rglob("*.eml"))) == 2
    page.context.close()


def test_what_stood_in_the_way_for_a_moment_is_told_no_longer(
    browser: Any, desk: tuple[Path, str], tmp_path: Path
) -> None:
    """A folder that was moved away and back is as it was, with its times."""
    folder, address = desk
    page = opened(browser, address, WORDS)
    (folder / "issues").rename(tmp_path / "away")
    page.get_by_text("There is no issue 2024-07").wait_for()
    (tmp_path / "away").rename(folder / "issues")
    page.get_by_text("There is no issue 2024-07").wait_for(state="detached")
    page.context.close()


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/", {"#name": "2027-01"}),
        ("/entries", {"#title": "A title that is not finished", "#date": "2024-07-02", "#filter": "forum"}),
        ("/issues/2024-07", {"#new-heading": "Another heading"}),
        ("/issues/2024-07?panel=review", {"#by": "Somebody else"}),
    ],
)
def test_what_waits_for_its_button_stays_when_a_colleague_saves(
    browser: Any, desk: tuple[Path, str], path: str, typed: dict[str, str]
) -> None:
    """A page that follows the files takes no letter away; the button then does what the page shows."""
    folder, address = desk
    page = opened(browser, address, path)
    page.evaluate("document.querySelectorAll('details.more').forEach(one => { one.open = true; })")
    for field, value in typed.items():
        page.fill(field, value)
    page.focus(".home")
    before = page.evaluate("document.body.dataset.revision")
    colleague(folder, "preheader", "Changed by a colleague")
    page.wait_for_function("before => document.body.dataset.revision !== before", arg=before)
    assert {field: page.input_value(field) for field in typed} == typed
    page.context.close()


def test_what_was_added_leaves_its_form_empty(browser: Any, desk: tuple[Path, str]) -> None:
    """What has been done waits no longer; what was refused does."""
    _, address = desk
    page = opened(browser, address, "/issues/2024-07")
    page.click("#new-section summary")
    page.fill("#new-heading", "Read on")
    page.keyboard.press("Enter")
    page.get_by_text("The section “Read on” is new.").wait_for()
    assert page.input_value("#new-heading") == ""
    page.fill("#new-heading", "   ")
    page.keyboard.press("Enter")
    page.get_by_text("A section needs a heading").wait_for()
    assert page.input_value("#new-heading") == "   "
    page.context.close()


def in_sight(page: Any, selector: str) -> bool:
    """Whether something stands within the window."""
    box, size = page.locator(selector).bounding_box(), page.viewport_size
    return bool(box and box["y"] >= 0 and box["y"] + box["height"] <= size["height"])


def test_why_nothing_was_saved_is_in_sight_from_the_end_of_a_form(browser: Any, desk: tuple[Path, str]) -> None:
    """Who presses Save below a long form sees what is said above it."""
    folder, address = desk
    file = folder / f"issues/entries/news/{YOUTH}.md"
    page = opened(browser, address, f"/entries/{YOUTH}")
    page.fill("#f-summary", "Mine")
    file.write_text(file.read_text(encoding="utf-8").replace("summary: ", "summary: Theirs "), encoding="utf-8")
    page.click(".saves button")
    page.locator(".notice", has_text="Summary was changed elsewhere").wait_for()
    settles(lambda: in_sight(page, ".notice"), True)
    file.chmod(0o444)
    page.click(".saves button")
    page.locator("#told .bad").wait_for()
    settles(lambda: in_sight(page, "#told .bad"), True)
    assert page.input_value("#f-summary") == "Mine"
    page.context.close()


def test_what_is_typed_while_the_next_page_is_on_its_way_is_saved(browser: Any, desk: tuple[Path, str]) -> None:
    """A page that takes its time takes no letters with it."""
    folder, address = desk
    page = opened(browser, address, WORDS)
    page.wait_for_function(SHOWN)
    slowly(page, after=1500, method="GET")
    with page.expect_request(lambda request: request.url.endswith("panel=review")):
        page.click("#tab-review")
    # Without an event, so that no timer saves it before the page is there.
    page.evaluate("document.querySelector('#subject').value = 'Typed on the way'")
    page.wait_for_selector("#panel-review")
    settles(lambda: word(folder, "subject"), "Typed on the way")
    page.context.close()


def test_what_is_wrong_is_typed_over_at_once(browser: Any, desk: tuple[Path, str]) -> None:
    """“Change it” leads into the field, as an address does that names a place."""
    folder, address = desk
    colleague(folder, "preheader", "x" * 130)
    page = opened(browser, address, "/issues/2024-07?panel=checks")
    page.locator(".finding", has_text="EDT005").get_by_text("Change it").click()
    settles(lambda: page.evaluate("document.activeElement.id"), "preheader")
    assert page.url.endswith(WORDS)
    page.context.close()


@pytest.mark.parametrize("height", [900, 667])
def test_why_a_word_is_refused_is_in_sight_below_it(browser: Any, desk: tuple[Path, str], height: int) -> None:
    """Also where the field was the last that could be seen."""
    page = opened(browser, desk[1], WORDS, viewport={"width": 1280, "height": height})
    page.locator("#send_at").evaluate("field => field.scrollIntoView({block: 'end'})")
    page.fill("#send_at", "next week")
    page.locator("#no-send_at").wait_for()
    settles(
        lambda: page.locator("#no-send_at").evaluate("told => told.getBoundingClientRect().bottom <= innerHeight"), True
    )
    page.context.close()


def test_what_was_refused_is_told_no_longer_when_it_is_as_it_was(browser: Any, desk: tuple[Path, str]) -> None:
    """Whoever takes back what could not be reads no more that it is not saved: it says again what the file says."""
    page = opened(browser, desk[1], WORDS)
    was = page.input_value("#send_at")
    page.fill("#send_at", "next week")
    page.locator("#no-send_at").wait_for()
    page.fill("#send_at", was)
    page.locator("#hint-send_at").wait_for()
    assert page.locator(".wrong").count() == 0
    page.context.close()


def test_room_is_counted_as_the_checks_count_it(browser: Any, desk: tuple[Path, str]) -> None:
    """A sign of Japanese or a pictograph takes the room of two letters, an accent on its own none."""
    _, address = desk
    page = opened(browser, address, WORDS)
    widths = {"July": 4, "国境の村ーa": 11, "e\u0301 📣！": 6, "서울": 4}
    for text, width in widths.items():
        page.fill("#subject", text)
        assert page.locator("[data-count=subject]").inner_text() == f"{width} of 70"
    page.context.close()


def test_a_long_line_is_all_in_sight_and_stays_one_line(browser: Any, desk: tuple[Path, str]) -> None:
    """A preheader of the length that inboxes show does not run out of its field; Enter and a paste break no line."""
    folder, address = desk
    page = opened(browser, address, WORDS)
    written = "Plus new resource centres in Iraq and Pakistan, and a call that is open until the last day of July"
    page.fill("#preheader", written)
    field = "document.querySelector('#preheader')"
    assert page.evaluate(f"{field}.scrollHeight <= {field}.clientHeight && {field}.scrollWidth <= {field}.clientWidth")
    page.press("#preheader", "Enter")
    settles(lambda: word(folder, "preheader"), written)
    page.fill("#subject", "July,\n  in five countries")
    assert page.input_value("#subject") == "July, in five countries"
    settles(lambda: word(folder, "subject"), "July, in five countries")
    assert page.input_value("#preheader") == written
    page.context.close()
