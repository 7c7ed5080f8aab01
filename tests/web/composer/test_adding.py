"""Readers one by one in the studio: somebody is added, must not be written to, may be again; and a list as a file."""

from __future__ import annotations

import csv
import email
import html
import io
import json
import re
from email import policy

import pytest

from newsletter import config, store
from tests.audience.people import sign_up, states
from tests.web.composer.studio import PEOPLE, Studio, command, subscribed
from tests.web.composer.test_readers import look_up, told, words

AGREED = {"list": "monthly", "agreed_on": "2024-07-20T10:00", "agreed_how": "email to the press office"}


def said(studio: Studio) -> dict[tuple[str, str], str]:
    """Return everybody's word on each list."""
    with store.open_database(config.load(studio.root)) as database:
        return states(database)


def offered(page: str) -> list[str]:
    """Return the lists that a person can be put on from their page."""
    return re.findall(r'<option value="(\w+)">', page.partition('id="add-list"')[2].partition("</select>")[0])


@pytest.fixture
def known(lists: Studio) -> Studio:
    """The same, with what it knows of its readers."""
    settings = lists.read("newsletter.toml")
    lists.write("newsletter.toml", f'{settings}\n[attributes.member_since]\ntype = "date"\n')
    return lists


def test_somebody_is_added_and_their_page_shows_the_proof(known: Studio) -> None:
    """The notice names the list and not the person; the first one makes the database."""
    typed = {"address": "Anna@example.org", "name": "Anna Berg", "language": "de", "topics": "Borders"}
    answer = known.press("/readers/add", **AGREED, **typed, **{"attribute.member_since": "2020-02-01"})
    path = answer.headers["location"]
    assert (answer.status_code, re.fullmatch(r"/readers/person/[0-9a-f]{32}", path) is not None) == (303, True)
    page = known.show(path)
    assert '<p class="banner said" role="status">They are on Monthly newsletter.</p>' in page
    shown = words(page)
    for fact in (
        "Anna@example.org",
        "Monthly newsletter Confirmed since",
        "by hand, in the composer · agreed on Saturday 20 July 2024, 10:00",
        "Known by: email to the press office",
        "Name Anna Berg",
        "Language German",
        "Topics borders",
        "Member since 2020-02-01",
    ):
        assert fact in shown
    known.press("/readers/add", **AGREED, address="anna@example.org")
    assert known.told() == "They were on Monthly newsletter already; nothing changed."


def test_a_topic_that_nothing_has_is_told(known: Studio) -> None:
    """Whoever is misspelt into another topic would get a thin issue, and nobody would know why."""
    typed = {"address": "anna@example.org", "topics": 'Borders, bordres, "Integration, jobs"'}
    answer = known.press("/readers/add", **AGREED, **typed)
    assert known.told(answer.headers["location"]) == (
        "They are on Monthly newsletter. Nothing here has the topics “bordres” and “integration, jobs”: whoever chose "
        "no other gets only what has no topic."
    )


def test_a_type_of_entries_that_is_broken_stops_nothing_with_readers(known: Studio) -> None:
    """They are added, shown, taken off and erased all the same; their page says what cannot be read."""
    known.write("newsletter.toml", known.read("newsletter.toml") + '\n[types]\npodcast = "team:Podcast"\n')
    answer = known.press("/readers/add", **AGREED, address="anna@example.org", topics="borders")
    page = known.show(answer.headers["location"])
    assert '<p class="banner said" role="status">They are on Monthly newsletter.</p>' in page
    assert "there is no module team." in page[page.index('id="unread"') :]
    known.press(f"{answer.headers['location']}/erase", address="anna@example.org")
    assert said(known) == {}


def test_who_is_pending_by_a_file_is_confirmed_on_their_page(known: Studio) -> None:
    """With the proof; who was asked by the form's letter answers that."""
    known.write("people.csv", "email,consent\nanna@example.org,pending\n")
    command(known, "subscribers", "import", str(known.root / "people.csv"), "--list", "monthly")
    path = look_up(known, "anna@example.org")
    assert offered(known.show(path)) == ["monthly", "events"]
    answer = known.press(f"{path}/add", **AGREED)
    assert known.told(answer.headers["location"]) == "They were pending, by a file, and are on Monthly newsletter."
    with store.open_database(config.load(known.root)) as database:
        sign_up(database, "ben@example.org", "monthly")
    assert offered(known.show(look_up(known, "ben@example.org"))) == ["events"]


