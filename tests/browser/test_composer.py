"""The composer in a real browser: work by mouse and by keyboard, beside colleagues who edit the same files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.studio import FORUM, PLAN, ROOT, START_UPS, YOUTH, composed, in_news, opened, run, send, shows
from tests.waiting import settles

PAGES = (
    "/",
    "/entries",
    "/fetch",
    "/readers",
    "/issues/2024-07",
    "/issues/2024-07?panel=words",
    "/issues/2024-07?panel=checks",
    "/issues/2024-07?panel=review",
    "/issues/2024-07?panel=send",
    "/issues/2024-07?panel=report",
    f"/entries/{START_UPS}?issue=2024-07",
    "/issues/2024-07/file",
)
pytestmark = pytest.mark.browser


def test_words_are_saved_and_shown_while_they_are_typed(browser: Any, desk: tuple[Path, str]) -> None:
    """Neither focus nor a letter gets lost, and the email follows."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07?panel=words")
    page.click("#intro")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nTyped letter by letter, while every pause is saved.", delay=30)
    shows(page, "Typed letter by letter, while every pause is saved.")
    page.wait_for_selector(".said")
    assert page.evaluate("document.activeElement.id") == "intro"
    assert page.input_value("#intro").endswith("while every pause is saved.")
    assert "  Typed letter by letter, while every pause is saved.\n" in (folder / PLAN).read_text(encoding="utf-8")
    page.keyboard.press("Tab")
    page.click("#undo button")
    page.wait_for_selector("text=Taken back")
    page.context.close()


def test_entries_are_moved_left_out_and_taken_back_by_keyboard(browser: Any, desk: tuple[Path, str]) -> None:
    """Focus stays where it was, the place is told, and no single key changes anything."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07")
    before = (folder / PLAN).read_bytes()
    assert in_news(page) == [START_UPS, FORUM, YOUTH]
    page.locator(f'[id="in-{YOUTH}"] .name').focus()
    for key in "xpfdj":
        page.keyboard.press(key)
    assert (folder / PLAN).read_bytes() == before
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector("text=is number 2 of 3")
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector("text=is number 1 of 3")
    assert in_news(page) == [YOUTH, START_UPS, FORUM]
    assert page.evaluate("document.activeElement.closest('.row').id") == f"in-{YOUTH}"
    page.locator(f'[id="in-{FORUM}"] summary').press("Enter")
    page.locator(f'[id="in-{FORUM}"] [name=reason]').fill("told last month, twice")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'[id="out-{FORUM}"]')
    assert in_news(page) == [YOUTH, START_UPS]
    page.locator("#tab-entries").focus()
    page.keyboard.press("Control+z")
    page.wait_for_selector(f'[id="in-{FORUM}"]')
    page.context.close()


def test_the_page_follows_a_colleagues_editor(browser: Any, desk: tuple[Path, str]) -> None:
    """What is changed elsewhere is shown within a second; what somebody is typing stays, and is not saved over it."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07?panel=words")
    shows(page, "July 2024")
    plan = folder / PLAN
    written, ours = plan.read_text(encoding="utf-8"), "How EU asylum policy broke its taboos, and news from July"
    plan.write_text(written.replace(ours, "Theirs"), "utf-8")
    settles(lambda: page.input_value("#subject"), "Theirs")
    page.evaluate("document.querySelector('#subject').value = 'Mine'")
    plan.write_text(
        written.replace("How EU asylum policy broke its taboos, and news from July", "Theirs again"), "utf-8"
    )
    page.wait_for_timeout(1500)
    assert page.input_value("#subject") == "Mine"
    page.focus("#subject")
    page.keyboard.press("End")
    page.keyboard.type("!")
    page.wait_for_selector("text=There it says")
    assert "subject: Theirs again" in plan.read_text(encoding="utf-8")
    page.click("text=Keep mine")
    page.wait_for_selector(".said")
    assert "subject: Mine!" in plan.read_text(encoding="utf-8") or 'subject: "Mine!"' in plan.read_text(
        encoding="utf-8"
    )
    page.context.close()


