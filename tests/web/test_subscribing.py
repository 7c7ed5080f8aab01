"""Subscribing by the form: nobody is told who is known, nobody is written to against their will."""

from __future__ import annotations

import re

import pytest

from newsletter import audience, pipeline
from newsletter.model.consent import Suppression
from tests.audience.people import messages, put
from tests.web.readers import World, hidden, link, path_of


def test_a_reader_subscribes_by_answering_a_letter(world: World) -> None:
    """Form, letter, question, button: nothing is confirmed before the last."""
    world.subscribe(name="Anna Berg")
    (letter,) = world.mail()
    assert letter["To"] == "anna@example.org"
    assert letter["Subject"] == "Please confirm: ICMPD Newsletter"
    assert world.words() == {"anna@example.org monthly": "pending"}
    path = path_of(link(letter))
    assert "Monthly newsletter" in world.visitor.get(path).text
    assert world.words() == {"anna@example.org monthly": "pending"}
    answer = world.visitor.post(path)
    assert (answer.status_code, "You are subscribed" in answer.text) == (200, True)
    assert world.words() == {"anna@example.org monthly": "confirmed"}
    assert world.rows("SELECT name, language FROM subscribers") == [("Anna Berg", "en")]


def test_consent_is_proven(world: World) -> None:
    """What the form said, when the button was pressed, and which signup's link it was."""
    world.confirmed()
    shown = audience.show(world.database, "anna@example.org")["lists"]
    assert shown == [
        {
            "list": "monthly",
            "consent": "confirmed",
            "source": "form",
            "changed_at": "2024-07-28T09:00:05+00:00",
            "wording": "By subscribing I ask ICMPD Newsletter to send me by email what I have chosen here. "
            "I can leave at any time, with one click in every message.",
            "confirmed_at": "2024-07-28T09:00:05+00:00",
            "proof": "pressed the button behind the link of signup 1",
        }
    ]


def test_the_wording_that_is_kept_is_the_one_that_was_shown(world: World) -> None:
    """A sentence that nobody has seen proves nothing."""
    page = world.visitor.get("/subscribe").text
    world.subscribe()
    ((wording,),) = world.rows("SELECT wording FROM signups")
    assert wording in page


@pytest.mark.parametrize("address", ["known@example.org", "left@example.org", "bounced@example.org", "new@example.org"])
@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
def test_the_answer_is_the_same_whoever_it_is(world: World, address: str, path: str) -> None:
    """Status, headers and every byte but the address typed: for members, leavers, the suppressed and strangers."""
    world.put_on("known@example.org")
    world.put_on("left@example.org")
    audience.unsubscribe(world.database, "left@example.org", source="test", now=world.clock())
    audience.suppress(
        world.database, "bounced@example.org", reason=Suppression.BOUNCE, source="test", now=world.clock()
    )
    stranger = re.sub(r"\w(?=.*@)", "x", address)
    nobody = world.fill_in(path, email=stranger, list="monthly")
    answer = world.fill_in(path, email=address, list="monthly")
    expected = nobody.text.replace(stranger, address)
    assert (answer.status_code, answer.text, dict(answer.headers)) == (200, expected, dict(nobody.headers))
    assert "mailbox" in answer.text


@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
def test_the_answer_repeats_the_address(world: World, path: str) -> None:
    """A slip of the pen shows, as it is read: an address from left to right in any language, and nothing as markup."""
    answer = world.fill_in(path, email="  anna&co@example.org ", list="monthly", language="ar")
    assert '<p class="lead"><bdi dir="ltr">anna&amp;co@example.org</bdi></p>' in answer.text


def test_what_is_asked_is_kept_without_a_look_at_who_is_known(world: World) -> None:
    """The answer is made of the same statements for everybody, so that time tells nothing."""
    world.put_on("known@example.org")
    for address in ("known@example.org", "new@example.org"):
        world.subscribe(address)
    assert world.rows("SELECT address, subscriber_id, state FROM signups ORDER BY id") == [
        ("known@example.org", None, "asked"),
        ("new@example.org", None, "asked"),
    ]


@pytest.mark.parametrize("reason", list(Suppression))
def test_nobody_writes_to_the_suppressed(world: World, reason: Suppression) -> None:
    """Neither a letter nor a row remains of somebody else's attempt."""
    audience.suppress(world.database, "anna@example.org", reason=reason, source="test", now=world.clock())
    world.subscribe()
    assert world.mail() == []
    assert world.rows("SELECT address, address_key FROM signups") == []
    assert world.rows("SELECT address FROM subscribers") == []


