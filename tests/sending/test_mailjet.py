"""Mailjet: whole calls, what they cannot carry, and mailings over a server that behaves as it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.config import TrackingSettings
from newsletter.errors import AuthenticationError, ConfigurationError, Refused
from newsletter.model.mailing import Totals
from newsletter.model.slot import Context, Slot
from newsletter.sending.providers.contract import Batch, WireRequest
from newsletter.sending.providers.mailjet import CAPABILITIES, Mailjet
from newsletter.store import Database
from newsletter.tracking import record_events
from newsletter.tracking.webhooks import KINDS
from tests.sending import mailjet_server
from tests.sending import making as make
from tests.sending.calls import SUBJECT, both, compact, two
from tests.sending.mail_server import faults, serving
from tests.sending.mailjet_server import MailjetServer
from tests.sending.test_controls import QUICK, start
from tests.sending.test_providers import provider

MAILJET = Mailjet("main", "https://api.mailjet.com", "public", "private")
ONE, TWO = two(second="{{var:s1}}")
BATCH, SINGLE = both(ONE, TWO)
# "public:private" in base64.
HEADERS = (("Authorization", "Basic cHVibGljOnByaXZhdGU="), ("Content-Type", "application/json"))
COMMON = {
    "From": {"Email": "news@example.org", "Name": "ICMPD Newsletter"},
    "ReplyTo": {"Email": "press@example.org"},
    "TrackOpens": "disabled",
    "TrackClicks": "disabled",
    "Headers": {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
}
FAST = replace(CAPABILITIES, max_recipients=10, in_flight=1, settle=timedelta(milliseconds=20))


def own(token: str, address: str, name: str) -> dict[str, Any]:
    """Return what is a reader's own."""
    return {
        "To": [{"Email": address}],
        "Subject": f"For {name}: “quoted” – Wien",
        "CustomID": token,
        "EventPayload": f'{{"delivery":"{token}","batch":"newsletter-0123"}}',
        "Headers": {"List-Unsubscribe": f"<https://news.example.org/u/{token}>"},
    }


def whole(token: str, name: str) -> dict[str, Any]:
    """Return a message as it is made here."""
    return {
        "TemplateLanguage": False,
        "TextPart": (
            f"Dear {name},\n\nZwölf Projekte.\n\nUnsubscribe: https://news.example.org/u/{token}\n"
            f"View: https://news.example.org/v/{token}\n"
        ),
        "HTMLPart": (
            f"<!doctype html><p>Dear {name},</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
            f'<a href="https://news.example.org/v/{token}">View</a> '
            f'<a href="https://news.example.org/u/{token}">Unsubscribe</a>\n'
        ),
    }


def test_a_call_is_exactly_this() -> None:
    """Every byte: the message once, a reader's values, and a message of their own for a name that has braces."""
    request = MAILJET.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW).encode(BATCH)
    body = {
        "Globals": {
            **COMMON,
            "TextPart": "Dear {{var:s0}},\n\nZwölf Projekte.\n\nUnsubscribe: {{var:s1}}\nView: {{var:s2}}\n",
            "HTMLPart": (
                "<!doctype html><p>Dear {{var:s3}},</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
                '<a href="{{var:s4}}">View</a> <a href="{{var:s5}}">Unsubscribe</a>\n'
            ),
            "TemplateLanguage": True,
        },
        "Messages": [
            {
                **own("tokenOne", "anna@example.org", "Anna"),
                "Variables": {
                    "s0": "Anna",
                    "s3": "Anna",
                    "s1": "https://news.example.org/u/tokenOne",
                    "s5": "https://news.example.org/u/tokenOne",
                    "s2": "https://news.example.org/v/tokenOne",
                    "s4": "https://news.example.org/v/tokenOne",
                },
            },
            {
                **own("tokenTwo", "reader@xn--bcher-kva.example", "{{var:s1}}"),
                **whole("tokenTwo", "{{var:s1}}"),
            },
        ],
    }
    assert request == WireRequest("POST", "https://api.mailjet.com/v3.1/send", HEADERS, compact(body))
    assert "private" not in f"{MAILJET!r}{request!r}"
    assert MAILJET.prepare(make.edition(), make.ENVELOPE, make.NOW).notes == ()