def test_tabs_opened_in_the_background_leave_the_connections_to_the_one_in_front(
    browser: Any, desk: tuple[Path, str]
) -> None:
    """However many there are, the page that somebody looks at answers and follows the files."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07")
    for _ in range(7):
        behind = page.context.new_page()
        behind.add_init_script("Object.defineProperty(Document.prototype, 'hidden', {get: () => true})")
        behind.goto(page.url, wait_until="commit")
    page.bring_to_front()
    page.click("#tab-words")
    page.wait_for_selector("#subject", timeout=10_000)
    plan = folder / PLAN
    plan.write_text(plan.read_text(encoding="utf-8").replace("title: ICMPD", "title: Our"), encoding="utf-8")
    page.wait_for_selector("h1 >> text=Our Newsletter")
    page.context.close()


def test_an_entry_is_changed_beside_its_place_in_the_email(browser: Any, desk: tuple[Path, str]) -> None:
    """Its block is marked; what cannot be saved says so at the field; leaving with unsaved words asks first."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07")
    page.click(f'[id="in-{START_UPS}"] .name')
    page.wait_for_selector("#mark:not([hidden])")
    assert page.url.endswith(f"/entries/{START_UPS}?issue=2024-07")
    page.fill("#f-title", "Eleven start-ups: on their way")
    page.keyboard.press("Control+s")
    shows(page, "Eleven start-ups: on their way")
    file = folder / f"issues/entries/news/{START_UPS}.md"
    assert 'title: "Eleven start-ups: on their way"\n' in file.read_text(encoding="utf-8")
    page.fill("#f-countries", "Georgia")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#no-countries")
    assert page.input_value("#f-countries") == "Georgia"
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.click("text=Back to 2024-07")
    assert asked == ["What you have typed is not saved. Leave it?"]
    page.fill("#f-countries", "GE")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".said")
    page.click("text=Back to 2024-07")
    page.wait_for_selector("#panel-entries")
    page.go_back()
    page.wait_for_selector("#f-title")
    page.context.close()


def test_on_a_narrow_screen_an_entry_opens_at_its_form(browser: Any, desk: tuple[Path, str]) -> None:
    """Its block is marked in the email below; only who asks to see it is led there."""
    _, address = desk
    page = opened(browser, address, f"/entries/{START_UPS}?issue=2024-07", viewport={"width": 375, "height": 800})
    page.wait_for_selector("#mark:not([hidden])")
    assert page.evaluate("scrollY") == 0
    page.goto(address.partition("/?")[0] + "/issues/2024-07")
    page.locator(f'[id="in-{START_UPS}"] .name').click()
    page.wait_for_selector("#entry")
    page.wait_for_selector("#mark:not([hidden])")
    assert page.evaluate("scrollY") == 0
    page.context.close()


def test_in_high_contrast_what_is_marked_and_what_is_chosen_is_seen(browser: Any, desk: tuple[Path, str]) -> None:
    """Where no shadow and no ground is painted, lines and the system's own colours say it."""
    _, address = desk
    page = opened(browser, address, f"/entries/{START_UPS}?issue=2024-07", forced_colors="active")
    page.wait_for_selector("#mark:not([hidden])")
    look = "(element, property) => getComputedStyle(element)[property]"
    assert page.locator("#mark").evaluate(look, "outlineStyle") == "solid"
    chosen, other = (page.locator(f"#mode-{mode} + span") for mode in ("desktop", "phone"))
    assert chosen.evaluate(look, "backgroundColor") != other.evaluate(look, "backgroundColor")
    page.goto(address.partition("/?")[0] + "/issues/2024-07")
    here, there = (page.locator(f"#tab-{panel}") for panel in ("entries", "words"))
    assert here.evaluate(look, "borderBottomColor") != there.evaluate(look, "borderBottomColor")
    page.context.close()


def test_the_report_follows_the_mailing(browser: Any, desk: tuple[Path, str]) -> None:
    """Without a press of a key, as long as it is under way."""
    folder, address = desk
    send(folder, "--at", "2099-01-01 09:00", "--detach")
    page = opened(browser, address, "/issues/2024-07?panel=report")
    page.get_by_text("Scheduled", exact=True).wait_for()
    run(folder, "stop", "2024-07")
    page.get_by_text("Stopped", exact=True).wait_for(timeout=20000)
    page.get_by_text("Nothing has left: it can be mended, and sent again.").wait_for()
    page.context.close()


def test_an_issue_is_sent_from_the_browser(browser: Any, desk: tuple[Path, str]) -> None:
    """The number is typed, and the page follows until everybody has it, without another press; twice is once."""
    folder, address = desk
    run(folder, "subscribers", "import", str(folder / "issues/subscribers.csv"), "--list", "monthly")
    page = opened(browser, address, "/issues/2024-07?panel=send")
    page.set_viewport_size({"width": 1280, "height": 2000})
    assert axe.violations(page, axe.source()) == []
    page.fill("#count", "11")
    page.click("#send button")
    page.get_by_text("12 people would get it, and what was typed is “11”.").wait_for()
    assert page.input_value("#count") == "11"
    page.fill("#count", "12")
    page.dblclick("#send button")
    page.get_by_text("Sent", exact=True).wait_for(timeout=30000)
    assert page.url.endswith("?panel=report")
    assert len(list((folder / ".newsletter/outbox/2024-07").glob("*.eml"))) == 12
    assert axe.violations(page, axe.source()) == []
    page.context.close()


