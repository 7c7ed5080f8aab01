"""Amazon SES: whole calls, and what becomes of messages that it takes for everybody, for some, or for nobody."""

from __future__ import annotations

import base64
import email
import email.policy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import sending
from newsletter.config import TrackingSettings
from newsletter.errors import PartlyAccepted, ProviderError, Refused
from newsletter.model.mailing import MailingState, Totals
from newsletter.model.slot import Context, Slot
from newsletter.sending.providers.contract import WireRequest
from newsletter.sending.providers.ses import CAPABILITIES, Ses
from newsletter.sending.providers.ses_call import Way
from newsletter.sending.providers.ses_signature import Signature
from newsletter.store import Database
from newsletter.tracking import record_events
from newsletter.tracking.webhooks import KINDS
from tests.sending import making as make
from tests.sending import ses_server
from tests.sending.calls import SUBJECT, both, compact, two
from tests.sending.mail_server import faults, serving
from tests.sending.ses_server import SesServer
from tests.sending.test_controls import QUICK, start

SEAL = Signature("eu-central-1", "AKID", "secret")
SES = Ses("main", Way("https://email.eu-central-1.amazonaws.com", SEAL, "newsletter"))
BATCH, SINGLE = both(*two())
HEADERS = (("Content-Type", "application/json"),)
OPTIONS = {
    "ConfigurationSetName": "newsletter",
    "ConfigurationOverrides": {
        "Tracking": {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"},
    },
}
FAST = replace(CAPABILITIES, max_recipients=10, in_flight=2, recipients_per_second=None)


def pairs(**values: str) -> list[dict[str, str]]:
    """Return tags or headers."""
    return [{"Name": name.replace("_", "-"), "Value": value} for name, value in values.items()]


def test_a_call_is_exactly_this() -> None:
    """Every byte, in the names of `SendBulkEmailRequest`; values are JSON in JSON, escaped for their place."""
    request = SES.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW).encode(BATCH)
    body = {
        "FromEmailAddress": "ICMPD Newsletter <news@example.org>",
        "ReplyToAddresses": ["press@example.org"],
        "DefaultContent": {
            "Template": {
                "TemplateContent": {
                    "Subject": "For {{s0}}: “quoted” – Wien",
                    "Text": "Dear {{s0}},\n\nZwölf Projekte.\n\nUnsubscribe: {{s1}}\nView: {{s2}}\n",
                    "Html": (
                        "<!doctype html><p>Dear {{s3}},</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
                        '<a href="{{s4}}">View</a> <a href="{{s5}}">Unsubscribe</a>\n'
                    ),
                },
                "TemplateData": "{}",
                "Headers": pairs(
                    List_Id="Monthly newsletter <monthly.example.org>",
                    List_Unsubscribe_Post="List-Unsubscribe=One-Click",
                ),
            }
        },
        **OPTIONS,
        "BulkEmailEntries": [
            {
                "Destination": {"ToAddresses": [address]},
                "ReplacementTags": pairs(delivery=token, batch="newsletter-0123"),
                "ReplacementEmailContent": {
                    "ReplacementTemplate": {
                        "ReplacementTemplateData": compact(
                            {
                                "s0": name,
                                "s3": name,
                                "s1": f"https://news.example.org/u/{token}",
                                "s5": f"https://news.example.org/u/{token}",
                                "s2": f"https://news.example.org/v/{token}",
                                "s4": f"https://news.example.org/v/{token}",
                            }
                        ).decode()
                    }
                },
                "ReplacementHeaders": pairs(List_Unsubscribe=f"<https://news.example.org/u/{token}>"),
            }
            for token, address, name in (
                ("tokenOne", "anna@example.org", "Anna"),
                ("tokenTwo", "reader@xn--bcher-kva.example", "reader"),
            )
        ],
    }
    url = "https://email.eu-central-1.amazonaws.com/v2/email/outbound-bulk-emails"
    assert request == WireRequest("POST", url, HEADERS, compact(body), SEAL)


