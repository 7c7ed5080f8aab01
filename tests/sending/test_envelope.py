"""What surrounds an edition."""

from __future__ import annotations

import pytest

from newsletter.errors import NotFound
from newsletter.sending import Envelope
from newsletter.sending.envelope import envelope, first_name
from tests import factories
from tests.sending import making as make


def test_it_comes_from_the_settings() -> None:
    """The first list gives its name to the list headers."""
    assert envelope(factories.settings(), ["monthly"]) == make.ENVELOPE


def test_it_survives_json() -> None:
    """As the ledger keeps it."""
    assert Envelope(**make.ENVELOPE.as_json()) == make.ENVELOPE


def test_a_team_may_say_that_its_messages_are_automatic() -> None:
    """RFC 3834; nothing is said where the team has not chosen."""
    automatic = envelope(factories.settings(auto_submitted="auto-generated"), ["monthly"])
    assert dict(automatic.list_headers("2024-07"))["Auto-Submitted"] == "auto-generated"
    assert "Auto-Submitted" not in dict(make.ENVELOPE.list_headers("2024-07"))


def test_a_list_may_have_an_id_of_its_own() -> None:
    """RFC 2919: so that readers' filters go on working when a list moves to another sender."""
    lists = {"monthly": {"title": "Monthly newsletter", "list_id": "monthly.news.example.com"}}
    headers = dict(envelope(factories.settings(lists=lists), ["monthly"]).list_headers("2024-07"))
    assert headers["List-Id"] == "Monthly newsletter <monthly.news.example.com>"


def test_readers_leave_by_an_address_in_ascii() -> None:
    """A header holds no other letters: mail servers and Amazon SES refuse the message, others write raw bytes."""
    spoken = envelope(factories.settings(public_url="https://nëws.straße.example/letters"), ["monthly"])
    assert spoken.list_unsubscribe("x") == "<https://xn--nws-jma.xn--strae-oqa.example/letters/u/x>"


def test_an_unknown_list_is_told() -> None:
    """With the name that was probably meant."""
    with pytest.raises(NotFound) as caught:
        envelope(factories.settings(), ["montly"])
    assert caught.value.message == "there is no list called 'montly'; did you mean 'monthly'?"


def test_an_issue_without_lists_goes_nowhere() -> None:
    """It says so."""
    with pytest.raises(NotFound, match="the issue goes to no list"):
        envelope(factories.settings(), [])


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("", ""),
        ("Anna", "Anna"),
        ("Anna Muster", "Anna"),
        ("Dr. Anna Muster", "Anna"),
        ("Muster, Anna", "Anna"),
        ("Muster,", "Muster,"),
        ("Dr.", "Dr."),
        ("  Anna   Muster ", "Anna"),
    ],
)
def test_people_are_addressed_by_their_first_name(name: str, first: str) -> None:
    """Titles are skipped, and `Last, First` is understood."""
    assert first_name(name) == first


def test_links_of_messages_that_stay_here_lead_nowhere() -> None:
    """A reserved name, until the settings say where the public service is."""
    nowhere = Envelope("news@example.org", "", "", "monthly", "Monthly")
    assert nowhere.unsubscribe_url("x") == "https://newsletter.invalid/u/x"


def test_headers_tell_list_and_sender_without_personal_data() -> None:
    """The sender's domain may be international; a title may be anything."""
    abroad = Envelope("Verein <post@bücher.example>", "", "https://news.example.org/", "monthly", "Größe")
    assert abroad.list_unsubscribe("TOKEN") == "<https://news.example.org/u/TOKEN>"
    assert abroad.list_headers("2024-07 ü:x") == (
        ("List-Id", "=?utf-8?b?R3LDtsOfZQ==?= <monthly.xn--bcher-kva.example>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Feedback-ID", "2024-07---x:monthly:newsletter:n970ca6b73eaf"),
    )
