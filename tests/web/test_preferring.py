"""The preference page, which only a fresh letter opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from newsletter import audience
from tests import factories as make
from tests.databases import open_ready
from tests.web.readers import LISTS, World, hidden, link, path_of


def choose(world: World, path: str, **fields: Any) -> httpx.Response:
    """Fill the page in and press its button."""
    page = world.visitor.get(path)
    return world.visitor.post(path, data=hidden(page.text) | fields)


@pytest.fixture
def reading(own_database: str | None, tmp_path: Path) -> Iterator[World]:
    """A service with topics and languages to choose among."""
    readers = {"topics": ["Diaspora", "Labour migration"], "languages": ["en", "de"]}
    more = {"database": own_database} if own_database else {}
    workspace = make.workspace(tmp_path, lists=LISTS, readers=readers, **more)
    with open_ready(workspace) as database:
        yield World(workspace, database)


def test_a_letter_brings_the_link(world: World) -> None:
    """To the address that is known, with a page that works for a day."""
    world.confirmed()
    path = world.preferences()
    page = world.visitor.get(path)
    assert page.status_code == 200
    assert "a•••@example.org" in page.text
    assert "anna@example.org" not in page.text
    world.clock.forward(hours=24)
    expired = world.visitor.get(path)
    assert expired.status_code == 410
    assert '<a class="button" href="/preferences">Send me the link</a>' in expired.text
    assert world.visitor.post(path, data={"form": "x", "leave": "yes"}).status_code == 410
    assert world.words() == {"anna@example.org monthly": "confirmed"}


def test_topics_that_a_form_asked_for_hold_once_the_letter_is_answered(reading: World) -> None:
    """Not before, because anybody can fill in a form; and a form without topics takes none away."""
    reading.subscribe("anna@example.org", "monthly", topic=["Labour migration", "Diaspora"])
    (letter,) = reading.mail()
    assert audience.show(reading.database, "anna@example.org")["topics"] is None
    reading.visitor.post(path_of(link(letter)))
    assert audience.show(reading.database, "anna@example.org")["topics"] == ["diaspora", "labour migration"]
    reading.clock.forward(days=2)
    reading.confirmed("anna@example.org", "events")
    assert audience.show(reading.database, "anna@example.org")["topics"] == ["diaspora", "labour migration"]


def test_everything_can_be_changed(reading: World) -> None:
    """Lists, topics, language, how often, and a pause."""
    reading.confirmed()
    path = reading.preferences()
    answer = choose(
        reading, path, list=["events"], topic=["labour migration"], reading="de", frequency="quarterly", pause="2"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?saved=yes&language=en")
    assert reading.words() == {"anna@example.org monthly": "unsubscribed", "anna@example.org events": "confirmed"}
    held = audience.show(reading.database, "anna@example.org")
    assert (held["topics"], held["language"], held["frequency"], held["paused_until"]) == (
        ["labour migration"],
        "de",
        "quarterly",
        "2024-09-25T22:00:00+00:00",
    )
    page = reading.visitor.get(f"{path}?saved=yes&language=en").text
    assert "Saved" in page
    assert "You get nothing until 26 September 2024." in page


def test_a_language_can_be_given_up_again(reading: World) -> None:
    """The page offers to get an issue as it comes; a form that does not ask changes nothing."""
    reading.confirmed()
    path = reading.preferences()
    for chosen, then in ({"reading": "de"}, "de"), ({}, "de"), ({"reading": ""}, ""):
        reading.visitor.post(path, data={"form": "x", "list": "monthly"} | chosen)
        assert audience.show(reading.database, "anna@example.org")["language"] == then


def test_joining_a_list_on_the_page_is_consent(world: World) -> None:
    """Its wording is kept, and how it is known."""
    world.confirmed()
    choose(world, world.preferences(), list=["monthly", "events"], frequency="every issue", pause="0")
    events = audience.show(world.database, "anna@example.org")["lists"][0]
    assert (events["list"], events["consent"], events["source"]) == ("events", "confirmed", "preference page")
    assert events["wording"].startswith("By saving I ask ICMPD Newsletter")
    assert "preference page" in events["proof"]


def test_a_page_that_was_open_while_the_reader_left_brings_nobody_back(world: World) -> None:
    """Its box is still ticked; the rest is saved, and the page then shows what is. Ticked anew, it is consent."""
    world.confirmed()
    path = world.preferences()
    old = hidden(world.visitor.get(path).text)
    audience.unsubscribe(world.database, "anna@example.org", source="one click", now=world.clock())
    ticked = {"list": ["monthly"], "frequency": "quarterly"}
    answer = world.visitor.post(path, data=old | ticked)
    assert (answer.status_code, world.words()) == (303, {"anna@example.org monthly": "unsubscribed"})
    assert audience.show(world.database, "anna@example.org")["frequency"] == "quarterly"
    choose(world, path, **ticked)
    assert world.words() == {"anna@example.org monthly": "confirmed"}


def test_a_pause_is_kept_and_ended(world: World) -> None:
    """Saving something else does not end it."""
    world.confirmed()
    path = world.preferences()
    choose(world, path, list="monthly", pause="3")
    before = audience.show(world.database, "anna@example.org")["paused_until"]
    assert '<option value="keep" selected>' in world.visitor.get(path).text
    choose(world, path, list="monthly", pause="keep")
    assert audience.show(world.database, "anna@example.org")["paused_until"] == before
    choose(world, path, list="monthly", pause="0")
    assert audience.show(world.database, "anna@example.org")["paused_until"] is None
    assert '<option value="0" selected>' in world.visitor.get(path).text


def test_a_pause_ends_with_the_night_before_the_day_that_is_named(world: World) -> None:
    """An issue that leaves in that morning goes to whoever had chosen the pause in an afternoon."""
    world.confirmed()
    world.clock.forward(hours=8)
    path = world.preferences()
    choose(world, path, list="monthly", pause="1")
    assert "You get nothing until 27 August 2024." in world.visitor.get(path).text
    day = dt.datetime(2024, 8, 27, tzinfo=world.workspace.settings.zone)
    assert audience.show(world.database, "anna@example.org")["paused_until"] == day.astimezone(dt.UTC).isoformat()


def test_everything_can_be_left(world: World) -> None:
    """With one button."""
    world.confirmed("anna@example.org", "monthly", "events")
    answer = choose(world, world.preferences(), leave="yes", list=["monthly", "events"])
    assert "You get no more messages from us." in answer.text
    assert '<a class="way" href="/">Subscribe again</a>' in answer.text
    assert set(world.words().values()) == {"unsubscribed"}


def test_private_lists_are_seen_by_those_who_are_on_them(world: World) -> None:
    """They may leave; nobody joins by knowing the name."""
    world.confirmed()
    path = world.preferences()
    assert "Partners" not in world.visitor.get(path).text
    choose(world, path, list=["monthly", "partners"])
    assert "anna@example.org partners" not in world.words()
    world.put_on("anna@example.org", "partners")
    assert "Partners" in world.visitor.get(path).text
    choose(world, path, list=["monthly"])
    assert world.words()["anna@example.org partners"] == "unsubscribed"


@pytest.mark.parametrize("body", [b"", b"\xff", b"list=monthly", b"list=events&frequency=hourly&pause=99999999999"])
def test_a_body_that_is_no_form_of_ours_takes_nobody_off(world: World, body: bytes) -> None:
    """What is missing in it is not a choice."""
    world.confirmed()
    path = world.preferences()
    answer = world.visitor.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400
    assert world.words() == {"anna@example.org monthly": "confirmed"}


def test_choices_that_are_not_offered_are_no_choices(world: World) -> None:
    """A changed form cannot write what the page does not show."""
    world.confirmed()
    choose(
        world, world.preferences(), list=["monthly", "x"], topic=["<b>"], reading="xx", frequency="hourly", pause="4711"
    )
    held = audience.show(world.database, "anna@example.org")
    assert (held["topics"], held["language"], held["frequency"], held["paused_until"]) == (
        None,
        "en",
        "every issue",
        None,
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ],
)
def test_another_site_cannot_press_the_buttons(world: World, headers: dict[str, str]) -> None:
    """Neither confirming nor changing works from elsewhere."""
    world.subscribe()
    (letter,) = world.mail()
    assert world.visitor.post(path_of(link(letter)), headers=headers).status_code == 403
    assert world.words() == {"anna@example.org monthly": "pending"}
    world.visitor.post(path_of(link(letter)), headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"})
    path = world.preferences()
    answer = world.visitor.post(path, data={"form": "x", "leave": "yes", "language": "de"}, headers=headers)
    assert answer.status_code == 403
    assert '<html lang="de"' in answer.text
    assert world.words() == {"anna@example.org monthly": "confirmed"}


def test_what_a_machine_asks_for_brings_no_letter(world: World) -> None:
    """Only machines fill in what nobody sees; the answer is the same as for people."""
    world.confirmed()
    asked = world.fill_in("/preferences", email="nobody@example.org")
    machine = world.fill_in("/preferences", email="anna@example.org", website="https://spam.example")
    assert (machine.status_code, machine.text) == (asked.status_code, asked.text.replace("nobody@", "anna@"))
    assert world.mail() == []


def test_one_letter_a_day_brings_the_link(world: World) -> None:
    """However often it is asked for; a second day brings another."""
    world.confirmed()
    for _ in range(5):
        world.fill_in("/preferences", email="anna@example.org")
    assert len(world.mail()) == 1
    world.clock.forward(hours=25)
    world.fill_in("/preferences", email="anna@example.org")
    assert len(world.mail()) == 1


def test_confirming_twice_opens_preferences_once(world: World) -> None:
    """An old letter, forwarded, leads nowhere but to a sentence, and brings nobody back."""
    world.subscribe()
    (letter,) = world.mail()
    path = path_of(link(letter))
    assert "/preferences/" in world.visitor.post(path).text
    again = world.visitor.post(path)
    assert (again.status_code, "/preferences/" in again.text) == (200, False)
    audience.unsubscribe(world.database, "anna@example.org", source="one click", now=world.clock())
    again = world.visitor.post(path)
    assert again.status_code == 410
    assert "/preferences/" not in again.text
    assert world.words() == {"anna@example.org monthly": "unsubscribed"}


def test_the_way_out_of_a_letter_about_preferences_leaves_everything(world: World) -> None:
    """What mail programs show as Unsubscribe does what it says."""
    world.confirmed("anna@example.org", "monthly", "events")
    world.fill_in("/preferences", email="anna@example.org")
    (letter,) = world.mail()
    assert world.visitor.post(path_of(letter["List-Unsubscribe"].strip("<>"))).status_code == 200
    assert set(world.words().values()) == {"unsubscribed"}


def test_the_way_out_of_a_letter_to_who_is_subscribed_already_leaves_everything(world: World) -> None:
    """It asks for no consent that could be declined: whoever wants to leave by it has lists to leave."""
    world.confirmed("anna@example.org", "monthly", "events")
    world.clock.forward(hours=25)
    world.subscribe("anna@example.org", "monthly")
    (letter,) = world.mail()
    way = path_of(letter["List-Unsubscribe"].strip("<>"))
    assert "You did not ask for our message?" not in world.visitor.get(way).text
    assert world.visitor.post(way, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert set(world.words().values()) == {"unsubscribed"}


def test_who_leaves_while_the_page_is_being_saved_has_left(world: World) -> None:
    """What a page had ticked is compared with what holds when it is written, not with what held a moment before."""
    world.confirmed()
    (number,) = world.rows("SELECT id FROM subscribers")[0]
    held = audience.preferences(world.database, number)
    assert held is not None
    audience.unsubscribe_by_id(world.database, number, source="one click", now=world.clock())
    changes = audience.Changes(
        offered=("monthly", "events"),
        lists=frozenset({"monthly"}),
        topics=(),
        language="en",
        frequency=held.frequency,
        paused_until=None,
        wordings={},
        proof="",
        had=held.lists,
    )
    audience.change_preferences(world.database, number, changes, now=world.clock())
    assert world.words() == {"anna@example.org monthly": "unsubscribed"}


def test_who_joins_a_list_while_the_page_is_open_stays_on_it(world: World) -> None:
    """Its box was not ticked when the page was shown, and nobody has taken a tick out since."""
    world.confirmed()
    path = world.preferences()
    page = hidden(world.visitor.get(path).text)
    world.clock.forward(hours=1)
    world.confirmed("anna@example.org", "events")
    world.visitor.post(path, data=page | {"list": "monthly", "frequency": "every issue", "pause": "0"})
    assert world.words() == {"anna@example.org monthly": "confirmed", "anna@example.org events": "confirmed"}
    world.visitor.post(path, data=page | {"frequency": "every issue", "pause": "0"})
    assert world.words() == {"anna@example.org monthly": "unsubscribed", "anna@example.org events": "confirmed"}