def test_a_whole_message_is_exactly_this() -> None:
    """Every byte but the message's own: it is as a mail server gets it, without the header that Amazon writes twice."""
    edition = make.edition(text=make.slotted(Context.PLAIN, "Write {{name}}, ", Slot("first_name"), ".\n"))
    request = SES.prepare(edition, make.ENVELOPE, make.NOW).encode(SINGLE)
    call = json.loads(request.body)
    message = email.message_from_bytes(base64.b64decode(call["Content"]["Raw"]["Data"]), policy=email.policy.default)
    assert message.keys() == [
        *("From", "Reply-To", "Date", "MIME-Version", "Precedence", "List-Id", "List-Unsubscribe-Post", "To"),
        *("Subject", "Message-ID", "List-Unsubscribe", "Content-Type"),
    ]
    assert message["list-unsubscribe"] == "<https://news.example.org/u/tokenOne>"
    body = {
        "Destination": {"ToAddresses": ["anna@example.org"]},
        "EmailTags": pairs(delivery="tokenOne", batch="newsletter-4567"),
        **OPTIONS,
        "Content": {"Raw": {"Data": call["Content"]["Raw"]["Data"]}},
    }
    url = "https://email.eu-central-1.amazonaws.com/v2/email/outbound-emails"
    assert request == WireRequest("POST", url, HEADERS, compact(body), SEAL)


def test_names_of_senders_are_encoded() -> None:
    """Amazon encodes subjects and texts, but no names; without a configuration set none is named."""
    envelope = replace(make.ENVELOPE, sender="Büro für Öffentlichkeitsarbeit Wien <news@example.org>", reply_to="")
    plain = replace(SES, way=replace(SES.way, configuration_set=""))
    call = json.loads(plain.prepare(make.edition(), envelope, make.NOW).encode(SINGLE).body)
    assert call["FromEmailAddress"].isascii()
    assert call["FromEmailAddress"].isprintable()
    message = email.message_from_string(f"From: {call['FromEmailAddress']}\n", policy=email.policy.default)
    assert message["from"] == envelope.sender
    assert call.keys() == {"FromEmailAddress", "DefaultContent", "ConfigurationOverrides", "BulkEmailEntries"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Write {{first_name}} to ", ""),
        ("{{#if x}}", ""),
        ("a set {", ""),
        ("{{{", ""),
        ("C:\\", ""),
        ("", "} is a set"),
    ],
)
def test_what_handlebars_would_change_falls_back_to_whole_messages(before: str, after: str) -> None:
    """A brace that touches one of our variables, or a backslash before it, too; people are told beforehand."""
    edition = make.edition(text=make.slotted(Context.PLAIN, before, Slot("first_name"), f"{after}.\n"))
    prepared = SES.prepare(edition, make.ENVELOPE, make.NOW)
    assert prepared.encode(SINGLE).url.endswith("/outbound-emails")
    assert prepared.at_once == 1
    assert "by a call of its own" in prepared.notes[0]


@pytest.mark.parametrize("text", ["<style>@media x{p{top:0}}</style>", "\\section{a}", "{a} {b} "])
def test_other_braces_and_backslashes_do_not(text: str) -> None:
    """Style sheets have them, and so may a text."""
    edition = make.edition(html=make.slotted(Context.HTML, text, Slot("first_name"), "\n"))
    assert SES.prepare(edition, make.ENVELOPE, make.NOW).at_once == 50


def test_pictures_travel_once_with_the_message() -> None:
    """Inline, under the name by which the page asks for them."""
    edition = make.edition(images=(make.image(),))
    call = json.loads(SES.prepare(edition, make.ENVELOPE, make.NOW).encode(BATCH).body)
    (picture,) = call["DefaultContent"]["Template"]["Attachments"]
    assert picture == {
        "RawContent": base64.b64encode(make.image().data).decode(),
        "ContentDisposition": "INLINE",
        "FileName": "3f2a.png",
        "ContentId": "3f2a.png@newsletter",
        "ContentTransferEncoding": "BASE64",
        "ContentType": "image/png",
    }


