"""The composer's pages keep their place on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.studio import FORUM, START_UPS, opened, send, shows
from tests.browser.test_composer_typing import colleague

pytestmark = pytest.mark.browser
PICTURES = """() => {
    const pictures = [...document.querySelector('#live').contentDocument.images];
    return pictures.length && pictures.every(picture => picture.naturalWidth);
}"""


def test_beside_the_email_only_the_work_scrolls(browser: Any, desk: tuple[Path, str]) -> None:
    """The bar stays where it is, and below the end of a form there is no empty page."""
    page = opened(browser, desk[1], f"/entries/{START_UPS}?issue=2024-07", viewport={"width": 1280, "height": 600})
    page.locator(".upload").wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") == 600
    page.context.close()


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 18, 18)")])
def test_what_is_said_in_the_place_of_the_email_is_read_in_the_dark_too(
    browser: Any, desk: tuple[Path, str], scheme: str, ground: str
) -> None:
    """Its words are light there, and the frame behind them is white."""
    folder, address = desk
    (folder / "issues/entries/news/broken.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    page = opened(browser, address, "/issues/2024-07", color_scheme=scheme)
    said = page.frame_locator("#live").get_by_text("Nothing to show yet.")
    assert said.evaluate("element => getComputedStyle(element.ownerDocument.documentElement).backgroundColor") == ground
    page.context.close()


def test_an_email_that_could_not_be_built_at_first_comes_with_its_pictures(
    browser: Any, desk: tuple[Path, str]
) -> None:
    """It takes the place of the words that said so, in a frame that let no picture in."""
    folder, address = desk
    broken = folder / "issues/entries/news/broken.md"
    broken.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    page = opened(browser, address, "/issues/2024-07")
    shows(page, "Nothing to show yet.")
    broken.unlink()
    shows(page, "July 2024")
    page.wait_for_function(PICTURES)
    page.context.close()


def test_a_long_word_of_what_can_be_taken_back_ends_where_the_bar_ends(browser: Any, desk: tuple[Path, str]) -> None:
    """It is cut off, and stands at the edge all the same."""
    page = opened(browser, desk[1], "/issues/2024-07")
    page.locator(f'[id="menu-{FORUM}"] summary').click()
    page.locator(f'[id="why-{FORUM}"]').fill("told last month")
    page.keyboard.press("Enter")
    box = page.locator("#undo button").bounding_box()
    assert box["x"] + box["width"] == 1280 - 24
    page.context.close()


def test_a_long_title_that_can_be_taken_back_leaves_the_bar_its_height(browser: Any, desk: tuple[Path, str]) -> None:
    """The newsletter's name beside it stays on one line."""
    page = opened(browser, desk[1], "/entries")
    page.fill("#title", "Thirty villages along the river and what their mayors say of it " * 6)
    page.keyboard.press("Enter")
    page.wait_for_selector("#undo")
    assert page.locator("#bar").bounding_box()["height"] == 52
    page.context.close()


def test_on_a_phone_what_can_be_taken_back_stands_beside_the_newsletters_name(
    browser: Any, desk: tuple[Path, str]
) -> None:
    """Not on a line of its own, below the pages."""
    page = opened(browser, desk[1], "/entries", viewport={"width": 375, "height": 800})
    page.fill("#title", "New wells")
    page.keyboard.press("Enter")
    page.wait_for_selector("#undo")
    home, undo = (page.locator(f".bar {each}").bounding_box() for each in (".home", "#undo"))
    assert home["y"] <= undo["y"] < home["y"] + home["height"]
    page.context.close()