def test_what_cannot_be_used_is_told_and_stays_typed(known: Studio) -> None:
    """Below the form, all of it at once, with the fields that are at fault in view."""
    typed = {"address": "anna", "name": "Anna <b>", "attribute.member_since": "soon"}
    answer = known.press("/readers/add", **AGREED, **typed)
    assert answer.status_code == 422
    assert told(answer).startswith("'anna' is not an address. ")
    assert "Member since" not in told(answer)
    assert "The attribute member_since: 'soon' is not a date" in told(answer)
    for value in ('value="anna"', 'value="Anna &lt;b&gt;"', 'value="2024-07-20T10:00"', 'value="soon"'):
        assert value in answer.text
    assert '<details class="more" id="more-of-them" open>' in answer.text
    answer = known.press("/readers/add", **AGREED | {"agreed_on": "2090-01-01T00:00", "address": "anna@example.org"})
    assert told(answer).startswith("Consent needs a day that has been, and a source.")
    assert '<details class="more" id="more-of-them">' in answer.text
    answer = known.press("/readers/add", **AGREED | {"list": "weekly", "address": "anna@example.org"})
    assert answer.status_code == 422
    assert not (known.root / ".newsletter/newsletter.db").exists() or said(known) == {}


def test_an_address_may_be_pasted_with_its_name(known: Studio) -> None:
    """As a mail program copies it; several mistakes stand on lines of their own."""
    answer = known.press("/readers/add", **AGREED, address="Anna Berg <anna@example.org>")
    shown = words(known.show(answer.headers["location"]))
    assert ("anna@example.org" in shown, "Name Anna Berg" in shown) == (True, True)
    answer = known.press("/readers/add", **AGREED, address="Anna <anna>", language="Elvish")
    assert answer.status_code == 422
    first, second = told(answer).split("<br>")
    assert first.startswith("'anna' is not an address.")
    assert second.startswith("'Elvish' is not a language")


def test_who_stays_off_is_told_on_their_page(lists: Studio) -> None:
    """Who has left, and who must not be written to; a page does what the command line would."""
    lists.press("/readers/add", **AGREED, address="anna@example.org")
    path = look_up(lists, "anna@example.org")
    lists.press(f"{path}/leave", list="monthly")
    answer = lists.press("/readers/add", **AGREED, address="anna@example.org")
    assert lists.told(answer.headers["location"]) == (
        "They are not put on Monthly newsletter. Has unsubscribed from this list. "
        "If they agreed again after they had left, say when, with the time of the day."
    )
    lists.press(f"{path}/suppress", source="phone call")
    assert lists.told(path) == "Nobody writes to them any more."
    assert "Must not be written to. By hand, since" in words(lists.show(path))
    lists.press(f"{path}/add", **AGREED | {"list": "events"})
    assert lists.told(path) == (
        "They are not put on Events. This address must not be written to (by hand). "
        "If that is so no longer: “Write to them again”, below."
    )
    assert said(lists) == {("anna@example.org", "monthly"): "unsubscribed"}
    lists.press(f"{path}/unsuppress")
    assert lists.told(path) == "They may be written to again, on the lists that they have not left."
    lists.press(f"{path}/unsuppress")
    assert lists.told(path) == "They could be written to before; nothing changed."


def test_a_person_is_put_on_another_list_from_their_page(lists: Studio) -> None:
    """Only those are offered that they are not on."""
    lists.press("/readers/add", **AGREED, address="anna@example.org")
    path = look_up(lists, "anna@example.org")
    assert offered(lists.show(path)) == ["events"]
    lists.press(f"{path}/add", **AGREED | {"list": "events"})
    assert lists.told(path) == "They are on Events."
    assert 'id="put-on"' not in lists.show(path)