@pytest.mark.parametrize("text", ["Write {{first_name}} to ", "a set {", "{% if x %}", "{{", "{{var:s0}}"])
def test_braces_in_the_text_fall_back_to_whole_messages(text: str) -> None:
    """In one call nevertheless; people are told beforehand, and a style sheet's closing braces are none."""
    edition = make.edition(text=make.slotted(Context.PLAIN, text, Slot("first_name"), ".\n"))
    prepared = MAILJET.prepare(edition, make.ENVELOPE, make.NOW)
    call = json.loads(prepared.encode(Batch("newsletter-0123", (ONE,))).body)
    assert call["Globals"] == COMMON
    assert call["Messages"] == [
        {
            **own("tokenOne", "anna@example.org", "Anna"),
            "Subject": "Border communities",
            **whole("tokenOne", "Anna"),
            "TextPart": f"{text}Anna.\n",
        }
    ]
    assert prepared.notes[0].startswith("The text has “{")
    assert prepared.bytes_each > len(call["Messages"][0]["HTMLPart"])
    style = make.edition(html=make.slotted(Context.HTML, "<style>@media x{p{top:0}}</style>", Slot("first_name"), "\n"))
    assert MAILJET.prepare(style, make.ENVELOPE, make.NOW).notes == ()


@pytest.mark.parametrize("part", ["text", "html", "subject"])
def test_what_mailjet_replaces_in_every_text_is_refused(part: str) -> None:
    """Readers would leave its list, not ours; a number in brackets is none."""
    found: dict[str, Any] = {part: make.slotted(Context.PLAIN, "Leave: [[UNSUB_LINK_EN]]")}
    with pytest.raises(Refused, match=r"“\[\[UNSUB_LINK_EN\]\]”, in whose place Mailjet puts something of its own"):
        MAILJET.prepare(make.edition(**found), make.ENVELOPE, make.NOW)
    around = make.slotted(Context.PLAIN, "Leave: [[", Slot("first_name"), "]]")
    with pytest.raises(Refused, match=r"“\[\[”, in whose place"):
        MAILJET.prepare(make.edition(**{part: around}), make.ENVELOPE, make.NOW)
    numbered: dict[str, Any] = {part: make.slotted(Context.PLAIN, "As was said [[1]]")}
    assert MAILJET.prepare(make.edition(**numbered), make.ENVELOPE, make.NOW).notes == ()


@pytest.mark.parametrize("braces", ["", "{}"])
def test_a_name_is_no_variable_of_mailjets(braces: str) -> None:
    """With a blank between its brackets, in the texts and in the subject, merged there or made here."""
    reader = replace(ONE, values={**ONE.values, "first_name": f"[[UNSUB_LINK_EN]]{braces}"})
    prepared = MAILJET.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW)
    (message,) = mailjet_server.messages(json.loads(prepared.encode(Batch("key", (reader,))).body))
    for part in ("Subject", "TextPart", "HTMLPart"):
        assert f"[ [UNSUB_LINK_EN]]{braces}" in message[part]


def test_what_is_too_large_for_mailjet_is_refused() -> None:
    """A subject of more than 255 letters, and pictures of more than 15 MB."""
    subject = make.slotted(Context.HEADER, "x" * 256)
    with pytest.raises(Refused, match="the subject has 256 letters"):
        MAILJET.prepare(make.edition(subject=subject), make.ENVELOPE, make.NOW)
    with pytest.raises(Refused, match="the pictures inside the message have 16 MB"):
        MAILJET.prepare(make.edition(images=(replace(make.image(), data=bytes(12_000_000)),)), make.ENVELOPE, make.NOW)


def test_a_name_that_makes_the_subject_too_long_is_left_out() -> None:
    """Mailjet would refuse the message, and its reader would get none."""
    subject = make.slotted(Context.HEADER, "x" * 200, Slot("first_name", "reader"), "")
    reader = replace(ONE, values={**ONE.values, "first_name": "y" * 56})
    prepared = MAILJET.prepare(make.edition(subject=subject), make.ENVELOPE, make.NOW)
    (message,) = json.loads(prepared.encode(Batch("key", (reader,))).body)["Messages"]
    assert message["Subject"] == "x" * 200 + "reader"
    assert message["Variables"]["s0"] == "y" * 56