@pytest.mark.parametrize(("width", "last"), [(375, ".quiet.right"), (1280, ".meter")])
def test_what_stands_last_in_a_row_ends_where_the_line_below_it_ends(
    browser: Any, desk: tuple[Path, str], width: int, last: str
) -> None:
    """On a phone, where no bar stands beside them, that are the numbers."""
    folder, address = desk
    send(folder)
    page = opened(browser, address, "/issues/2024-07?panel=report", viewport={"width": width, "height": 900})
    ends = page.locator(f".figures {last}").first.evaluate(
        """element => {
            const range = document.createRange();
            range.selectNode(element.firstChild);
            const own = element.matches('.meter') ? element : range;
            return [own, element.closest('table')].map(each => Math.round(each.getBoundingClientRect().right));
        }"""
    )
    assert ends[0] == ends[1]
    page.context.close()


def test_what_is_well_stands_apart_from_the_line_of_its_heading(browser: Any, desk: tuple[Path, str]) -> None:
    """A ground that touches the line looks like a part of it."""
    folder, address = desk
    send(folder)
    page = opened(browser, address, "/settings")
    line, ground = (page.locator(where).bounding_box() for where in (".part-head:has(+ .calm)", ".part-head + .calm"))
    assert ground["y"] - line["y"] - line["height"] >= 8
    page.context.close()


def test_on_a_phone_no_dash_stands_for_the_day_that_an_entry_lacks(browser: Any, desk: tuple[Path, str]) -> None:
    """In a table it fills its cell; above a title it is a mark that means nothing."""
    page = opened(browser, desk[1], "/entries", viewport={"width": 375, "height": 900})
    assert "–" in page.locator("#entries").evaluate("rows => rows.textContent")
    assert page.get_by_text("–", exact=True).filter(visible=True).count() == 0
    page.set_viewport_size({"width": 1000, "height": 900})
    assert page.get_by_text("–", exact=True).filter(visible=True).count() > 0
    page.context.close()


def test_where_colours_are_the_readers_own_panels_have_an_edge(browser: Any, desk: tuple[Path, str]) -> None:
    """Windows' contrast themes take their grounds away, and a form that is set in without one looks lost."""
    page = opened(browser, desk[1], "/readers", forced_colors="active")
    assert page.locator("#import").evaluate("form => getComputedStyle(form).borderTopWidth") == "1px"
    page.context.close()


def test_what_is_said_of_an_entry_has_one_blank_around_each_dot(browser: Any, desk: tuple[Path, str]) -> None:
    """The number of remarks stands behind the reason, and stays beside its sign."""
    folder, address = desk
    entry = folder / "issues/entries/news/resource-centres-iraq-pakistan.md"
    entry.write_text(
        entry.read_text(encoding="utf-8").replace("title: More", f"title: {'More and ' * 15}more", 1), encoding="utf-8"
    )
    page = opened(browser, address, "/issues/2024-07")
    told = page.locator(".meta:has(b):has(.warn-text)").first
    told.wait_for()
    style = "(element) => [getComputedStyle(element).marginRight, getComputedStyle(element).whiteSpace]"
    assert told.locator("b").evaluate(style)[0] == "0px"
    assert told.locator(".warn-text").evaluate(style)[1] == "nowrap"
    page.context.close()


@pytest.mark.parametrize("width", [1280, 375])
def test_the_button_of_a_long_form_is_in_sight(browser: Any, desk: tuple[Path, str], width: int) -> None:
    """Whoever has changed the first field saves it from there; at the end of the form it stands where it belongs."""
    _, address = desk
    page = opened(browser, address, f"/entries/{START_UPS}?issue=2024-07", viewport={"width": width, "height": 800})
    save = page.locator("#entry .saves button")
    box = save.bounding_box()
    assert 0 < box["y"] < box["y"] + box["height"] <= 800
    page.focus("#f-topics")
    field, bar = page.locator("#f-topics").bounding_box(), page.locator("#entry .saves").bounding_box()
    assert field["y"] + field["height"] / 2 < bar["y"]
    page.locator("#tongue-ar summary").scroll_into_view_if_needed()
    assert save.bounding_box()["y"] < page.locator("#tongue-ar").bounding_box()["y"]
    page.context.close()


