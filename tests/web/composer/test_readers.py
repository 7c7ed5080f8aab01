"""Readers in the studio: the numbers of the command line, and one person who asks what is held, or to be erased."""

from __future__ import annotations

import html
import json
import re

import httpx
import pytest

from newsletter import config, store
from newsletter.audience.formats import FORMATS
from newsletter.model.event import Bounce, EventKind
from tests.audience.people import sign_up, states
from tests.web.composer.studio import SETTINGS, Studio
from tests.web.composer.test_reporting import tell
from tests.web.composer.test_reviewing import cli

PEOPLE = "email,name,language,topics\nanna@example.org,Anna Berg,de,borders\nben@example.org,Ben,,\n"


@pytest.fixture
def filled(lists: Studio) -> Studio:
    """The same, with two people on the first list and one of them on the second."""
    lists.write("people.csv", PEOPLE)
    lists.write("events.csv", "email\nanna@example.org\n")
    for file, name in (("people.csv", "monthly"), ("events.csv", "events")):
        assert cli(lists, "subscribers", "import", str(lists.root / file), "--list", name).returncode == 0
    return lists


def numbers(page: str) -> dict[str, list[str]]:
    """Return each list with its numbers."""
    rows = re.findall(r'<tr><th scope="row">([^<]+).*?</tr>', page), re.findall(r'<tr><th scope="row">.*?</tr>', page)
    found = [re.findall(r'<td class="right[^"]*">([\d,]+)<span class="unseen unit"> (\w+)', row) for row in rows[1]]
    return {name: [f"{number} {word}" for number, word in row] for name, row in zip(rows[0], found, strict=True)}


def look_up(studio: Studio, address: str) -> str:
    """Look up somebody who is there, and return the path of their page."""
    answer = studio.press("/readers", address=address)
    path = answer.headers["location"]
    assert (answer.status_code, re.fullmatch(r"/readers/person/[0-9a-f]{32}", path) is not None) == (303, True)
    return path


