"""What becomes of the letters that forms lead to: how long their links work, and what their bounces mean."""

from __future__ import annotations

import datetime as dt
import mailbox
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from unittest.mock import patch

import pytest

from newsletter.audience import letters_waiting
from newsletter.config import TrackingSettings
from newsletter.errors import RenderingError
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.sending.providers.contract import Rejected
from newsletter.tracking import record_events
from newsletter.tracking.bounces.inbox import Maildir, Reading, read_inbox
from tests import factories
from tests.databases import open_ready
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import API_KEY, ResendServer
from tests.tracking.reports import report
from tests.web.readers import LISTS, World, link, path_of, plain


def test_the_letter_that_was_answered_leads_out_again(world: World) -> None:
    """Its one click takes the reader off what they joined by it."""
    world.subscribe()
    (letter,) = world.mail()
    world.visitor.post(path_of(link(letter)))
    assert world.words() == {"anna@example.org monthly": "confirmed"}
    way = path_of(letter["List-Unsubscribe"].strip("<>"))
    assert "Monthly newsletter" in world.visitor.get(way).text
    assert world.visitor.post(way, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert world.words() == {"anna@example.org monthly": "unsubscribed"}


def test_a_letter_that_meets_no_mailbox_ends_the_signup(world: World, tmp_path: Path) -> None:
    """By what the letter itself carries; nobody is suppressed, and no form writes there for a while."""
    world.subscribe()
    (letter,) = world.mail()
    bounced = tmp_path / "bounced"
    mailbox.Maildir(bounced).add(report(returned=f"List-Unsubscribe: {letter['List-Unsubscribe']}\n\nNews"))
    read = read_inbox(world.database, Maildir(bounced), TrackingSettings(), now=world.clock())
    assert (read, world.words()) == (Reading(1, 1, 1, for_good=1), {})
    assert world.rows("SELECT * FROM suppressions") == []
    assert world.visitor.post(path_of(link(letter))).status_code == 410
    world.clock.forward(days=2)
    world.subscribe()
    assert world.mail() == []


def test_whoever_no_letter_can_reach_is_forgotten(world: World) -> None:
    """A provider that takes no letters beyond ASCII refuses it at once, and nobody could ever answer."""
    world.subscribe("müller@example.org")
    assert world.mail() == []
    assert (world.rows("SELECT * FROM subscribers"), world.rows("SELECT * FROM signups")) == ([], [])


def test_a_letter_that_never_leaves_takes_no_subscriber_along(world: World) -> None:
    """Nor a stranger whom another letter has reached."""
    world.confirmed("anna@example.org", "events")
    world.subscribe("ben@example.org", "events")
    assert len(world.mail()) == 1
    with patch("newsletter.web.public.letters.send_letter", return_value=(Rejected("", "no such reader"), 0.0)):
        for address in ("anna@example.org", "ben@example.org", "cleo@example.org"):
            world.clock.forward(days=2)
            world.subscribe(address, "monthly")
            assert world.mail() == []
    assert world.rows("SELECT address FROM subscribers ORDER BY id") == [("anna@example.org",), ("ben@example.org",)]


def told(world: World, by: str, kind: EventKind, letter: EmailMessage) -> None:
    """Tell what became of a letter, by a provider that names the address, or by the mailbox, which does not."""
    token = letter["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    named = "anna@example.org" if by == "main" else ""
    bounce = Bounce.HARD if kind is EventKind.BOUNCED else None
    event = Event(kind, "event", delivery=token, recipient=named, bounce=bounce)
    record_events(world.database, by, [event], TrackingSettings(), now=world.clock())


@pytest.mark.parametrize("by", ["main", "inbox"])
@pytest.mark.parametrize(
    ("kind", "suppressed"), [(EventKind.BOUNCED, []), (EventKind.COMPLAINED, [("anna@example.org", "complaint")])]
)
def test_a_letter_ends_its_signup_whoever_tells_its_end(
    world: World, by: str, kind: EventKind, suppressed: list[tuple[str, str]]
) -> None:
    """A webhook or a mail; a mistyped address is not suppressed for ever, and who complains is."""
    world.subscribe()
    (letter,) = world.mail()
    told(world, by, kind, letter)
    assert (world.words(), world.rows("SELECT address_key, reason FROM suppressions")) == ({}, suppressed)
    assert world.visitor.post(path_of(link(letter))).status_code == 410
    world.clock.forward(days=2)
    world.subscribe()
    assert world.mail() == []


@pytest.mark.parametrize("by", ["main", "inbox"])
def test_a_letter_to_a_subscriber_that_meets_no_mailbox_is_as_an_issue_that_does(world: World, by: str) -> None:
    """It asked nothing, and nobody else could have typed an address that is on the list."""
    world.confirmed()
    world.fill_in("/preferences", email="anna@example.org")
    (letter,) = world.mail()
    told(world, by, EventKind.BOUNCED, letter)
    assert world.rows("SELECT address_key, reason FROM suppressions") == [("anna@example.org", "bounce")]


@pytest.mark.parametrize(
    ("action", "status", "forged"), [("failed", "5.2.2", False), ("delayed", "4.4.1", False), ("failed", "5.1.1", True)]
)
def test_a_signup_outlives_what_is_not_for_good(
    world: World, tmp_path: Path, action: str, status: str, forged: bool
) -> None:
    """A full mailbox, a delay, and a report by somebody who has not seen the letter."""
    world.subscribe()
    (letter,) = world.mail()
    shown = f"<https://news.example.org/u/{'A' * 28}>" if forged else letter["List-Unsubscribe"]
    bounced = tmp_path / "bounced"
    mailbox.Maildir(bounced).add(report(action, status, "", returned=f"List-Unsubscribe: {shown}\n\nNews"))
    read_inbox(world.database, Maildir(bounced), TrackingSettings(), now=world.clock())
    world.visitor.post(path_of(link(letter)))
    assert world.words() == {"anna@example.org monthly": "confirmed"}


def test_a_letter_says_until_when_its_link_works(world: World) -> None:
    """And the link keeps to it."""
    world.subscribe()
    (letter,) = world.mail()
    assert "The link works until 4 August 2024, 11:00\u00a0CEST." in plain(letter)
    world.clock.now = dt.datetime(2024, 8, 4, 9, 0, 6, tzinfo=dt.UTC)
    expired = world.visitor.get(path_of(link(letter)))
    assert expired.status_code == 410
    assert '<a class="button" href="/">Subscribe</a>' in expired.text
    assert world.visitor.post(path_of(link(letter))).status_code == 410
    assert world.words() == {"anna@example.org monthly": "pending"}


@contextmanager
def refusing(own_database: str | None, tmp_path: Path) -> Iterator[tuple[World, ResendServer]]:
    """Give a service whose provider takes nothing for now."""
    with serving(ResendServer()) as server:
        server.fault = lambda _number: "429"
        provider = {"kind": "resend", "base_url": server.url, "api_key_file": "key"}
        settings = {"lists": LISTS, "provider": "main", "providers": {"main": provider}}
        settings |= {"database": own_database} if own_database else {}
        tmp_path.joinpath("key").write_text(API_KEY, encoding="utf-8")
        workspace = factories.workspace(tmp_path, **settings)
        with open_ready(workspace) as database:
            yield World(workspace, database), server


def tries(world: World, server: ResendServer, hours: int) -> list[int]:
    """Return the minutes in which a letter was tried, over some hours."""
    found, calls = [], server.sends
    for minute in range(0, hours * 60, 2):
        world.mail()
        if server.sends != calls:
            found.append(minute)
        calls = server.sends
        world.clock.forward(minutes=2)
    return found


def test_who_subscribes_while_a_provider_takes_nothing_is_not_lost(own_database: str | None, tmp_path: Path) -> None:
    """The letter is tried for two days, later each time; then the signup is forgotten, and who is known by it alone."""
    with refusing(own_database, tmp_path) as (world, server):
        world.subscribe()
        assert tries(world, server, 50) == [0, 2, 6, 12, 20, 50, 110, 230, 470, 950, 1430, 2150, 2870]
        assert (world.rows("SELECT * FROM subscribers"), world.rows("SELECT * FROM signups")) == ([], [])
        world.subscribe("ben@example.org")
        assert tries(world, server, 10) == [0, 2, 6, 12, 20, 50, 110, 230, 470]
        server.fault = lambda _number: None
        assert tries(world, server, 10) == [350]
        assert world.rows("SELECT state FROM signups") == [("sent",)]


def test_nobody_wants_a_link_to_preferences_from_yesterday(own_database: str | None, tmp_path: Path) -> None:
    """They can ask for another one; twenty minutes are waited out."""
    with refusing(own_database, tmp_path) as (world, server):
        make.subscribe(world.database, ["anna@example.org"])
        world.fill_in("/preferences", email="anna@example.org")
        assert tries(world, server, 3) == [0, 2, 6, 12, 20]
        assert world.rows("SELECT * FROM signups WHERE kind = 'preferences'") == []


def test_a_letter_whose_words_are_broken_waits_until_somebody_has_mended_them(world: World) -> None:
    """Who has signed up meanwhile could do nothing about it."""
    with patch("newsletter.web.public.letters.render_letter", side_effect=RenderingError("broken")):
        world.subscribe()
        assert world.mail() == []
    world.clock.forward(minutes=2)
    assert len(world.mail()) == 1


def test_letters_that_should_have_left_are_counted(world: World) -> None:
    """So that the team learns of it; those of the last minutes are on their way."""
    world.subscribe()
    assert letters_waiting(world.database, now=world.clock()) == 0
    world.clock.forward(minutes=11)
    assert letters_waiting(world.database, now=world.clock()) == 1
    world.mail()
    assert letters_waiting(world.database, now=world.clock()) == 0