def test_a_message_that_is_too_large_for_variables_is_sent_whole() -> None:
    """Amazon takes 1 MB with variables and 40 MB without; more is refused before anything is sent."""
    large = make.edition(images=(replace(make.image(), data=bytes(800_000)),))
    prepared = SES.prepare(large, make.ENVELOPE, make.NOW)
    assert (prepared.at_once, len(prepared.encode(SINGLE).body) > 1_000_000) == (1, True)
    assert "the message has 1.1 MB, and Amazon SES takes 1 MB with variables" in prepared.notes[0]
    assert prepared.notes[0].endswith('with images = "linked" in the settings one is enough for 50.')
    with pytest.raises(Refused, match="is more than Amazon SES takes"):
        SES.prepare(make.edition(images=(replace(make.image(), data=bytes(31_000_000)),)), make.ENVELOPE, make.NOW)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with 30 readers."""
    with make.database(tmp_path) as opened:
        make.subscribe(opened, make.addresses(30))
        yield opened


def test_who_comes_too_fast_is_tried_again_and_who_is_refused_is_not(database: Database) -> None:
    """Each reader of a call has an outcome of their own: over real HTTP, with a real signature."""
    server = SesServer(bad={"reader0003@example.org"}, throttled={"reader0004@example.org", "reader0013@example.org"})
    with serving(server):
        provider = ses_server.provider(server.url, FAST)
        totals = sending.deliver(database, start(database, provider), provider, patience=QUICK)
    assert totals == Totals(accepted=29, rejected=1)
    assert set(server.deliveries.values()) == {1}


def test_whole_messages_go_one_by_one(database: Database) -> None:
    """And a refused address costs nobody else their message."""
    server = SesServer(bad={"reader0003@example.org"})
    edition = make.edition(text=make.slotted(Context.PLAIN, "Write {{name}}, ", Slot("first_name"), ".\n"))
    with serving(server):
        provider = ses_server.provider(server.url, FAST)
        mailing = make.start(database, provider, editions=[edition], expect=30)
        assert sending.deliver(database, mailing, provider, patience=QUICK) == Totals(accepted=29, rejected=1)
    assert server.sends == 30


def test_what_was_cut_for_fifty_goes_one_by_one_where_that_is_all_that_is_left(database: Database) -> None:
    """Settings may change while a mailing is paused, so that a message no longer fits into a call with variables."""
    with serving(SesServer()) as server:
        mailing = start(database, ses_server.provider(server.url, FAST))
        provider = ses_server.provider(server.url, replace(FAST, max_body_bytes=2_000))
        assert sending.deliver(database, mailing, provider, patience=QUICK) == Totals(accepted=30)
    assert (server.sends, set(server.deliveries.values())) == (30, {1})


def test_a_quota_that_is_used_up_pauses(database: Database) -> None:
    """In Amazon's words; those who were written to are not written to again."""
    server = SesServer(fault=faults("2=quota"))
    with serving(server):
        provider = ses_server.provider(server.url, FAST)
        mailing = start(database, provider)
        with pytest.raises((PartlyAccepted, ProviderError), match="Daily message quota exceeded"):
            sending.deliver(database, mailing, provider, patience=QUICK)
        mailing = sending.resume(database, "2024-07")
        assert sending.deliver(database, mailing, provider, patience=QUICK) == Totals(accepted=30)
    assert set(server.deliveries.values()) == {1}


def test_a_lost_answer_is_held_until_an_event_tells(database: Database) -> None:
    """Nobody is written to twice, and the tag `delivery` of Amazon's event names the delivery."""
    server = SesServer(fault=faults("2=reset after"))
    with serving(server):
        provider = ses_server.provider(server.url, FAST)
        mailing = start(database, provider)
        with pytest.raises(PartlyAccepted):
            sending.deliver(database, mailing, provider, patience=QUICK)
    standing = sending.status(database, "2024-07")
    assert standing.totals == Totals(accepted=20, unknown=10)
    assert len(server.deliveries) == 30
    for number, delivery in enumerate(server.deliveries):
        told = {"eventType": "Send", "mail": {"tags": {"delivery": [delivery], "batch": ["b"]}}, "send": {}}
        message = {"Type": "Notification", "Message": json.dumps(told), "Timestamp": make.NOW.isoformat()}
        record_events(
            database, "main", KINDS["ses"].parse(message, f"event-{number}"), TrackingSettings(), now=make.NOW
        )
    standing = sending.status(database, "2024-07")
    assert (standing.totals, standing.mailing.state) == (Totals(accepted=30), MailingState.SENT)