def test_what_undo_would_take_back_is_read_to_its_end(browser: Any, desk: tuple[Path, str]) -> None:
    """What happens to an entry stands behind its title: that it is new, or that it is changed."""
    _, address = desk
    page = opened(browser, address, "/entries")
    page.fill("#title", "Eleven Georgian start-ups head for Belgium")
    page.keyboard.press("Enter")
    page.wait_for_selector("#undo")
    assert page.locator("#undo button").evaluate("button => button.scrollWidth <= button.clientWidth")
    page.context.close()


def test_undo_says_each_time_what_it_would_take_back_next(browser: Any, desk: tuple[Path, str]) -> None:
    """Also while the button has the focus, because it has just been pressed."""
    _, address = desk
    page = opened(browser, address, f"/entries/{START_UPS}")
    for title in ("First", "Second"):
        page.fill("#f-title", title)
        page.keyboard.press("Control+s")
        page.wait_for_selector(f"#undo button:has-text('“{title}” is changed')")
    page.click("#undo button")
    page.wait_for_selector("#undo button:has-text('“First” is changed')")
    page.context.close()


def test_a_field_whose_address_is_opened_is_not_below_the_tabs(browser: Any, desk: tuple[Path, str]) -> None:
    """As where a remark is opened in a tab of its own, or without scripts."""
    _, address = desk
    page = opened(browser, address, "/issues/2024-07?panel=words#word-intro", viewport={"width": 1280, "height": 500})
    page.wait_for_function("document.querySelector('.work').scrollTop > 0")
    top, bottom = page.evaluate(
        "[['#word-intro', 'top'], ['.work .tabs', 'bottom']]"
        ".map(([one, edge]) => document.querySelector(one).getBoundingClientRect()[edge])"
    )
    assert top >= bottom
    page.context.close()


def test_a_note_is_read_from_the_left_as_errors_are(browser: Any, desk: tuple[Path, str]) -> None:
    """Only what is said of the email's mode stands in the middle, below it."""
    folder, address = desk
    colleague(folder, "preheader", "Wells,  a study and a call")
    page = opened(browser, address, "/issues/2024-07?panel=checks")
    assert page.locator(".finding.note").first.evaluate("element => getComputedStyle(element).textAlign") == "start"
    assert page.locator("#note").evaluate("element => getComputedStyle(element).textAlign") == "center"
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_only_scripts_do_is_offered_where_they_run(browser: Any, desk: tuple[Path, str], scripts: bool) -> None:
    """Without them no key saves, and a bar whose length nobody has set would say that the email is far too large."""
    folder, address = desk
    colleague(folder, "preheader", "Wells,  a study and a call")
    page = opened(browser, address, "/issues/2024-07?panel=checks", java_script_enabled=scripts)
    found = [page.locator(one).first.is_visible() for one in ("#tools", ".meter", "button[data-block]")]
    page.goto(f"{address.partition('/?')[0]}/entries")
    found.append(page.locator("#filter").is_visible())
    page.goto(f"{address.partition('/?')[0]}/entries/{START_UPS}")
    found.append(page.locator("#entry .saves .hint").is_visible())
    assert found == [scripts] * 5
    assert page.locator("#entry .saves button").is_visible()
    page.context.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 700), (375, 640)])
def test_what_was_wrong_comes_into_sight_with_its_field(
    browser: Any, desk: tuple[Path, str], width: int, height: int
) -> None:
    """It is told below the field, which may stand at the lower edge of the screen."""
    page = opened(browser, desk[1], "/readers", viewport={"width": width, "height": height})
    page.locator("#look-up input[name=address]").fill("nobody@example.org")
    page.keyboard.press("Enter")
    told = page.locator("#look-up .wrong")
    told.wait_for()
    page.wait_for_function("document.activeElement.getAttribute('aria-invalid') == 'true'")
    box = told.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height
    page.context.close()
