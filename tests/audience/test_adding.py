"""One person who is put on a list by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from newsletter.audience import (
    Evidence,
    Newcomer,
    Verdict,
    add,
    count_lists,
    decline,
    erase,
    show,
    suppress,
    unsubscribe,
)
from newsletter.config import Workspace
from newsletter.errors import AudienceError, NotFound, Refused, SeveralMistakes
from newsletter.model.attribute import Attribute
from newsletter.model.consent import Suppression
from newsletter.store import Database
from tests.audience.people import NOW, people, put, sign_up, states

AGREED = Evidence(NOW - dt.timedelta(days=2), "email to the press office")
LATER = NOW + dt.timedelta(days=1)
ANNA = Newcomer("Anna@example.org", "Anna  Berg", "de", "Borders, work", {"country": "at", "seats": "5"})


def put_on(
    database: Database, space: Workspace, newcomer: Newcomer, agreed: Evidence = AGREED, **options: Any
) -> Verdict:
    """Put somebody on the monthly list."""
    known = {"country": Attribute(type="country"), "seats": Attribute(type="number", title="Seats")}
    settings = space.settings.model_copy(update={"attributes": known})
    given: dict[str, Any] = {"settings": settings, "source": "by hand", "now": NOW} | options
    return add(database, newcomer, given.pop("list_name", "monthly"), agreed, **given)


def test_a_person_is_added_with_the_proof_that_they_agreed(database: Database, workspace: Workspace) -> None:
    """All that is said of them is kept, and they are counted."""
    assert put_on(database, workspace, ANNA) is Verdict.ADDED
    held = show(database, "anna@example.org")
    assert {name: held[name] for name in ("address", "name", "language", "topics", "attributes", "lists")} == {
        "address": "Anna@example.org",
        "name": "Anna Berg",
        "language": "de",
        "topics": ["borders", "work"],
        "attributes": {"country": "AT", "seats": 5},
        "lists": [
            {
                "list": "monthly",
                "consent": "confirmed",
                "changed_at": "2024-07-28T09:00:00+00:00",
                "source": "by hand",
                "wording": "",
                "confirmed_at": "2024-07-26T09:00:00+00:00",
                "proof": "email to the press office",
            }
        ],
    }
    assert [one.confirmed for one in count_lists(database, workspace.settings)] == [1, 0]


def test_who_is_on_the_list_keeps_their_word_and_what_is_not_said(database: Database, workspace: Workspace) -> None:
    """The first consent is the one that holds; a name, a language and attributes may be new."""
    put_on(database, workspace, ANNA)
    assert put_on(database, workspace, Newcomer("anna@example.org"), now=LATER) is Verdict.UNCHANGED
    assert (
        put_on(database, workspace, Newcomer("anna@example.org", "Anna Wald", attributes={"seats": "6"}), now=LATER)
        is Verdict.UPDATED
    )
    held = show(database, "anna@example.org")
    assert (held["name"], held["language"], held["attributes"]) == ("Anna Wald", "de", {"country": "AT", "seats": 6})
    assert held["lists"][0]["changed_at"] == "2024-07-28T09:00:00+00:00"


def test_who_has_left_comes_back_only_if_they_agreed_after_that(database: Database, workspace: Workspace) -> None:
    """Whoever types the address cannot overrule the person."""
    put_on(database, workspace, ANNA)
    unsubscribe(database, "anna@example.org", ["monthly"], source="link", now=NOW)
    with pytest.raises(Refused) as caught:
        put_on(database, workspace, ANNA, now=LATER)
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "Anna@example.org is not put on monthly",
        "has unsubscribed from this list",
        "if they agreed again after they had left, say when, with the time of the day",
    )
    assert states(database) == {("anna@example.org", "monthly"): "unsubscribed"}
    with pytest.raises(Refused, match="is not put on events"):
        put_on(database, workspace, ANNA, list_name="events", now=LATER)
    again = replace(AGREED, at=NOW + dt.timedelta(hours=1))
    assert put_on(database, workspace, ANNA, again, now=LATER) is Verdict.RESUBSCRIBED
    assert put_on(database, workspace, ANNA, list_name="events", now=LATER) is Verdict.ADDED


def test_who_must_not_be_written_to_is_not_added(database: Database, workspace: Workspace) -> None:
    """Neither a suppressed nor an erased address, and nothing is kept of the attempt."""
    suppress(database, "anna@example.org", reason=Suppression.BOUNCE, source="test", now=NOW)
    with pytest.raises(Refused) as caught:
        put_on(database, workspace, ANNA)
    assert (caught.value.why, caught.value.fix) == (
        "this address must not be written to (bounce)",
        "if that is so no longer: newsletter subscribers unsuppress Anna@example.org",
    )
    put(database, workspace, "email\nben@example.org\n")
    erase(database, "ben@example.org", now=NOW)
    with pytest.raises(Refused) as caught:
        put_on(database, workspace, Newcomer("ben@example.org"))
    assert (caught.value.why, caught.value.fix) == (
        "is no longer held, and comes back by their own word alone (erasure)",
        "ask them to sign up by the form; their own word is not refused",
    )
    suppress(database, "cleo@example.org", reason=Suppression.BY_HAND, source="phone call", now=NOW)
    erase(database, "cleo@example.org", now=NOW)
    with pytest.raises(Refused) as caught:
        put_on(database, workspace, Newcomer("cleo@example.org"))
    assert caught.value.fix == (
        "if they may be written to again, they sign up by the form after: "
        "newsletter subscribers unsuppress cleo@example.org"
    )
    assert states(database) == {}


def test_who_was_asked_by_a_letter_answers_it(database: Database, workspace: Workspace) -> None:
    """Or has said no to it, which holds as well."""
    signup = sign_up(database, "anna@example.org", "monthly")
    assert signup
    with pytest.raises(Refused, match="is not put on monthly") as caught:
        put_on(database, workspace, ANNA)
    assert caught.value.why == "was asked and has not confirmed yet"
    decline(database, signup.id, now=NOW)
    with pytest.raises(Refused) as caught:
        put_on(database, workspace, ANNA)
    assert (caught.value.why, caught.value.fix) == (
        "was asked lately and has said no",
        "ask them to sign up by the form a month after they said no; it writes to nobody before",
    )


def test_who_is_pending_by_a_file_is_confirmed_by_the_proof(database: Database, workspace: Workspace) -> None:
    """They were never asked, so that there is nothing else that they could answer."""
    put(database, workspace, "email,consent\nanna@example.org,pending\n")
    assert put_on(database, workspace, ANNA) is Verdict.CONFIRMED
    assert states(database) == {("anna@example.org", "monthly"): "confirmed"}


def test_everything_that_cannot_be_used_is_told_at_once(database: Database, workspace: Workspace) -> None:
    """And nobody is added by half."""
    wrong = Newcomer("anna", language="Elvish", attributes={"seats": "many", "contry": "AT"})
    with pytest.raises(SeveralMistakes) as caught:
        put_on(database, workspace, wrong)
    assert [(one.message, one.why, one.fix) for one in caught.value.each] == [
        ("'anna' is not an address", "An email address must have an @-sign.", "write it as in reader@example.org"),
        ("'Elvish' is not a language; use a code such as en, fr or ar", "", ""),
        ("Seats: 'many' is not a number", "", "write digits, with a point before decimals"),
        ("there is no attribute 'contry'; did you mean 'country'?", "", "the settings know country, seats"),
    ]
    with pytest.raises(AudienceError) as alone:
        put_on(database, workspace, Newcomer("anna"))
    assert (alone.value.message, alone.value.each) == ("'anna' is not an address", (alone.value,))
    with pytest.raises(NotFound):
        put_on(database, workspace, ANNA, list_name="weekly")
    assert states(database) == {}


def test_a_name_comes_along_with_an_address_from_a_mail_program(database: Database, workspace: Workspace) -> None:
    """It counts where no other is given, by the rules for names; two people are not one."""
    assert put_on(database, workspace, Newcomer('"Berg, Anna" <Anna@example.org>')) is Verdict.ADDED
    assert put_on(database, workspace, Newcomer("B\r\nBcc: <ben@example.org>", "Ben Wald")) is Verdict.ADDED
    assert put_on(database, workspace, Newcomer("C\r\nBcc: x@y.org\u202e <cleo@example.org>")) is Verdict.ADDED
    assert people(database) == [
        ("Anna@example.org", "Berg, Anna", ""),
        ("ben@example.org", "Ben Wald", ""),
        ("cleo@example.org", "C Bcc: x@y.org", ""),
    ]
    with pytest.raises(AudienceError, match="is 2 addresses"):
        put_on(database, workspace, Newcomer("Di <di@example.org>, Ed <ed@example.org>"))
    with pytest.raises(AudienceError, match="the name is longer than 200 letters"):
        put_on(database, workspace, Newcomer(f"{'x' * 201} <di@example.org>"))
    with pytest.raises(AudienceError, match="is not an address"):
        put_on(database, workspace, Newcomer("Di <di@exam\r\nple.org>"))