def test_pictures_travel_once_and_a_trial_is_a_property_of_the_call() -> None:
    """Arrays of `Globals` are added to those of each message."""
    trying = replace(MAILJET, test=True)
    call = json.loads(trying.prepare(make.edition(images=(make.image(),)), make.ENVELOPE, make.NOW).encode(BATCH).body)
    assert call["SandboxMode"] is True
    (picture,) = call["Globals"]["InlinedAttachments"]
    assert {**picture, "Base64Content": picture["Base64Content"][:8]} == {
        "ContentType": "image/png",
        "Filename": "3f2a.png",
        "ContentID": "3f2a.png@newsletter",
        "Base64Content": "iVBORw0K",
    }
    assert not any("InlinedAttachments" in message for message in call["Messages"])


KEYS = {"kind": "mailjet", "api_key_env": "PUBLIC", "secret_key_env": "PRIVATE"}
ENV = {"PUBLIC": "public", "PRIVATE": "private"}


def test_both_keys_are_read(tmp_path: Path) -> None:
    """From variables or files; the host follows from the region."""
    assert provider(tmp_path, "main", ENV, main=KEYS) == MAILJET
    (tmp_path / "key").write_text("private\n")
    given = {"kind": "mailjet", "api_key_env": "PUBLIC", "secret_key_file": "key", "region": "us", "test": True}
    assert provider(tmp_path, "main", ENV, main=given) == replace(
        MAILJET, base_url="https://api.us.mailjet.com", test=True
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"secret_key_env": None}, "the provider 'main' lacks secret_key"),
        ({"secret_key_env": "OTHER"}, "the environment variable OTHER holds no secret key for the provider 'main'"),
        ({"region": "eu-west-1"}, "the provider 'main' is in a region that Mailjet does not have: eu-west-1"),
    ],
)
def test_what_is_missing_is_told_before_the_first_call(tmp_path: Path, settings: dict[str, Any], message: str) -> None:
    """Mailjet knows an account by two keys."""
    given = {name: value for name, value in {**KEYS, **settings}.items() if value}
    with pytest.raises(ConfigurationError) as caught:
        provider(tmp_path, "main", ENV, main=given)
    assert caught.value.message == message


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with 30 readers."""
    with make.database(tmp_path) as opened:
        make.subscribe(opened, make.addresses(30))
        yield opened


def test_a_refused_address_costs_nobody_else_their_message(database: Database) -> None:
    """The answer is an error then (400), and all others are taken by the same call."""
    server = MailjetServer(bad={"reader0003@example.org"})
    with serving(server):
        one = mailjet_server.provider(server.url, FAST)
        assert sending.deliver(database, start(database, one), one, patience=QUICK) == Totals(accepted=29, rejected=1)
    assert server.sends == 3
    assert set(server.deliveries.values()) == {1}


def test_whom_an_unreadable_error_does_not_name_is_asked_about(database: Database) -> None:
    """One of the call was refused and nine were taken; something on the way put a page of its own in the answer."""
    server = MailjetServer(bad={"reader0003@example.org"}, fault=faults("1=html"))
    with serving(server):
        one = mailjet_server.provider(server.url, FAST)
        assert sending.deliver(database, start(database, one), one, patience=QUICK) == Totals(accepted=29, rejected=1)
    assert set(server.deliveries.values()) == {1}


def test_a_sender_who_is_not_validated_pauses(database: Database) -> None:
    """In Mailjet's words, after one call."""
    server = MailjetServer(sender="other@example.org")
    with serving(server):
        one = mailjet_server.provider(server.url, FAST)
        with pytest.raises(AuthenticationError, match="is not an authorized sender"):
            sending.deliver(database, start(database, one), one, patience=QUICK)
    assert (server.sends, server.deliveries.total()) == (1, 0)
    assert sending.status(database, "2024-07").totals == Totals(pending=30)