def test_the_erased_come_back_by_answering_a_letter_alone(world: World) -> None:
    """To a form they are strangers like any other; only the answer of the address's owner lifts the hash."""
    world.confirmed()
    stranger = world.subscribe("nobody@example.org")
    audience.erase(world.database, "anna@example.org", now=world.clock())
    answer = world.subscribe()
    assert (answer.status_code, answer.text) == (200, stranger.text.replace("nobody@", "anna@"))
    letter = world.mail()[-1]
    assert letter["To"] == "anna@example.org"
    assert world.rows("SELECT count(*) FROM erasures") == [(1,)]
    assert world.rows("SELECT state FROM consents WHERE state <> 'pending'") == []
    assert world.visitor.post(path_of(link(letter))).status_code == 200
    assert world.rows("SELECT count(*) FROM erasures") == [(0,)]
    assert world.rows("SELECT state FROM consents ORDER BY state") == [("confirmed",), ("pending",)]


def test_the_erased_come_back_by_the_preference_page_as_well(world: World) -> None:
    """Its link came to their mailbox: joining a list there is their word, and no hash says otherwise afterwards."""
    world.confirmed()
    audience.erase(world.database, "anna@example.org", now=world.clock())
    world.subscribe()
    world.mail()
    path = world.preferences()
    page = world.visitor.get(path)
    assert world.rows("SELECT count(*) FROM erasures") == [(1,)]
    world.visitor.post(path, data=hidden(page.text) | {"list": ["events"]})
    assert world.words() == {"anna@example.org monthly": "pending", "anna@example.org events": "confirmed"}
    assert world.rows("SELECT count(*) FROM erasures") == [(0,)]


def test_erasing_takes_what_was_asked_with_it(world: World) -> None:
    """A letter that waits is not written, one that was cannot be answered."""
    world.confirmed()
    world.subscribe("anna@example.org", "events")
    (letter,) = world.mail()
    world.subscribe()
    audience.erase(world.database, "anna@example.org", now=world.clock())
    assert world.rows("SELECT id FROM signups") == []
    assert world.visitor.post(path_of(link(letter))).status_code == 410
    assert world.rows("SELECT id FROM subscribers") == []


def test_who_has_only_asked_can_be_erased(world: World) -> None:
    """Before anybody has looked at the form: what is shown about an address can also be erased."""
    world.subscribe()
    assert audience.show(world.database, "anna@example.org")["signups"][0]["state"] == "asked"
    audience.erase(world.database, "anna@example.org", now=world.clock())
    assert world.rows("SELECT id FROM signups") == []
    assert world.mail() == []


def test_erasing_takes_letters_out_of_the_outbox(world: World) -> None:
    """Those to this address, and no others."""
    world.subscribe("anna@example.org")
    world.subscribe("anna.other@example.org")
    assert len(world.mail()) == 2
    _, files = pipeline.erase(world.workspace, world.database, "Anna@example.org", now=world.clock())
    assert files == 1
    (left,) = world.workspace.state.glob("outbox/letter-*/*.eml")
    assert b"To: anna.other@example.org" in left.read_bytes()


def test_an_address_gets_one_unanswered_letter_a_day(world: World) -> None:
    """However often and from wherever somebody enters it, in whatever spelling."""
    for number in range(20):
        visitor = world.browser((f"203.0.113.{number}", 50000))
        world.fill_in(visitor=visitor, email=("Anna@Example.org", "anna@example.org")[number % 2], list="monthly")
    assert len(world.mail()) == 1
    world.clock.forward(hours=23)
    world.subscribe()
    assert world.mail() == []
    world.clock.forward(hours=2)
    world.subscribe()
    assert len(world.mail()) == 1


def test_who_has_confirmed_may_subscribe_again_the_same_day(world: World) -> None:
    """A letter that was answered is not pending; three a day are enough for anybody."""
    for _ in range(3):
        world.confirmed()
        audience.unsubscribe(world.database, "anna@example.org", source="test", now=world.clock())
    world.subscribe()
    assert world.mail() == []


def test_who_declines_is_left_alone(world: World) -> None:
    """For thirty days no form writes there, and nothing is left on the lists."""
    world.subscribe()
    (letter,) = world.mail()
    path = path_of(letter["List-Unsubscribe"].strip("<>"))
    asked = world.visitor.get(path)
    assert (asked.status_code, "You did not ask for our message?" in asked.text) == (200, True)
    answer = world.visitor.post(path)
    assert (answer.status_code, "We will not write to you" in answer.text) == (200, True)
    assert world.words() == {}
    world.clock.forward(days=29)
    world.subscribe()
    assert world.mail() == []
    world.clock.forward(days=2)
    world.subscribe()
    assert len(world.mail()) == 1


