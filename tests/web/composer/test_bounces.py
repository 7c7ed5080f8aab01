"""Mails that came back, read from the studio: what the command line reads, and clear words where that cannot be."""

from __future__ import annotations

import json
import mailbox
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter import config, store
from newsletter.web.composer import errands
from tests.tracking.test_inbox import SUPPRESSED, flags, mails_of
from tests.tracking.test_recording import suppressed
from tests.waiting import settles
from tests.web.composer.studio import SETTINGS, Studio
from tests.web.composer.test_readers import words
from tests.web.composer.test_reviewing import cli

PAGE = "/readers/bounces"


def named(studio: Studio, inbox: str) -> None:
    """Name a mailbox in the settings."""
    studio.write("newsletter.toml", f"{SETTINGS}\n[tracking.inbox]\n{inbox}\n")


def returned(studio: Studio, name: str = "came back") -> Path:
    """Let a bounce, a complaint and a letter lie in a maildir."""
    with store.open_database(config.load(studio.root)) as database:
        mails = mails_of(database)
    box = mailbox.Maildir(studio.root / name)
    for mail in mails:
        box.add(mail)
    return studio.root / name


def numbers(page: str) -> dict[str, str]:
    """Return what was found, as the page counts it."""
    return dict(re.findall(r'<th scope="row">([^<]+)<.*?<td class="right">([^<]+)<', page))


def test_without_a_mailbox_the_page_says_what_to_ask_for(studio: Studio) -> None:
    """The lines to write, where they go, and who needs none of it; a press says so too, and makes no database."""
    page = studio.show(PAGE)
    assert "No mailbox is set up Ask the colleague who looks after the settings to do three things:" in words(page)
    assert '[tracking.inbox]\nimap = "imaps://' in page
    assert "<button" not in page[page.index("<main") :]
    studio.press(PAGE)
    assert not (studio.root / ".newsletter").exists()
    assert f'href="{PAGE}"' in studio.show("/readers")


def test_a_press_does_what_the_command_does_and_says_what_was_found(studio: Studio) -> None:
    """What the command line reads later is told as well: it is the same mailbox."""
    named(studio, 'maildir = "came back"')
    folder = returned(studio)
    assert "It was never read on this computer." in words(studio.show(PAGE))
    assert studio.press(PAGE).headers["location"] == PAGE
    page = studio.show(PAGE)
    assert numbers(page) == {"Came back for good": "1", "Complaints": "1", "Not understood": "1"}
    assert re.search(r"Read last on \w+ \d+ \w+ \d{4}, \d\d:\d\d, on this computer\. 3 unread mails", words(page))
    assert "From the folder came back." in words(page)
    assert flags(folder) == ["", "S", "S"]
    with store.open_database(config.load(studio.root)) as database:
        assert suppressed(database) == SUPPRESSED
    assert "Read last on" in words(studio.show("/readers"))
    assert json.loads(cli(studio, "bounces", "read", "--json").stdout)["mails"] == 1
    assert numbers(studio.show(PAGE)) == {"Not understood": "1"}


def test_a_password_that_is_not_set_is_told(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do, and whom to ask."""
    monkeypatch.delenv("BOUNCES", raising=False)
    named(studio, 'imap = "imaps://bounces%40example.org@mail.example.org/Returned"\npassword_env = "BOUNCES"')
    assert "From bounces@example.org at mail.example.org, folder Returned." in words(studio.show(PAGE))
    studio.press(PAGE)
    said = words(studio.show(PAGE))
    assert "The environment variable BOUNCES holds no password." in said
    assert "hand these lines to the colleague who looks after the settings" in said


@pytest.fixture
def silent() -> Iterator[int]:
    """A mail server that takes calls and says nothing, until the end; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        callers = []

        def take() -> None:
            try:
                while True:
                    callers.append(server.accept()[0])
            except OSError:
                return

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1]
        for caller in callers:
            caller.close()


def test_a_mailbox_that_is_slow_hangs_no_page(studio: Studio, silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says that it waits, asks again by itself, and later what stood in the way."""
    monkeypatch.setattr(errands, "PATIENCE", 0.0)
    monkeypatch.setattr("newsletter.tracking.bounces.inbox._PATIENCE", 2.0)
    monkeypatch.setenv("NEWSLETTER_IMAP_PASSWORD", "secret")
    named(studio, f'imap = "imap://us@127.0.0.1:{silent}"')
    studio.press(PAGE)
    page = studio.show(PAGE)
    assert "The mailbox is being read … Waiting for us at 127.0.0.1, for 0 s." in words(page)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "data-moving" in page
    # Another press begins no second reading.
    studio.press(PAGE)
    settles(lambda: "data-moving" in studio.show(PAGE), False)
    said = words(studio.show(PAGE))
    assert "127.0.0.1 cannot be reached. Timed out. See its name and port." in said
    assert "No mail is lost: what was not read stays unread." in said
