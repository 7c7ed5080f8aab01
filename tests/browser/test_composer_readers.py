"""Readers in a real browser: a file that is planned and imported, and somebody who is looked up and erased."""

from __future__ import annotations

import json
import mailbox
import socket
from pathlib import Path
from typing import Any

import pytest

from tests import forking
from tests.browser import axe
from tests.browser.studio import composed, opened, run
from tests.waiting import settles

pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung" * 2
CONTACTS = f"Mail,Vorname,Do not email,{LONG}\nanna@example.org,Anna,,x\nben@example.org,Ben,yes,x\nnobody,,,\n"


def numbers(folder: Path) -> dict[str, int]:
    """Return what the command line says of the list."""
    told = json.loads(forking.run("-C", str(folder), "lists", "--json"))
    return {word: number for word, number in told["lists"][0].items() if isinstance(number, int)}


def looks_right(page: Any, script: str) -> None:
    """Check that axe objects to nothing, light and dark, and that nothing is wider than the screen."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe.violations(page, script) == []
    for width in (375, 320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_team_imports_its_readers_and_answers_one_of_them(browser: Any, tmp_path: Path) -> None:
    """From the hint of the review to a person who is erased; every page is accessible and fits every screen."""
    script = axe.source()
    file = tmp_path / "Kontakte.csv"
    file.write_text(CONTACTS, encoding="utf-8")
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        page = opened(browser, address, "/issues/2024-07?panel=review")
        page.locator(".checklist a[href='/readers']").press("Enter")
        page.wait_for_selector("#import")
        page.set_input_files("#file", str(file))
        page.locator("#import .button").press("Enter")
        page.wait_for_selector("#doubts")
        assert page.url.partition("/import/")[0].endswith("/readers")
        looks_right(page, script)
        page.focus("#column-2")
        page.keyboard.press("Tab")
        page.select_option("#column-2", "left")
        page.locator("#columns > .button").press("Enter")
        page.wait_for_selector("[value=import]")
        looks_right(page, script)
        page.locator("[value=import]").press("Enter")
        page.wait_for_selector("main .calm")
        looks_right(page, script)
        assert numbers(folder) == {"confirmed": 1, "pending": 0, "unsubscribed": 1, "suppressed": 0}
        assert not list((folder / ".newsletter/imports").glob("*"))

        page.locator("main .ways a").press("Enter")
        page.fill("#address", "cleo@example.org")
        page.press("#address", "Enter")
        page.wait_for_selector("#no-address")
        assert page.evaluate("document.activeElement.id") == "address"
        looks_right(page, script)
        page.fill("#address", "anna@example.org")
        page.press("#address", "Enter")
        page.wait_for_selector("#erase")
        assert "anna" not in page.url
        page.locator("#erase summary").press("Enter")
        page.locator("#suppress summary").press("Enter")
        page.locator("#all-of-it summary").press("Enter")
        looks_right(page, script)
        page.fill("#once-more", "ben@example.org")
        page.press("#once-more", "Enter")
        page.wait_for_selector("#no-once-more")
        assert page.evaluate("document.activeElement.id") == "once-more"
        looks_right(page, script)
        page.locator("#list-1 .button").press("Enter")
        page.wait_for_selector("#list-1 .acts", state="detached")
        page.fill("#source", "phone call")
        page.press("#source", "Enter")
        page.wait_for_selector("#suppression")
        page.locator("#put-on summary").press("Enter")
        page.fill("#agreed-on", "2090-01-01T10:00")
        page.fill("#agreed-how", "phone call")
        page.locator("#add .button").press("Enter")
        page.wait_for_selector("#no-agreement")
        assert page.evaluate("document.activeElement.id") == "agreed-on"
        assert page.input_value("#agreed-how") == "phone call"
        # What is told for a moment stands over it.
        page.locator("#all-of-it summary").press("Enter")
        looks_right(page, script)
        page.locator("#preferences summary").press("Enter")
        page.fill("#prefer-pause", "2024-01-01")
        page.locator("#topic-1").press("Space")
        page.locator("#prefer .button").press("Enter")
        page.wait_for_selector("#no-preference")
        assert (page.evaluate("document.activeElement.id"), page.is_checked("#topic-1")) == ("prefer-pause", True)
        looks_right(page, script)
        page.fill("#prefer-pause", "")
        page.locator("#prefer .button").press("Enter")
        page.wait_for_selector("#told .said")
        assert page.inner_text("#told") == "Changed: topics."
        page.fill("#once-more", "anna@example.org")
        page.press("#once-more", "Enter")
        settles(lambda: page.inner_text("h1"), "Nothing is held any more")
        looks_right(page, script)
        page.go_back()
        page.wait_for_selector("#look-up")
        assert "anna" not in page.content()
        assert numbers(folder) == {"confirmed": 0, "pending": 0, "unsubscribed": 1, "suppressed": 0}
        page.context.close()


def test_what_numbers_of_consent_mean_is_said_in_the_browser(browser: Any, tmp_path: Path) -> None:
    """The field stands open where it is asked for, is accessible, and fits every screen."""
    script = axe.source()
    file = tmp_path / "contacts.csv"
    file.write_text("email,status\nanna@example.org,1\nben@example.org,2\ncleo@example.org,0\n", encoding="utf-8")
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        page = opened(browser, address, "/readers")
        page.set_input_files("#file", str(file))
        page.locator("#import .button").press("Enter")
        page.wait_for_selector("#means[open]")
        looks_right(page, script)
        page.fill("#means-words", "0=pending\n1=confirmed\n2=unsubscribed")
        page.locator("#columns > .button").press("Enter")
        page.wait_for_selector("[value=import]")
        looks_right(page, script)
        page.locator("[value=import]").press("Enter")
        page.wait_for_selector("main .calm")
        assert numbers(folder) == {"confirmed": 1, "pending": 1, "unsubscribed": 1, "suppressed": 0}


def test_a_page_that_follows_the_files_keeps_a_chosen_file_and_what_is_chosen(browser: Any, tmp_path: Path) -> None:
    """A colleague who saves an entry takes neither away."""
    file = tmp_path / "Kontakte.csv"
    file.write_text(CONTACTS, encoding="utf-8")
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:

        def change() -> None:
            before = page.get_attribute("body", "data-revision")
            plan = folder / "issues/2024-07/issue.yaml"
            plan.write_text(plan.read_text(encoding="utf-8") + "# seen\n", encoding="utf-8")
            settles(lambda: page.get_attribute("body", "data-revision") != before, True)

        page = opened(browser, address, "/readers")
        page.set_input_files("#file", str(file))
        page.fill("#address", "anna@")
        change()
        assert page.evaluate("document.querySelector('#file').files[0].name") == "Kontakte.csv"
        assert page.input_value("#address") == "anna@"
        page.set_viewport_size({"width": 375, "height": 500})
        page.click("#import .button")
        page.wait_for_selector("#doubts")
        assert page.evaluate("scrollY") == 0
        page.select_option("#column-2", "left")
        change()
        assert page.input_value("#column-2") == "left"
        page.context.close()


def test_the_message_of_a_person_comes_as_a_file_or_with_the_reason_why_not(browser: Any, tmp_path: Path) -> None:
    """With scripts and without; the page that says why leads back to the person."""
    folder = tmp_path / "ours"
    folder.mkdir()
    template = folder / "templates/themes/monthly.mjml.j2"
    with composed(folder) as address:
        run(folder, "subscribers", "import", str(folder / "issues/subscribers.csv"), "--list", "monthly")
        for scripts in (True, False):
            page = opened(browser, address, "/readers", java_script_enabled=scripts)
            page.fill("#address", "reader.one@example.org")
            page.press("#address", "Enter")
            page.wait_for_selector("#would-get")
            person = page.url
            with page.expect_download() as waiting:
                page.click("#would-get a")
            assert waiting.value.suggested_filename == "2024-08.eml"
            assert page.url == person
            template.parent.mkdir(parents=True, exist_ok=True)
            template.write_text("<mjml>\n<mj-body>{{ nothing }}</mj-body></mjml>\n", encoding="utf-8")
            page.click("#would-get a")
            page.get_by_role("heading", name="The message cannot be made").wait_for()
            assert page.inner_text("code.place") == "templates/themes/monthly.mjml.j2:2:13"
            if scripts:
                looks_right(page, axe.source())
            template.unlink()
            page.click("main a.button")
            page.wait_for_selector("#would-get")
            assert page.url == person
            page.context.close()


def test_a_large_file_is_followed_until_it_is_read(browser: Any, tmp_path: Path) -> None:
    """Neither the page nor anybody else waits for it, and where somebody has gone elsewhere a link leads back."""
    script = axe.source()
    file = tmp_path / "Everybody.csv"
    file.write_text("email\n" + "".join(f"reader{number}@example.org\n" for number in range(150_000)), encoding="utf-8")
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        page = opened(browser, address, "/readers")
        page.set_input_files("#file", str(file))
        page.locator("#import .button").press("Enter")
        page.wait_for_selector("[data-moving]")
        page.click("main .ways a")
        page.wait_for_selector("#waiting")
        looks_right(page, script)
        page.click("#waiting a")
        page.wait_for_selector("#plan", timeout=120_000)
        assert page.inner_text("#plan caption") == "150,000 rows"
        assert page.locator("[data-moving]").count() == 0
        page.click("#drop .button")
        page.wait_for_selector("#look-up")
        assert page.locator("#waiting").count() == 0
        page.context.close()


def test_mails_that_came_back_are_read_at_a_press(browser: Any, tmp_path: Path) -> None:
    """From the page that says how a mailbox is named to what was found; with a server that never answers in between."""
    script = axe.source()
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address, socket.create_server(("127.0.0.1", 0)) as silent:
        settings = folder / "pyproject.toml"
        before = settings.read_text(encoding="utf-8")

        def name(inbox: str) -> None:
            settings.write_text(f"{before}\n[tool.newsletter.tracking.inbox]\n{inbox}\n", encoding="utf-8")

        page = opened(browser, address, "/readers")
        page.click("#bounces a")
        page.wait_for_selector("#no-mailbox")
        looks_right(page, script)
        name(f'imap = "imap://us@127.0.0.1:{silent.getsockname()[1]}"\npassword_env = "PATH"')
        page.wait_for_selector("#read")
        page.locator("#read .button").press("Enter")
        page.wait_for_selector("[data-moving]")
        looks_right(page, script)
        silent.close()
        page.wait_for_selector("#trouble")
        looks_right(page, script)
        mailbox.Maildir(folder / "back").add(b"Subject: Hello\r\n\r\nIs anybody there?\r\n")
        name('maildir = "back"')
        page.get_by_text("From the folder back.").wait_for()
        page.locator("#read .button").press("Enter")
        page.wait_for_selector("#found")
        assert page.inner_text("#found th").splitlines()[0] == "Not understood"
        looks_right(page, script)
        page.context.close()


def test_without_scripts_everything_works_as_well(browser: Any, tmp_path: Path) -> None:
    """Forms alone carry a file to its list, and a person off it."""
    file = tmp_path / "Kontakte.csv"
    file.write_text(CONTACTS, encoding="utf-8")
    folder = tmp_path / "ours"
    folder.mkdir()
    with composed(folder) as address:
        page = opened(browser, address, "/readers", java_script_enabled=False)
        page.set_input_files("#file", str(file))
        page.click("#import .button")
        page.select_option("#column-2", "silent")
        page.click("#columns > .button")
        page.click("[value=import]")
        assert "It is imported, and the file is removed from here." in page.inner_text("main")
        assert numbers(folder)["confirmed"] == 2
        page.click("main .ways a")
        page.fill("#address", "ben@example.org")
        page.click("#look-up .button")
        page.click("#list-1 .button")
        assert "They have left Monthly newsletter." in page.inner_text("#told")
        page.click("#preferences summary")
        page.select_option("#prefer-frequency", "quarterly")
        page.click("#prefer .button")
        assert "Changed: how often." in page.inner_text("#told")
        page.click("#erase summary")
        page.fill("#once-more", "ben@example.org")
        page.click("#erasing .button")
        assert page.inner_text("h1") == "Nothing is held any more"
        assert numbers(folder) == {"confirmed": 1, "pending": 0, "unsubscribed": 0, "suppressed": 0}
        page.context.close()