def words(page: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")])).split())


def told(answer: httpx.Response) -> str:
    """Return what stands below a field that was not taken."""
    found = re.search(r'<p class="wrong" id="[^"]+">(.*?)</p>', answer.text)
    return " ".join(html.unescape(found[1]).split()) if found else ""


def test_without_a_database_the_page_says_how_to_begin(studio: Studio) -> None:
    """And looking makes none."""
    page = studio.show("/readers")
    assert numbers(page) == {
        "Monthly newsletter": ["0 confirmed", "0 pending", "0 unsubscribed", "0 suppressed"],
    }
    assert "Nobody is on a list yet. Begin with a file of those who have agreed to get the newsletter." in words(page)
    answer = studio.press("/readers", address="anna@example.org")
    assert (answer.status_code, told(answer)) == (422, "Nobody is here yet. Import a file first.")
    assert not (studio.root / ".newsletter").exists()


def test_without_a_list_the_page_says_how_to_have_one(studio: Studio) -> None:
    """In the section that these settings take."""
    studio.write("newsletter.toml", SETTINGS.partition("[lists")[0])
    page = studio.show("/readers")
    assert '[lists.monthly]\ntitle = "Monthly newsletter"' in html.unescape(page)
    assert 'id="import"' not in page


def test_the_numbers_are_those_of_the_command_line(filled: Studio) -> None:
    """Confirmed, pending, unsubscribed, suppressed; a list that the settings have forgotten, too."""
    cli(filled, "subscribers", "unsubscribe", "ben@example.org")
    cli(filled, "subscribers", "suppress", "anna@example.org")
    counted = json.loads(cli(filled, "lists", "--json").stdout)["lists"]
    assert numbers(filled.show("/readers")) == {
        one["title"]: [f"{one[word]} {word}" for word in ("confirmed", "pending", "unsubscribed", "suppressed")]
        for one in counted
    }
    assert [(one["confirmed"], one["unsubscribed"], one["suppressed"]) for one in counted] == [(1, 1, 1), (1, 0, 1)]
    filled.write("newsletter.toml", filled.read("newsletter.toml").replace("[lists.events]", "[lists.other]"))
    page = filled.show("/readers")
    assert list(numbers(page)) == ["Monthly newsletter", "Events", "events"]
    assert "events which the settings do not name 1 confirmed" in words(page)


def test_a_database_that_does_not_answer_is_told_on_the_page(studio: Studio) -> None:
    """The page is there all the same."""
    studio.write("newsletter.toml", 'database = "postgresql://nobody@127.0.0.1:9/none"\n' + SETTINGS)
    page = studio.show("/readers")
    assert '<div class="banner bad" role="alert">' in page
    assert 'id="look-up"' in page


def test_who_is_looked_up_is_told_in_words(filled: Studio) -> None:
    """What `subscribers show` knows; the address is on the page alone."""
    path = look_up(filled, " Anna@Example.org ")
    page = filled.show(path)
    said = words(page)
    assert "anna@example.org" in said
    for words_ in ("Monthly newsletter Confirmed since", "Events Confirmed since", "import of people.csv"):
        assert words_ in said
    for fact in ("Name Anna Berg", "Language German", "Topics borders", "How often every issue"):
        assert fact in said
    held = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    assert held
    shown = json.loads(cli(filled, "subscribers", "show", "anna@example.org").stdout)
    assert {"schema": 1, **json.loads(html.unescape(held[1]))} == shown
    assert "anna" not in path
    assert "anna" not in filled.show("/readers")


def test_a_stranger_is_not_found_and_no_notice_says_who_was_looked_for(filled: Studio) -> None:
    """The page that answers the press says so below the field, and no other page does."""
    answer = filled.press("/readers", address="nobody@example.org")
    assert (answer.status_code, told(answer)) == (
        422,
        "Nobody here has the address 'nobody@example.org'. See whether it is spelt as in the list.",
    )
    assert 'value="nobody@example.org"' in answer.text
    answer = filled.press("/readers", address="no address")
    assert told(answer).startswith("'no address' is not an address.")
    for path in ("/", "/readers"):
        assert "nobody@" not in filled.show(path)
        assert "no address" not in filled.show(path)


def test_a_person_leaves_one_list_or_all(filled: Studio) -> None:
    """By hand, as the record says; the notice names the list and not the person."""
    path = look_up(filled, "anna@example.org")
    filled.press(f"{path}/leave", list="events")
    assert filled.told(path) == "They have left Events."
    space = config.load(filled.root)
    with store.open_database(space) as database:
        assert states(database)["anna@example.org", "events"] == "unsubscribed"
        assert states(database)["anna@example.org", "monthly"] == "confirmed"
    page = words(filled.show(path))
    assert "by hand, in the composer" in page
    assert page.count("Take off this list") == 1
    filled.press(f"{path}/leave", list="")
    assert filled.told(path) == "They have left Monthly newsletter."
    filled.press(f"{path}/leave", list="monthly")
    assert filled.told(path) == "They had left already; nothing changed."
    assert "Take off" not in filled.show(path)


def test_erasing_wants_the_address_once_more(filled: Studio) -> None:
    """It is what the command line does, and nothing here remembers who it was."""
    path, again = look_up(filled, "anna@example.org"), look_up(filled, "anna@example.org")
    for typed in ("", "ben@example.org", "anna"):
        answer = filled.press(f"{path}/erase", address=typed)
        assert (answer.status_code, told(answer)) == (422, "This is not the address above, so nobody is erased.")
    assert cli(filled, "subscribers", "show", "anna@example.org").returncode == 0
    answer = filled.press(f"{path}/erase", address="ANNA@example.org")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert words(filled.show(path)).endswith(
        "Erased: 2 consents, 0 deliveries (their counts stay), 0 files with messages."
    )
    assert cli(filled, "subscribers", "show", "anna@example.org").stdout.count("anna") == 1
    assert json.loads(cli(filled, "subscribers", "show", "anna@example.org").stdout)["erased"] == "erasure"
    for page in (path, again, "/readers", "/"):
        assert "anna" not in filled.show(page)
    filled.press(f"{path}/erase", address="anna@example.org")
    filled.press(f"{path}/leave", list="")
    assert "Nothing is held any more" in filled.show(path)
    page = words(filled.show(look_up(filled, "anna@example.org")))
    assert "No longer held." in page
    assert "On none." in page


def test_somebody_who_was_erased_meanwhile_is_told_on_their_page_alone(filled: Studio) -> None:
    """No notice of another page names them."""
    path = look_up(filled, "ben@example.org")
    cli(filled, "subscribers", "erase", "ben@example.org", "--yes")
    filled.press(f"{path}/leave", list="monthly")
    assert "ben@" not in filled.show("/")
    assert "No longer held." in words(filled.show(path))


def test_what_else_is_held_is_counted_and_a_suppression_is_said(filled: Studio) -> None:
    """A request by the form, a message, and why somebody must not be written to."""
    space = config.load(filled.root)
    with store.open_database(space) as database:
        sign_up(database, "ben@example.org", "events")
    assert cli(filled, "send", "2024-07", "--yes", "--expect", "2").returncode == 0
    cli(filled, "subscribers", "suppress", "ben@example.org", "--reason", "complaint", "--source", "phone call")
    said = words(filled.show(look_up(filled, "ben@example.org")))
    assert "Must not be written to. Complaint, since" in said
    assert "; phone call." in said
    assert "1 request by a form" in said
    assert "2024-07 Accepted" in said
    # That a provider took it is not all that is known any more.
    tell(filled, ("ben", EventKind.BOUNCED, Bounce.HARD, "unknown"), ("ben", EventKind.COMPLAINED, None, ""))
    said = words(filled.show(look_up(filled, "ben@example.org")))
    assert "2024-07 Came back for good, no such address; they called it spam ·" in said


def test_what_is_held_never_becomes_markup(studio: Studio) -> None:
    """Names and sources come from strangers."""
    evil = "<img src=x onerror=alert(1)>"
    studio.write("people.csv", f"email,name,proof,wording\nanna@example.org,{evil},{evil},{evil}\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    page = studio.show(look_up(studio, "anna@example.org"))
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 3


def test_a_page_of_a_person_is_known_in_this_session_alone(filled: Studio) -> None:
    """Its address means nothing to anybody else, and to nobody later."""
    answer = filled.browser.get(f"/readers/person/{'0' * 32}")
    assert (answer.status_code, "Nobody was looked up here." in answer.text) == (404, True)
    first = look_up(filled, "anna@example.org")
    for _ in range(20):
        look_up(filled, "ben@example.org")
    assert filled.browser.get(first).status_code == 404


def test_the_review_leads_there_where_nobody_is_on_a_list(studio: Studio) -> None:
    """A team that does not use the command line can go on."""
    page = studio.show("/issues/2024-07?panel=review")
    assert 'there are no subscribers yet · <a href="/readers">import them</a>' in page
    studio.write("people.csv", "email\nanna@example.org\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    assert "1 person on Monthly newsletter<" in studio.show("/issues/2024-07?panel=review")
    cli(studio, "subscribers", "unsubscribe", "anna@example.org")
    page = studio.show("/issues/2024-07?panel=review")
    assert '0 people on Monthly newsletter · <a href="/readers">Readers</a>' in page


def test_the_page_names_every_program_whose_export_is_recognised(studio: Studio) -> None:
    """Whoever has one need not wonder; so does the help of the command."""
    hint = re.sub(r"\s+", " ", studio.show("/readers"))
    told = re.sub(r"\s+", " ", cli(studio, "subscribers", "import", "--help").stdout)
    for program in {known.program.removesuffix(" for WordPress") for known in FORMATS}:
        assert (program in hint, program in told) == (True, True), program