def test_a_lost_call_is_asked_about_reader_by_reader(database: Database) -> None:
    """One was taken, the other was not: nobody is written to twice, and nobody is left out."""
    server = MailjetServer(fault=faults("1=reset after,2=lost"))
    with serving(server):
        one = mailjet_server.provider(server.url, FAST)
        assert sending.deliver(database, start(database, one), one, patience=QUICK) == Totals(accepted=30)
    assert server.searches == 20
    assert set(server.deliveries.values()) == {1}


def test_a_search_that_asks_too_often_goes_on_where_it_was(tmp_path: Path) -> None:
    """Begun anew each time, one of fifty questions would never come to its end."""
    server = MailjetServer(fault=faults("1=reset after"), search_fault=lambda number: None if number % 4 else "429")
    with make.database(tmp_path) as opened, serving(server):
        make.subscribe(opened, make.addresses(50))
        one = mailjet_server.provider(server.url, replace(FAST, max_recipients=50))
        assert sending.deliver(opened, start(opened, one), one, patience=QUICK) == Totals(accepted=50)
    assert (server.sends, server.searches) == (1, 50 + 16)


def test_a_full_call_is_asked_about_to_its_end(tmp_path: Path) -> None:
    """Fifty questions, which is as many as one search has."""
    server = MailjetServer(fault=faults("1=reset after"))
    with make.database(tmp_path) as opened, serving(server):
        make.subscribe(opened, make.addresses(50))
        one = mailjet_server.provider(server.url, replace(FAST, max_recipients=50))
        assert sending.deliver(opened, start(opened, one), one, patience=QUICK) == Totals(accepted=50)
    assert (server.sends, server.searches) == (1, 50)


def test_an_event_that_comes_after_a_search_in_vain_is_believed(database: Database) -> None:
    """Mailjet showed them later than it was asked: whoever an event tells of by then is not written to again."""
    server = MailjetServer(fault=faults("2=reset after"), search_fault=lambda _: "401", lag=3600.0)
    with serving(server):
        one = mailjet_server.provider(server.url, FAST)
        with pytest.raises(AuthenticationError):
            sending.deliver(database, start(database, one), one, patience=QUICK)
        server.search_fault = lambda _: None
        mailing = sending.status(database, "2024-07").mailing
        assert sending.reconcile(database, mailing, one, patience=QUICK) == Totals(accepted=20, pending=10)
        for number, delivery in enumerate(server.deliveries):
            told = {"event": "sent", "time": int(make.NOW.timestamp()), "CustomID": delivery}
            events = KINDS["mailjet"].parse([told], f"{number}")
            record_events(database, "main", events, TrackingSettings(), now=make.NOW)
        mailing = sending.resume(database, "2024-07")
        assert sending.deliver(database, mailing, one, patience=QUICK) == Totals(accepted=30)
    assert set(server.deliveries.values()) == {1}


def test_an_event_settles_what_is_in_doubt(database: Database) -> None:
    """It shows `CustomID` and `EventPayload` as they were sent; either is enough."""
    server = MailjetServer(fault=faults("2=reset after"), search_fault=lambda _: "401")
    with serving(server):
        one = mailjet_server.provider(server.url, FAST)
        with pytest.raises(AuthenticationError, match="API key authentication"):
            sending.deliver(database, start(database, one), one, patience=QUICK)
    assert sending.status(database, "2024-07").totals == Totals(accepted=20, unknown=10)
    calls = [json.loads(call["body"]) for call in server.calls if call["line"].startswith("POST")]
    messages = [message for call in calls for message in call["Messages"]]
    for number, message in enumerate(messages):
        shown = {"CustomID": message["CustomID"]} if number % 2 else {"Payload": message["EventPayload"]}
        told = {"event": "sent", "time": int(make.NOW.timestamp()), "email": message["To"][0]["Email"], **shown}
        record_events(database, "main", KINDS["mailjet"].parse([told], f"{number}"), TrackingSettings(), now=make.NOW)
    assert sending.status(database, "2024-07").totals == Totals(accepted=30)
