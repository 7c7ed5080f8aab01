"""Leaving with one click (RFC 8058) and by the page at the same address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from newsletter import audience, sending, tracking
from newsletter.store import delivery_id, read_delivery_id, rotate_keys, signing_keys
from tests import factories as make
from tests.web.readers import World, path_of
from tests.web.sent import publish, send_issue

BODIES: dict[str, dict[str, Any]] = {
    "urlencoded": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
    "empty": {},
    "empty with a type": {"content": b"", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "json": {"json": {"List-Unsubscribe": "One-Click"}},
    "rubbish": {"content": b"\xff\x00;=&&&%%%", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    "not utf-8": {"content": b"a=\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
}


@pytest.fixture
def token(world: World) -> str:
    """The token in the message that Anna got on the monthly list; she is on another one, too."""
    world.put_on("anna@example.org", "monthly", "events")
    return send_issue(world, "monthly")["anna@example.org"]


@pytest.mark.parametrize("body", BODIES)
def test_one_click_leaves_whatever_the_body_is(world: World, token: str, body: str) -> None:
    """No cookie, no redirect, 200 each time; only the list that the message was sent to."""
    stranger = world.browser()
    for _ in range(2):
        answer = stranger.post(f"/u/{token}", **BODIES[body])
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers
    assert world.words() == {"anna@example.org monthly": "unsubscribed", "anna@example.org events": "confirmed"}
    assert audience.show(world.database, "anna@example.org")["lists"][1]["source"] == "one click"


def test_who_leaves_by_a_message_is_counted_for_its_issue(world: World, token: str) -> None:
    """Once, however often they press; who had left already has not left because of it."""
    world.put_on("ben@example.org", "monthly")
    tokens = send_issue(world, "monthly", name="2024-08")
    audience.unsubscribe(world.database, "ben@example.org", source="by hand", now=world.clock())
    for one in (token, token, tokens["anna@example.org"], tokens["ben@example.org"]):
        assert world.browser().post(f"/u/{one}").status_code == 200
    left = [
        tracking.report(world.database, sending.status(world.database, name).mailing.id).readers["unsubscribed"]
        for name in ("2024-07", "2024-08")
    ]
    assert left == [1, 0]


@pytest.mark.parametrize("size", [16_385, 100_000, 3_000_000])
def test_no_body_is_too_large_to_leave(world: World, token: str, size: int) -> None:
    """What is more than a form is dropped unread, and the reader is gone all the same."""
    assert world.browser().post(f"/u/{token}", content=b"x" * size).status_code == 200
    assert world.words()["anna@example.org monthly"] == "unsubscribed"


def test_one_click_is_not_redirected_where_a_slash_was_added(world: World, token: str) -> None:
    """RFC 8058 §3.2: the answer must not be a redirect."""
    assert world.browser().get(f"/u/{token}/").text == world.browser().get(f"/u/{token}").text
    answer = world.browser().post(f"/u/{token}/", content=b"List-Unsubscribe=One-Click")
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert world.words()["anna@example.org monthly"] == "unsubscribed"


def test_one_click_is_what_the_headers_of_the_message_say(world: World) -> None:
    """One https address, without the reader's own in it, at which a POST suffices."""
    world.put_on("anna@example.org", "monthly")
    send_issue(world, "monthly")
    (message,) = world.mail()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://news.example.org/u/")
    assert "anna" not in address
    answer = world.browser().post(path_of(address), content=b"List-Unsubscribe=One-Click")
    assert answer.status_code == 200
    assert world.words() == {"anna@example.org monthly": "unsubscribed"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(world: World, token: str, method: str) -> None:
    """Scanners follow every link, and must not unsubscribe anybody."""
    for path in (f"/u/{token}", f"/u/{token}?List-Unsubscribe=One-Click", f"/v/{token}"):
        assert world.visitor.request(method, path).status_code == 200
    assert world.words()["anna@example.org monthly"] == "confirmed"


def test_the_page_has_a_button(world: World, token: str) -> None:
    """It names the list, and a second one leaves everything."""
    page = world.visitor.get(f"/u/{token}").text
    assert "Unsubscribe from Monthly newsletter?" in page
    answer = world.visitor.post(f"/u/{token}", data={"language": "en", "everything": "yes"})
    assert "You have unsubscribed" in answer.text
    assert world.words() == {"anna@example.org monthly": "unsubscribed", "anna@example.org events": "unsubscribed"}
    assert audience.show(world.database, "anna@example.org")["lists"][1]["source"] == "unsubscribe page"


def test_a_forwarded_mail_tells_nothing_about_the_person(world: World, token: str) -> None:
    """The page before, after and long after leaving is the same, and names nobody."""
    before = world.visitor.get(f"/u/{token}").text
    first = world.visitor.post(f"/u/{token}", data={"language": "en"}).text
    audience.unsubscribe(world.database, "anna@example.org", source="test", now=world.clock())
    assert world.visitor.get(f"/u/{token}").text == before
    assert world.visitor.post(f"/u/{token}", data={"language": "en"}).text == first
    for page in (before, first):
        assert "anna" not in page
        assert "Events" not in page


def test_a_forwarded_mail_cannot_change_more_than_leaving(world: World, token: str) -> None:
    """Its token opens neither preferences nor a confirmation, and brings nobody back."""
    for path in (f"/preferences/{token}", f"/confirm/{token}"):
        assert world.visitor.get(path).status_code == 410
        assert world.visitor.post(path, data={"form": "x", "list": "partners"}).status_code == 410
    world.visitor.post(f"/u/{token}")
    world.visitor.post(f"/u/{token}", data={"language": "en", "list": "monthly", "subscribe": "yes"})
    assert world.words()["anna@example.org monthly"] == "unsubscribed"


def test_the_link_to_preferences_goes_to_whoever_got_the_message(world: World, token: str) -> None:
    """Whoever opened a forwarded mail sees only that something was sent."""
    answer = world.visitor.post("/preferences", data={"language": "en", "message": token})
    assert "Please check your mailbox" in answer.text
    assert "anna" not in answer.text
    letters = [message for message in world.mail() if "link" in message["Subject"]]
    assert [letter["To"] for letter in letters] == ["anna@example.org"]


def test_links_outlive_rotated_keys(world: World, token: str) -> None:
    """What was signed with an old key is still verified."""
    for _ in range(3):
        rotate_keys(world.database, now=world.clock())
    assert world.visitor.post(f"/u/{token}").status_code == 200
    assert world.words()["anna@example.org monthly"] == "unsubscribed"


def test_links_of_somebody_who_was_erased_are_in_peace(world: World, token: str) -> None:
    """200, because there is nothing left to leave, and nobody comes into being."""
    with world.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM subscribers")
    assert world.visitor.post(f"/u/{token}").status_code == 200
    assert world.rows("SELECT id FROM subscribers") == []


def test_a_message_to_several_lists_leaves_all_of_them(world: World) -> None:
    """One click must end what the message was."""
    world.put_on("anna@example.org", "monthly", "events", "partners")
    token = send_issue(world, "monthly", "events")["anna@example.org"]
    world.visitor.post(f"/u/{token}")
    assert world.words() == {
        "anna@example.org monthly": "unsubscribed",
        "anna@example.org events": "unsubscribed",
        "anna@example.org partners": "confirmed",
    }


@pytest.mark.parametrize("text", ["", "x", "A" * 28, "../../etc/passwd", "%00", "ä", "A" * 5000])
def test_what_is_no_token_is_told_so(world: World, token: str, text: str) -> None:
    """Neither a success that is none, nor a failure of ours."""
    for method in ("GET", "POST"):
        assert world.visitor.request(method, f"/u/{text}").status_code in {404, 405}
    assert world.words()["anna@example.org monthly"] == "confirmed"


def test_the_links_of_a_mailing_that_is_lost_leave_everything(world: World, token: str) -> None:
    """Nobody must be unable to leave because the database was put back from a copy that is older than the message."""
    keys = signing_keys(world.database, now=world.clock())
    place = read_delivery_id(token, keys.all)
    assert place
    lost = delivery_id(place[0] + 1, place[1], keys.newest)
    page = world.visitor.get(f"/u/{lost}")
    assert (page.status_code, world.words()["anna@example.org monthly"]) == (200, "confirmed")
    assert world.visitor.post(f"/u/{lost}").status_code == 200
    assert set(world.words().values()) == {"unsubscribed"}


def test_another_newsletters_token_is_worth_nothing(world: World, token: str) -> None:
    """A token is good for the keys of this database alone."""
    from newsletter.store import SigningKey

    forged = delivery_id(1, 1, SigningKey(1, b"0" * 32))
    assert world.visitor.post(f"/u/{forged}").status_code == 404
    assert world.words()["anna@example.org monthly"] == "confirmed"


def test_the_links_of_a_proof_do_nothing_and_say_so(world: World) -> None:
    """The team clicks them."""
    provider, now = sending.provider(world.workspace), world.clock()
    edition = make_edition(world)
    sending.proof(
        provider, edition, sending.envelope(world.workspace.settings, ["monthly"]), ["team@example.org"], now=now
    )
    (message,) = world.mail()
    path = path_of(message["List-Unsubscribe"].strip("<>"))
    shown = path.replace("/u/", "/v/")
    for answer in (world.visitor.get(path), world.visitor.post(path), world.visitor.get(shown)):
        assert (answer.status_code, "This was a test message" in answer.text) == (200, True)


def make_edition(world: World) -> Any:
    """Return an edition of the July issue."""
    from newsletter import rendering

    return rendering.render(make.selection(), world.workspace, "en")


def test_leaving_works_in_json_for_machines(world: World, token: str) -> None:
    """Asked for JSON, the answer is JSON."""
    answer = world.visitor.post(f"/u/{token}", headers={"Accept": "application/json"})
    assert answer.json() == {"schema": 1, "left": True}


def test_leaving_is_never_limited(world: World, token: str) -> None:
    """Gmail asks for all of its users from few networks."""
    for _ in range(200):
        assert world.visitor.post(f"/u/{token}").status_code == 200


def test_leaving_speaks_the_language_of_the_message(world: World) -> None:
    """Whatever the browser's is."""
    world.put_on("anna@example.org", "monthly")
    token = send_issue(world, "monthly", language="fr")["anna@example.org"]
    page = world.visitor.get(f"/u/{token}", headers={"Accept-Language": "de"})
    assert page.headers["content-language"] == "fr"
    assert "Se désabonner" in page.text
    chosen = world.visitor.get(f"/u/{token}?language=ar", headers={"Accept-Language": "de"})
    assert 'dir="rtl"' in chosen.text


def test_leaving_speaks_to_each_reader_of_a_mailing_in_their_language(world: World) -> None:
    """A mailing has editions in several, and each message is of one."""
    world.put_on("anna@example.org", "monthly", language="en")
    world.put_on("bea@example.org", "monthly", language="fr")
    publish(world, languages=("en", "fr"))
    spoken = {
        message["To"]: world.visitor.get(path_of(message["List-Unsubscribe"].strip("<>"))).headers["content-language"]
        for message in world.mail()
    }
    assert spoken == {"anna@example.org": "en", "bea@example.org": "fr"}


def test_old_links_work_for_years(world: World, token: str) -> None:
    """Nobody must be unable to leave."""
    world.clock.now += dt.timedelta(days=3650)
    assert world.visitor.post(f"/u/{token}").status_code == 200
    assert world.words()["anna@example.org monthly"] == "unsubscribed"