def test_a_proof_that_cannot_be_used_stays_typed_on_their_page(lists: Studio) -> None:
    """The form stands open, with what is wrong below it."""
    lists.press("/readers/add", **AGREED, address="anna@example.org")
    path = look_up(lists, "anna@example.org")
    answer = lists.press(f"{path}/add", **AGREED | {"list": "events", "agreed_on": "2090-01-01T00:00"})
    assert (answer.status_code, told(answer).startswith("Consent needs a day that has been, and a source.")) == (
        422,
        True,
    )
    assert '<details class="more" id="put-on" open>' in answer.text
    for typed in ('<option value="events" selected>', 'value="2090-01-01T00:00"', f'value="{AGREED["agreed_how"]}"'):
        assert typed in answer.text
    assert said(lists) == {("anna@example.org", "monthly"): "confirmed"}


def test_of_whom_nothing_else_was_held_there_is_no_page_any_more(lists: Studio) -> None:
    """Somebody who was never on a list may be written to again: the page of all readers says so, without who."""
    command(lists, "subscribers", "suppress", "gone@example.org")
    path = look_up(lists, "gone@example.org")
    for _ in range(2):
        assert lists.press(f"{path}/unsuppress").headers["location"] == "/readers"
        assert lists.told("/readers") == "They may be written to again. Nothing else is held about them."


def test_attributes_are_typed_and_shown_in_the_same_words(known: Studio) -> None:
    """A yes stays one; a country that is written out is asked for again, and never cut off to another one's code."""
    settings = known.read("newsletter.toml")
    known.write(
        "newsletter.toml", f'{settings}\n[attributes.paid]\ntype = "boolean"\n[attributes.country]\ntype = "country"\n'
    )
    assert "maxlength" not in known.show("/readers")
    wanted = {"address": "anna@example.org", "attribute.paid": "no", "attribute.country": "Austria"}
    assert "did you mean AT?" in told(known.press("/readers/add", **AGREED, **wanted))
    answer = known.press("/readers/add", **AGREED, **wanted | {"attribute.country": "at"})
    shown = words(known.show(answer.headers["location"]))
    assert "Paid no" in shown
    assert "Country AT" in shown


def test_who_was_erased_meanwhile_is_neither_added_nor_suppressed(lists: Studio) -> None:
    """Their page holds no address any more."""
    lists.press("/readers/add", **AGREED, address="anna@example.org")
    path = look_up(lists, "anna@example.org")
    lists.press(f"{path}/erase", address="anna@example.org")
    for verb in ("add", "suppress", "unsuppress"):
        assert lists.press(f"{path}/{verb}", **AGREED).status_code == 303
    command(lists, "lists")
    assert said(lists) == {}
    answer = lists.press("/readers/add", **AGREED, address="anna@example.org")
    assert lists.told(answer.headers["location"]) == (
        "They are not put on Monthly newsletter. Is no longer held, and comes back by their own word alone (erasure). "
        "Ask them to sign up by the form; their own word is not refused."
    )


def test_who_was_erased_and_must_not_be_written_to_is_told_apart(lists: Studio) -> None:
    """The form refuses them as well, until somebody says that they may be written to again."""
    lists.press("/readers/add", **AGREED, address="anna@example.org")
    path = look_up(lists, "anna@example.org")
    assert "They can still sign up themselves." in lists.show(path)
    lists.press(f"{path}/suppress", source="phone call")
    assert "Nor can they sign up themselves, because they must not be written to." in lists.show(path)
    lists.press(f"{path}/erase", address="anna@example.org")
    path = lists.press("/readers/add", **AGREED, address="anna@example.org").headers["location"]
    assert lists.told(path).endswith(
        "If they may be written to again, they sign up by the form after: “Write to them again”, below."
    )
    refused = "Their own sign-up is refused as well, because they must not be written to. Write to them again"
    assert refused in words(lists.show(path))
    lists.press(f"{path}/unsuppress")
    assert lists.told(path) == "They may sign up again."
    page = words(lists.show(path))
    assert "(unsubscribed). Their own sign-up is not refused." in page
    assert "Write to them again" not in page


