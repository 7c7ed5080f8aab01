"""Mailgun: whole calls, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError, Refused
from newsletter.model.edition import Edition
from newsletter.model.slot import Context, Slot
from newsletter.sending import Envelope
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
)
from newsletter.sending.providers.mailgun import Mailgun
from tests.sending import making as make
from tests.sending.calls import SUBJECT, answer, both, two
from tests.sending.mailgun_server import DOMAIN

MAILGUN = Mailgun("main", "https://api.eu.mailgun.net", DOMAIN, "key-123")
BATCH, SINGLE = both(*two())
BOUNDARY = f"newsletter-{make.edition(subject=SUBJECT).digest[:32]}"


def part(name: str, value: str, more: str = "") -> str:
    """Return a field of multipart/form-data."""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


HEAD = [
    part("from", "ICMPD Newsletter <news@example.org>"),
    part("h:Reply-To", "press@example.org"),
    part("h:List-Id", "Monthly newsletter <monthly.example.org>"),
    part("h:List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    part("h:Feedback-ID", "2024-07:monthly:newsletter:nbfabc3743295"),
    part("o:tracking", "no"),
]


def test_a_call_is_exactly_this() -> None:
    """Every byte: fields of Mailgun's OpenAPI description, slots as variables, values escaped for their place."""
    request = MAILGUN.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW).encode(BATCH)
    variables = {
        address: {
            "s0": name,
            "s3": name,
            "s1": f"https://news.example.org/u/{token}",
            "s5": f"https://news.example.org/u/{token}",
            "s2": f"https://news.example.org/v/{token}",
            "s4": f"https://news.example.org/v/{token}",
            "delivery": token,
            "unsubscribe": f"https://news.example.org/u/{token}",
        }
        for token, address, name in (
            ("tokenOne", "anna@example.org", "Anna"),
            ("tokenTwo", "reader@xn--bcher-kva.example", "reader"),
        )
    }
    html = (
        "<!doctype html><p>Dear %recipient.s3%,</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
        '<a href="%recipient.s4%">View</a> <a href="%recipient.s5%">Unsubscribe</a>\n'
    )
    body = [
        *HEAD,
        part("subject", "For %recipient.s0%: “quoted” – Wien"),
        part(
            "text",
            "Dear %recipient.s0%,\n\nZwölf Projekte.\n\nUnsubscribe: %recipient.s1%\nView: %recipient.s2%\n",
        ),
        part("html", html),
        part("h:List-Unsubscribe", "<%recipient.unsubscribe%>"),
        part("h:Message-Id", "<%recipient.delivery%@example.org>"),
        part("v:delivery", "%recipient.delivery%"),
        part("v:batch", "newsletter-0123"),
        part("o:tag", "newsletter-c9"),
        part("recipient-variables", json.dumps(variables, ensure_ascii=False, separators=(",", ":"))),
        part("to", "anna@example.org"),
        part("to", "reader@xn--bcher-kva.example"),
        f"--{BOUNDARY}--\r\n",
    ]
    assert request == WireRequest(
        "POST",
        f"https://api.eu.mailgun.net/v3/{DOMAIN}/messages",
        (
            ("Authorization", "Basic YXBpOmtleS0xMjM="),
            ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
        ),
        "".join(body).encode(),
    )
    assert "key-123" not in repr(MAILGUN)
    assert "YXBpOmtleS0xMjM" not in repr(request)


def test_a_name_that_is_a_variable_shows_nothing_else() -> None:
    """Mailgun may look at what it has put in once more; so what looks like a variable is broken up."""
    reader = make.ENVELOPE.recipient("token", "anna@example.org", "%recipient.unsubscribe%")
    body = MAILGUN.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(Batch("key", (reader,))).body
    assert b'"s0":"% recipient.unsubscribe%"' in body


def foreign() -> Edition:
    """Return an edition about Mailgun's variables."""
    return make.edition(text=make.slotted(Context.PLAIN, "Write %recipient.name%, ", Slot("first_name"), ".\n"))


def test_a_text_about_variables_goes_out_one_by_one() -> None:
    """With nothing that Mailgun would put in, and people are told beforehand."""
    prepared = MAILGUN.prepare(foreign(), make.ENVELOPE, make.NOW)
    assert prepared.at_once == 1
    note = (
        "The text has “%recipient.name%”, which Mailgun would replace with something of its own. So each reader's "
        "message is sent by a call of its own, which takes much longer; without the percent sign one call is "
        "enough for 1,000."
    )
    assert prepared.notes == (note,)
    body = prepared.encode(SINGLE).body
    assert b'name="text"\r\n\r\nWrite %recipient.name%, Anna.\n\r\n' in body
    assert b"recipient-variables" not in body
    with pytest.raises(ValueError, match="too many values"):
        prepared.encode(BATCH)


def test_pictures_travel_as_files_named_as_the_text_names_them() -> None:
    """Mailgun makes the Content-ID of the file's name."""
    request = MAILGUN.prepare(make.edition(images=(make.image(),)), make.ENVELOPE, make.NOW).encode(SINGLE)
    assert (
        b'name="inline"; filename="3f2a.png@newsletter"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n'
        in request.body
    )


def test_test_mode_is_asked_for() -> None:
    """Messages are taken and billed, but not delivered."""
    provider = Mailgun("main", "https://api.mailgun.net", DOMAIN, "key", test=True)
    body = provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(SINGLE).body
    assert b'name="o:testmode"\r\n\r\nyes\r\n' in body


