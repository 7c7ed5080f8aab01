"""Brevo: whole calls, and texts in which its language finds nothing but our variables."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Refused
from newsletter.model.slot import Context, Slot
from newsletter.sending import Envelope
from newsletter.sending.providers.brevo import Brevo
from newsletter.sending.providers.brevo_call import idempotency_key
from newsletter.sending.providers.contract import (
    Batch,
    WireRequest,
)
from tests.sending import making as make
from tests.sending.brevo_server import rendered
from tests.sending.calls import SUBJECT, both, two

BREVO = Brevo("main", "https://api.brevo.com", "xkeysib-123")
BATCH, SINGLE = both(*two("O'Hara {{x}}"))


def variable(name: str) -> str:
    """Return where Brevo puts a value that is escaped already."""
    return f"{{% autoescape off %}}{{{{params.{name}}}}}{{% endautoescape %}}"


def version(token: str, to: str, name: str, html_name: str) -> dict[str, Any]:
    """Return what a reader alone gets."""
    return {
        "textContent": (
            f"Dear {name},\n\nZwölf Projekte.\n\nUnsubscribe: https://news.example.org/u/{token}\n"
            f"View: https://news.example.org/v/{token}\n"
        ),
        "to": [{"email": to, "contactPixelTrackingConsent": False}],
        "subject": f"For {name}: “quoted” – Wien",
        "params": {
            "b": "{",
            "s0": html_name,
            "s1": f"https://news.example.org/v/{token}",
            "s2": f"https://news.example.org/u/{token}",
        },
        "headers": {
            "List-Unsubscribe": f"<https://news.example.org/u/{token}>",
            "List-Id": "Monthly newsletter <monthly.example.org>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": "2024-07:monthly:newsletter:nbfabc3743295",
            "X-Mailin-custom": f'{{"delivery": "{token}", "batch": "newsletter-0123"}}',
        },
    }


def test_a_call_is_exactly_this() -> None:
    """Every byte: the body's SHA-256 is in the ledger before the call, and a repetition must be the same."""
    request = BREVO.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW).encode(BATCH)
    body = {
        "sender": {"name": "ICMPD Newsletter", "email": "news@example.org"},
        "replyTo": {"email": "press@example.org"},
        "subject": "For reader: “quoted” – Wien",
        "htmlContent": (
            f"<!doctype html><p>Dear {variable('s0')},</p>\n"
            "<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
            f'<a href="{variable("s1")}">View</a> <a href="{variable("s2")}">Unsubscribe</a>\n'
        ),
        "headers": {"idempotencyKey": "8618537a-cd4d-4b70-a884-af495fe1a9ac"},
        "messageVersions": [
            version("tokenOne", "anna@example.org", "O'Hara", "O&#x27;Hara"),
            version("tokenTwo", "reader@xn--bcher-kva.example", "reader", "reader"),
        ],
    }
    assert request == WireRequest(
        "POST",
        "https://api.brevo.com/v3/smtp/email",
        (("api-key", "xkeysib-123"), ("Content-Type", "application/json"), ("Accept", "application/json")),
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
    )
    assert "xkeysib" not in f"{BREVO!r}{request!r}"


def test_keys_are_uuids_of_version_4() -> None:
    """The same for the same batch, and Brevo recommends this version."""
    assert idempotency_key("a") == idempotency_key("a") != idempotency_key("b")
    assert idempotency_key("a")[14] == "4"


@given(st.text(alphabet="{}%#{ab \0\n", max_size=12), st.text(alphabet="{}%#{ab", max_size=12))
def test_braces_stay_braces(text: str, name: str) -> None:
    """In the page, in the text and in names, however they meet: Brevo's language finds nothing but our variables."""
    slot = Slot("first_name", "{")
    html = make.slotted(Context.HTML, text, slot, text)
    plain = make.slotted(Context.PLAIN, text, slot, text)
    reader = make.ENVELOPE.recipient("token", "anna@example.org", "")
    reader = replace(reader, values={**reader.values, "first_name": name})
    prepared = BREVO.prepare(make.edition(html=html, text=plain), make.ENVELOPE, make.NOW)
    call = json.loads(prepared.encode(Batch("key", (reader,))).body)
    (own,) = call["messageVersions"]
    assert rendered(call["htmlContent"], own["params"]) == html.fill(reader.values).decode()
    assert rendered(own["textContent"], own["params"]) == plain.fill(reader.values).decode()


def envelope(sender: str, reply_to: str = "", title: str = "Monthly") -> Envelope:
    """Return an envelope with these names."""
    return Envelope(sender, reply_to, "https://news.example.org", "monthly", title)


def test_no_header_has_letters_beyond_ascii() -> None:
    """Brevo decodes encoded words and sends them raw: so the list's title is left out, and the reply address's name."""
    around = envelope('"Büro für Flucht, Wien" <news@example.org>', '"Büro, Wien" <press@example.org>', "Zwölf Länder")
    body = json.loads(BREVO.prepare(make.edition(), around, make.NOW).encode(BATCH).body)
    assert body["sender"]["name"] == "=?utf-8?b?QsO8cm8gZsO8ciBGbHVjaHQsIFdpZW4=?="
    assert body["replyTo"] == {"email": "press@example.org"}
    for one in body["messageVersions"]:
        assert one["headers"]["List-Id"] == "<monthly.example.org>"
        assert all(value.isascii() for value in one["headers"].values())
    plain = BREVO.prepare(make.edition(), envelope("Büro Wien <news@example.org>"), make.NOW).encode(SINGLE)
    assert json.loads(plain.body)["sender"]["name"] == "Büro Wien"


def test_what_brevo_cannot_carry_is_refused_beforehand() -> None:
    """Pictures inside the message, and a sender's name of more than 70 letters."""
    with pytest.raises(Refused, match="cannot carry the 1 picture inside"):
        BREVO.prepare(make.edition(images=(make.image(),)), make.ENVELOPE, make.NOW)
    with pytest.raises(Refused, match="longer than the 70 letters") as caught:
        BREVO.prepare(make.edition(), envelope(f"{'x' * 71} <news@example.org>"), make.NOW)
    assert caught.value.fix == "shorten the name in `from` in the settings"


def test_people_are_told_that_brevo_tracks() -> None:
    """No call can switch it off."""
    (note,) = BREVO.prepare(make.edition(), make.ENVELOPE, make.NOW).notes
    assert "no call can switch that off" in note


def test_parameters_of_a_call_stay_below_the_limit() -> None:
    """1,000 KB together: long addresses leave room for fewer readers."""
    far = replace(make.ENVELOPE, public_url="https://news.example.org/" + "x" * 900)
    prepared = BREVO.prepare(make.edition(), far, make.NOW)
    assert 100 < prepared.at_once < 1000
    readers = tuple(
        far.recipient(f"{number:028}", f"r{number}@example.org", "Ö" * 60) for number in range(prepared.at_once)
    )
    versions = json.loads(prepared.encode(Batch("key", readers)).body)["messageVersions"]
    assert sum(len(json.dumps(one["params"], ensure_ascii=False).encode()) for one in versions) < 1_000_000
    assert BREVO.prepare(make.edition(), make.ENVELOPE, make.NOW).at_once == 1000