def test_the_button_pressed_again_tells_the_truth(world: World) -> None:
    """It names the lists that the reader is still on; who has left them all is not told that they are subscribed."""
    world.subscribe("anna@example.org", "monthly", "events")
    path = path_of(link(*world.mail()))
    pressed = [world.visitor.post(path).text for _ in range(2)]
    assert ["You are subscribed" in text for text in pressed] == [True, True]
    audience.unsubscribe(world.database, "anna@example.org", ["events"], source="test", now=world.clock())
    again = world.visitor.post(path).text
    assert ("You are subscribed" in again, "Monthly newsletter" in again, "Events" in again) == (True, True, False)
    audience.unsubscribe(world.database, "anna@example.org", source="test", now=world.clock())
    for answer in (world.visitor.get(path), world.visitor.post(path)):
        assert (answer.status_code, "subscribed" in answer.text) == (410, False)
    assert set(world.words().values()) == {"unsubscribed"}


@pytest.mark.parametrize("name", ["monthly", "events"])
def test_no_file_takes_up_who_has_just_said_no(world: World, name: str) -> None:
    """Whichever list it is for: what they had only been asked for goes with their no, and must not read as unknown."""
    world.subscribe("anna@example.org", "monthly")
    (letter,) = world.mail()
    world.clock.forward(hours=25)
    world.subscribe("anna@example.org", "events")
    world.mail()
    world.visitor.post("/u/" + letter["List-Unsubscribe"].strip("<>").rpartition("/")[2])
    made = put(world.database, world.workspace, "email\nanna@example.org\n", name, now=world.clock())
    assert messages(made) == ["2: blocked: was asked lately and has said no"]
    assert world.words() == {}


def test_a_declined_signup_cannot_be_confirmed(world: World) -> None:
    """The last word was no."""
    world.subscribe()
    (letter,) = world.mail()
    world.visitor.post(path_of(letter["List-Unsubscribe"].strip("<>")))
    assert world.visitor.post(path_of(link(letter))).status_code == 410
    assert world.words() == {}


def test_a_form_changes_nothing_about_who_is_known(world: World) -> None:
    """Who left stays away, and name and language stay, until the letter is answered."""
    world.put_on("anna@example.org", name="Anna Berg", language="de")
    audience.unsubscribe(world.database, "anna@example.org", source="one click", now=world.clock())
    before = audience.show(world.database, "anna@example.org")
    world.subscribe(name="Somebody Else")
    (letter,) = world.mail()
    during = audience.show(world.database, "anna@example.org")
    assert [signup["state"] for signup in during.pop("signups")] == ["sent"]
    assert during == before
    world.visitor.post(path_of(link(letter)))
    after = audience.show(world.database, "anna@example.org")
    assert (after["name"], after["lists"][0]["consent"]) == ("Somebody Else", "confirmed")


def test_who_is_on_the_list_is_told_so_by_letter_alone(world: World) -> None:
    """The link leads to their preferences; nothing changes."""
    world.put_on("anna@example.org")
    world.subscribe()
    (letter,) = world.mail()
    assert letter["Subject"] == "You are already subscribed: ICMPD Newsletter"
    assert "/preferences/" in link(letter)
    assert world.words() == {"anna@example.org monthly": "confirmed"}


def test_no_text_of_a_stranger_comes_into_a_letter(world: World) -> None:
    """A name may be an advertisement, so it is never sent to whoever owns the address."""
    world.subscribe(name="Win now at https://spam.example")
    (letter,) = world.mail()
    assert "spam.example" not in letter.as_string()


def test_machines_that_fill_in_everything_get_nothing(world: World) -> None:
    """The answer is as always, and nothing is kept."""
    person = world.subscribe("anna@example.org")
    machine = world.subscribe("bot@example.org", website="https://spam.example")
    assert (machine.status_code, machine.text) == (person.status_code, person.text.replace("anna@", "bot@"))
    assert [row[0] for row in world.rows("SELECT address FROM signups")] == ["anna@example.org"]


@pytest.mark.parametrize("wait", [0.0, 1.0, 13 * 3600.0])
def test_forms_filled_in_too_fast_or_too_late_come_again(world: World, wait: float) -> None:
    """What was written is still there, and a second press is enough."""
    page = world.visitor.get("/subscribe")
    world.clock.forward(seconds=wait)
    again = world.visitor.post(
        "/subscribe", data=hidden(page.text) | {"email": "anna@example.org", "list": ["events"], "name": "Anna"}
    )
    assert "press the button once more" in again.text
    assert 'value="anna@example.org"' in again.text
    assert world.rows("SELECT id FROM signups") == []
    world.clock.forward(seconds=3)
    world.visitor.post("/subscribe", data=hidden(again.text) | {"email": "anna@example.org", "list": ["events"]})
    assert len(world.rows("SELECT id FROM signups")) == 1