def test_words_in_another_language_are_saved_as_they_are_typed(browser: Any, desk: tuple[Path, str]) -> None:
    """The language that was opened stays open, and the focus where it is; the email has it as an edition."""
    folder, address = desk
    plan = folder / PLAN
    plan.write_text(plan.read_text("utf-8").replace("\nlists:", "\nlanguages: [en, fr, ar]\nlists:"), "utf-8")
    page = opened(browser, address, "/issues/2024-07?panel=words")
    page.locator("#tongue-fr summary").click()
    page.focus("#subject-fr")
    page.keyboard.type("Ce que juillet a apporté")
    page.wait_for_selector(".said")
    page.keyboard.press("Tab")
    page.keyboard.type("Des puits")
    settles(lambda: "    preheader: Des puits\n" in plan.read_text("utf-8"), True)
    assert "  fr:\n    subject: Ce que juillet a apporté\n" in plan.read_text("utf-8")
    assert page.evaluate("document.activeElement.id") == "preheader-fr"
    assert page.locator("#tongue-fr").evaluate("details => details.open")
    page.set_viewport_size({"width": 1280, "height": 6000})
    assert axe.violations(page, axe.source()) == []
    page.locator("#edition-2").check(force=True)
    page.locator("#mode-inbox").check(force=True)
    shows(page, "Ce que juillet a apporté")
    page.context.close()


def test_a_picture_is_chosen_from_the_computer(browser: Any, desk: tuple[Path, str]) -> None:
    """It lies beside the others, and the field names it."""
    folder, address = desk
    page = opened(browser, address, f"/entries/{START_UPS}")
    page.set_input_files("#file-image", ROOT / "issues/images/diaspora-hub.png")
    settles(lambda: page.input_value("#f-image-src"), "images/diaspora-hub.png")
    page.fill("#f-image-alt", "Coloured lines meet in one point")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".said")
    written = (folder / f"issues/entries/news/{START_UPS}.md").read_text(encoding="utf-8")
    assert "image: {src: images/diaspora-hub.png, alt: Coloured lines meet in one point}\n" in written.replace('"', "")
    page.context.close()


def test_without_scripts_everything_can_be_done(browser: Any, desk: tuple[Path, str]) -> None:
    """Forms are forms; scripts only make them quick."""
    folder, address = desk
    page = opened(browser, address, "/issues/2024-07", java_script_enabled=False)
    page.locator(f'[id="in-{YOUTH}"] [data-move=up]').click()
    assert "is number 2 of 3" in page.locator(".said").inner_text()
    page.click("#tab-words")
    page.fill("#subject", "Without scripts")
    page.locator("#word-subject .save").click()
    assert "subject: Without scripts\n" in (folder / PLAN).read_text(encoding="utf-8")
    page.context.close()


def test_a_composer_that_has_ended_says_so(browser: Any, tmp_path: Path) -> None:
    """What was saved is saved; nobody types into nothing."""
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        page = opened(browser, address, "/issues/2024-07?panel=words")
        page.wait_for_selector("#subject")
    page.fill("#subject", "Too late")
    page.wait_for_selector("#gone:not([hidden])")
    assert page.input_value("#subject") == "Too late"
    page.context.close()


def test_pages_are_accessible_and_fit_every_screen(browser: Any, desk: tuple[Path, str]) -> None:
    """No violation by axe, no contrast in doubt, no sideways scroll, nothing in the console, be it light or dark."""
    folder, address = desk
    send(folder)
    script = axe.source()
    page = opened(browser, address)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        for width in (1280, 375, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address.partition("/?")[0] + path)
            page.wait_for_selector("main")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width, scheme)
        # So high that nothing is scrolled out of sight: axe would be in doubt about its contrast.
        page.set_viewport_size({"width": 1280, "height": 6000})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe.violations(page, script) == [], (path, scheme)
    assert said == []
    page.context.close()


def test_a_printed_panel_has_its_heading(browser: Any, desk: tuple[Path, str]) -> None:
    """On a screen the tab says it; paper has no tabs."""
    folder, address = desk
    send(folder)
    page = opened(browser, address, "/issues/2024-07?panel=report")
    heading = page.locator("#panel-report h2")
    assert (heading.text_content(), heading.bounding_box()["height"]) == ("Report", 1)
    page.emulate_media(media="print")
    assert heading.bounding_box()["height"] == 26
    assert page.locator(".tabs").is_hidden()
    page.context.close()


def test_long_words_fit_every_screen(browser: Any, desk: tuple[Path, str]) -> None:
    """Compounds, addresses and names of files may be longer than a phone is wide; no cell parts a short word."""
    folder, address = desk
    long = "Donaudampfschifffahrtsgesellschaft" * 3
    settings = folder / "pyproject.toml"
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}\n[tool.newsletter.lists.long]\ntitle = '{long}'\n", encoding="utf-8"
    )
    entry = folder / f"issues/entries/news/{long}.md"
    entry.write_text(f"---\ntitle: {long} and {'many words ' * 20}\ndate: 2024-07-02\n---\n", encoding="utf-8")
    (entry.parent / "broken.md").write_text(f"---\ntitle: {long}: {long}\n---\n", encoding="utf-8")
    page = opened(browser, address)
    for path in (*PAGES, f"/entries/{long}?issue=2024-07", "/entries/broken?issue=2024-07"):
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address.partition("/?")[0] + path)
            page.wait_for_selector("main")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address.partition("/?")[0] + "/entries")
    assert page.locator("thead").bounding_box()["height"] < 60
    page.context.close()