def test_headers_larger_than_mailgun_takes_are_refused_beforehand() -> None:
    """16 KB for all of them."""
    envelope = Envelope(
        "news@example.org", "press@example.org", "https://news.example.org", "monthly", "Monthly newsletter"
    )
    long = Envelope(
        envelope.sender, f"{'x' * 15_000} <press@example.org>", envelope.public_url, "monthly", "Monthly newsletter"
    )
    MAILGUN.prepare(make.edition(), envelope, make.NOW)
    with pytest.raises(Refused, match="larger than Mailgun takes"):
        MAILGUN.prepare(make.edition(), long, make.NOW)


def said(status: int, text: str = "said so") -> WireResponse:
    """Return one of Mailgun's errors."""
    return answer(status, {"message": text})


def test_one_id_stands_for_all() -> None:
    """Mailgun takes a call whole."""
    response = answer(200, {"id": "<2024.1@mail.example.org>", "message": "Queued. Thank you."})
    assert MAILGUN.decode(BATCH, response) == Verdict(
        (Accepted("tokenOne", "2024.1@mail.example.org"), Accepted("tokenTwo", "2024.1@mail.example.org"))
    )


@pytest.mark.parametrize("body", [b"<html>", b"", {"message": "Queued"}, {"id": 7}, {"id": ""}, [], b'{"id": "<a'])
def test_a_success_that_cannot_be_read_is_unsure(body: Any) -> None:
    """It was probably taken; a search will tell."""
    reason = "Mailgun took the call, but its answer cannot be read"
    assert MAILGUN.decode(SINGLE, answer(200, body)) == Verdict((Unsure("tokenOne", reason),))


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_a_failure_of_mailgun_is_unsure(status: int) -> None:
    """Mail has gone out after such answers."""
    assert MAILGUN.decode(SINGLE, said(status)) == Verdict((Unsure("tokenOne", "said so"),), conclusive=False)


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("to parameter is not a valid address. please check documentation", True),
        ("'to' parameter is not a valid address", True),
        ("recipient domain is not valid", True),
        ("something that nobody foresaw", False),
    ],
)
def test_a_refusal_because_of_one_divides_the_batch(text: str, certain: bool) -> None:
    """All or nothing: nobody was sent to, and the last one alone is at fault."""
    assert MAILGUN.decode(BATCH, said(400, text)) == Verdict(
        (NotTaken("tokenOne", text), NotTaken("tokenTwo", text)), divide=True
    )
    assert MAILGUN.decode(SINGLE, said(400, text)) == Verdict((Rejected("tokenOne", text, certain),))
    assert MAILGUN.decode(BATCH, answer(413, b"")).divide


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (answer(401, b"Forbidden"), AuthenticationError, "Mailgun refused the key or the domain: Mailgun answered 401"),
        (said(403), AuthenticationError, "Mailgun refused the key or the domain: said so"),
        (said(402), ProviderError, "Mailgun wants to be paid: said so"),
        (said(404, "Domain not found: x"), ConfigurationError, "Mailgun does not know the domain: Domain not found: x"),
        (answer(302, b""), ConfigurationError, "the provider 'main' answers that it has moved (302)"),
        (answer(404, b""), ConfigurationError, "the provider 'main' does not know the call (404)"),
        (
            answer(200, b"Mailgun Magnificent API"),
            ConfigurationError,
            "the provider 'main' does not know the call (404)",
        ),
        (
            said(400, "from parameter is not a valid address. please check documentation"),
            ProviderError,
            "Mailgun refused the call: from parameter is not a valid address. please check documentation",
        ),
        (
            said(400, "Send options (parameters starting with o:, h:, or v:) are limited to 16KB total"),
            ProviderError,
            "Mailgun refused the call: Send options (parameters starting with o:, h:, or v:) are limited to 16KB total",
        ),
        (
            said(400, "Sandbox subdomains are for tests only. Please add it to authorized recipients"),
            ProviderError,
            "Mailgun refused the call: Sandbox subdomains are for tests only. Please add it to authorized recipients",
        ),
    ],
)
def test_what_would_fail_for_everybody_stops(response: WireResponse, kind: type[Exception], text: str) -> None:
    """Nobody was sent to, and nobody is tried after."""
    verdict = MAILGUN.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert type(verdict.stop) is kind
    assert str(verdict.stop) == text


@pytest.mark.parametrize("response", [said(429), answer(400, b"<html>"), answer(418, b"")])
def test_other_refusals_are_tried_again(response: WireResponse) -> None:
    """Too many calls, or an answer that is not Mailgun's."""
    verdict = MAILGUN.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert (verdict.stop, verdict.divide) == (None, False)


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(200, b""), 0.0),
        (said(429, "account-requests-per-sec limit exceeded, try again after 120 seconds"), 120.0),
        (said(429, "limit exceeded, try again after 0.5 seconds"), 0.5),
        (said(429, "hourly limit exceeded, try again after 57 minutes"), 3420.0),
        (said(429, "daily limit exceeded, try again after 9 hours"), 3600.0),
        (said(429, "too many"), 1.0),
        (answer(429, b"<html>"), 1.0),
        (answer(429, b"", retry_after="7"), 7.0),
        (answer(503, b"", retry_after="3"), 3.0),
        (answer(503, b""), 0.0),
    ],
)
def test_pauses_are_those_that_were_asked_for(response: WireResponse, seconds: float) -> None:
    """In a header, or in the words of the answer; at most an hour."""
    assert MAILGUN.throttle(response, make.NOW) == seconds