@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
def test_the_button_of_the_second_page_can_be_pressed_at_once(world: World, path: str) -> None:
    """The form keeps the time at which it was first shown; else the same page would come, and seem to do nothing."""
    fields = {"email": "anna@example.org", "list": "monthly"}
    first = world.visitor.get(path)
    world.clock.forward(seconds=1)
    second = world.visitor.post(path, data=hidden(first.text) | fields)
    assert "press the button once more" in second.text
    world.clock.forward(seconds=1)
    assert "Please check your mailbox" in world.visitor.post(path, data=hidden(second.text) | fields).text
    world.clock.forward(hours=12)
    third = world.visitor.post(path, data=hidden(second.text) | fields)
    assert "press the button once more" in third.text
    assert hidden(third.text)["form"] != hidden(first.text)["form"]


def test_a_form_on_another_site_needs_one_more_press(world: World) -> None:
    """A page elsewhere can neither subscribe anybody in a visitor's name nor be of no use: the fields arrive filled."""
    answer = world.visitor.post(
        "/subscribe",
        data={"email": "anna@example.org", "list": "events"},
        headers={"Origin": "https://www.example.org", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200
    assert "press the button once more" in answer.text
    assert 'value="anna@example.org"' in answer.text
    assert world.mail() == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("", 422),
        ("anna", 422),
        ("anna@", 422),
        ("a b@example.org", 422),
        ("<script>@example.org", 422),
        ("anna@example.org\r\nBcc: all@example.org", 422),
        ("a" * 300 + "@example.org", 422),
        # The outbox, as most providers, carries no letters beyond ASCII before the @: no letter would ever come.
        ("ännä@example.org", 422),
    ],
)
def test_what_is_no_address_is_told_at_the_field(world: World, address: str, status: int) -> None:
    """With the words of the reader still there, and escaped."""
    answer = world.subscribe(address)
    assert answer.status_code == status
    assert 'aria-invalid="true"' in answer.text
    assert "<script>" not in answer.text
    assert world.rows("SELECT id FROM signups") == []


def test_all_that_is_wrong_is_told_at_once(world: World) -> None:
    """Above the form, with a link to the field; at the field; and in the tab's name, which is read out first."""
    page = world.fill_in(email="nobody").text
    notice = page.partition('role="alert"')[2].partition("</div>")[0]
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', notice) == [
        ("email", "This is not a complete email address. Write it as in name@example.org."),
        ("list-1", "What would you like to get? Choose at least one."),
    ]
    assert [page.count(f'id="{name}"') for name in ("email", "email-error", "list-1", "lists-error")] == [1, 1, 1, 1]
    assert "<title>Please look at this again: Subscribe to" in page


@pytest.mark.parametrize("name", ["partners", "nothing", "monthly'; DROP TABLE lists"])
def test_only_public_lists_can_be_joined(world: World, name: str) -> None:
    """A private list is not offered, and asking for it by name is as asking for none."""
    assert "Partners" not in world.visitor.get(f"/subscribe?list={name}").text
    assert world.subscribe("anna@example.org", name).status_code == 422
    assert world.rows("SELECT id FROM signups") == []


def test_signups_are_forgotten_in_time(world: World) -> None:
    """After thirty days nobody knows any more that an address was once entered and never confirmed."""
    world.subscribe("stranger@example.org")
    world.mail()
    world.clock.forward(days=31)
    audience.forget_signups(world.database, now=world.clock())
    assert world.rows("SELECT address FROM subscribers") == []
    assert world.rows("SELECT id FROM signups") == []


def test_those_who_confirmed_are_not_forgotten(world: World) -> None:
    """Their consent outlives the signup that brought it."""
    world.confirmed()
    world.clock.forward(days=31)
    audience.forget_signups(world.database, now=world.clock())
    assert world.words() == {"anna@example.org monthly": "confirmed"}
    assert world.rows("SELECT id FROM signups") == []


def test_words_stand_beside_each_other_as_the_language_has_it(world: World) -> None:
    """No blank behind a Japanese colon, which brings one along."""
    pages = [world.fill_in(f"/subscribe?language={language}", email="anna@").text for language in ("ja", "es")]
    titles = [page.partition("<title>")[2].partition("</title>")[0] for page in pages]
    assert [re.findall(r"[：:]\s*", title)[0] for title in titles] == ["：", ": "]