def test_a_list_is_saved_as_the_file_that_the_command_line_writes(studio: Studio) -> None:
    """With the marks by which Excel knows the letters; a formula stays words."""
    assert "Save as CSV" not in studio.show("/readers")
    subscribed(studio, *PEOPLE)
    studio.press("/readers/add", **AGREED, address="evil@example.org", name="=1+1")
    assert '<a href="/readers/lists/monthly.csv" data-file>' in studio.show("/readers")
    answer = studio.browser.get("/readers/lists/monthly.csv")
    command(studio, "subscribers", "export", "--list", "monthly", "--out", str(studio.root / "out.csv"))
    assert answer.content == (studio.root / "out.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["address"] for row in rows] == [f"{name}@example.org" for name in (*PEOPLE, "evil")]
    assert rows[-1]["name"] == "'=1+1"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="monthly-\d{4}-\d\d-\d\d\.csv"', answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "no-store"
    assert studio.browser.get("/readers/lists/weekly.csv").status_code == 404
    assert studio.stranger().get("/readers/lists/monthly.csv").status_code == 403


def test_the_message_that_somebody_would_get_is_opened(studio: Studio) -> None:
    """With their name, and what belongs to their topics alone."""
    studio.press("/readers/add", **AGREED, address="anna@example.org", name="Anna Berg", topics="work")
    studio.press("/readers/add", **AGREED, address="ben@example.org")
    messages = []
    for address in ("anna@example.org", "ben@example.org"):
        path = look_up(studio, address)
        assert f'<a href="{path}/2024-07.eml" data-file>2024-07</a>' in studio.show(path)
        answer = studio.browser.get(f"{path}/2024-07.eml")
        assert answer.headers["content-type"] == "message/rfc822"
        assert answer.headers["content-disposition"] == 'attachment; filename="2024-07.eml"'
        messages.append(email.message_from_bytes(answer.content, policy=policy.default))
    texts = [message.get_body(("plain",)).get_content() for message in messages]  # type: ignore[union-attr]
    assert [message["To"] for message in messages] == ["Anna Berg <anna@example.org>", "ben@example.org"]
    assert ["Dear Anna" in text for text in texts] == [True, False]
    assert ["wells" in text for text in texts] == [False, True]
    assert all("A forum in Tripoli" in text for text in texts)
    assert studio.browser.get(f"{path}/2024-08.eml").status_code == 404
    studio.press(f"{path}/erase", address="ben@example.org")
    assert studio.browser.get(f"{path}/2024-07.eml").status_code == 404


def test_a_message_that_cannot_be_made_leads_to_the_reason(studio: Studio) -> None:
    """With the line of the template, what to do, and the way back to the person."""
    studio.press("/readers/add", **AGREED, address="anna@example.org")
    path = look_up(studio, "anna@example.org")
    studio.write("templates/themes/monthly.mjml.j2", "<mjml>\n<mj-body>{{ nothing }}</mj-body></mjml>\n")
    for address, way in ((path, path), ("/issues/2024-07/message", "/issues/2024-07?panel=checks")):
        answer = studio.browser.get(f"{address}/2024-07.eml" if address == path else f"{address}.eml")
        said = words(answer.text)
        assert answer.status_code == 500
        assert said.startswith("The message cannot be made The template themes/monthly.mjml.j2 cannot be used.")
        assert "there is nothing called nothing Fix use one of calendar, " in said
        assert "templates/themes/monthly.mjml.j2:2:13 Nothing was sent or changed. What is named here" in said
        assert f'<a class="button" href="{way}">' in answer.text


def test_what_is_typed_never_becomes_markup(known: Studio) -> None:
    """In the form that shows it again, on the page of the person, and in what is held."""
    evil = '"><img src=x onerror=alert(1)>'
    answer = known.press("/readers/add", **AGREED | {"agreed_how": evil}, address=evil, topics=evil, language=evil)
    assert (answer.status_code, "<img" in answer.text) == (422, False)
    answer = known.press("/readers/add", **AGREED | {"agreed_how": evil}, address="anna@example.org", name=evil)
    page = known.show(answer.headers["location"])
    assert "<img" not in page
    held = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert held
    assert json.loads(html.unescape(held[1]))["name"] == evil
