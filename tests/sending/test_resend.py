"""Resend: whole calls, and what its answers mean."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError, Refused
from newsletter.model.slot import Context, Slot
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
from newsletter.sending.providers.resend import Resend
from tests.sending import making as make
from tests.sending.calls import answer, both, two

RESEND = Resend("main", "https://api.resend.com", "re_key")
BATCH, SINGLE = both(*two())


def message(token: str, to: str, name: str, html_name: str) -> dict[str, Any]:
    """Return what Resend's OpenAPI description calls SendEmailRequest."""
    return {
        "from": "ICMPD Newsletter <news@example.org>",
        "reply_to": "press@example.org",
        "to": [to],
        "subject": f"For {name}: “quoted” – Wien",
        "html": (
            f"<!doctype html><p>Dear {html_name},</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
            f'<a href="https://news.example.org/v/{token}">View</a> '
            f'<a href="https://news.example.org/u/{token}">Unsubscribe</a>\n'
        ),
        "text": (
            f"Dear {name},\n\nZwölf Projekte.\n\nUnsubscribe: https://news.example.org/u/{token}\n"
            f"View: https://news.example.org/v/{token}\n"
        ),
        "headers": {
            "List-Unsubscribe": f"<https://news.example.org/u/{token}>",
            "List-Id": "Monthly newsletter <monthly.example.org>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": "2024-07:monthly:newsletter:nbfabc3743295",
        },
        "tags": [{"name": "delivery", "value": token}],
    }


def test_a_call_is_exactly_this() -> None:
    """Every byte: the body's SHA-256 is in the ledger before the call, and a repetition must be the same."""
    subject = make.slotted(Context.HEADER, "For ", Slot("first_name", "reader"), ": “quoted” – Wien")
    request = RESEND.prepare(make.edition(subject=subject), make.ENVELOPE, make.NOW).encode(BATCH)
    body = [
        message("tokenOne", "anna@example.org", "Anna", "Anna"),
        message("tokenTwo", "reader@xn--bcher-kva.example", "reader", "reader"),
    ]
    assert request == WireRequest(
        "POST",
        "https://api.resend.com/emails/batch",
        (
            ("Authorization", "Bearer re_key"),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "newsletter-0123"),
        ),
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
    )
    assert "re_key" not in repr(request)


def test_markup_in_a_name_is_escaped_for_html_and_for_json() -> None:
    """Twice, in this order."""
    reader = make.ENVELOPE.recipient("t", "a@example.org", '<i>"\\')
    request = RESEND.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(Batch("k", (reader,)))
    (sent,) = json.loads(request.body)
    assert sent["html"].startswith("<!doctype html><p>Dear &lt;i&gt;&quot;\\,")
    assert sent["text"].startswith('Dear <i>"\\,')


def test_pictures_inside_the_message_are_refused_beforehand() -> None:
    """With what to set instead."""
    with pytest.raises(Refused) as caught:
        RESEND.prepare(make.edition(images=(make.image(),)), make.ENVELOPE, make.NOW)
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "Resend cannot carry the 1 picture inside the message",
        "its batch calls take no attachments",
        'let readers\' programs fetch them: set images = "linked" and a public_url in the settings',
    )


FROM = "Invalid `from` field. The email address needs to follow the `email@example.com` format."


def error(status: int, name: str, text: str = "said so") -> WireResponse:
    """Return one of Resend's errors."""
    return answer(status, {"statusCode": status, "name": name, "message": text})


def test_ids_come_in_the_order_of_the_call() -> None:
    """One for each message."""
    assert RESEND.decode(BATCH, answer(200, {"data": [{"id": "a"}, {"id": "b"}]})) == Verdict(
        (Accepted("tokenOne", "a"), Accepted("tokenTwo", "b"))
    )


def test_a_batch_taken_in_parts_is_sorted_out_by_place() -> None:
    """`errors` names the places that were refused; `data` has only the others."""
    body = {"data": [{"id": "b"}], "errors": [{"index": 0, "message": "The `to` field is invalid"}]}
    assert RESEND.decode(BATCH, answer(200, body)) == Verdict(
        (Rejected("tokenOne", "The `to` field is invalid", certain=True), Accepted("tokenTwo", "b"))
    )


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"",
        {"data": [{"id": "b"}], "errors": [{"index": 7, "message": "no such place"}]},
        {"data": [{"id": "a"}, {"id": "b"}], "errors": [{"index": 0, "message": "too many"}]},
        b'{"data": [{"id": "a"}, {"id": "b"}',
        {"data": [{"id": "a"}]},
        {"data": [{"id": "a"}, {"id": "b"}, {"id": "c"}]},
        {"data": [{"id": "a"}, {}]},
        {"data": [{"id": "a"}, {"id": ""}]},
        {"data": [{"id": "a"}, {"id": "\ud800"}]},
        {"data": "ab"},
        ["a", "b"],
        None,
    ],
)
def test_a_success_that_cannot_be_read_is_unsure(body: Any) -> None:
    """It was probably taken; the same call again will tell."""
    reason = "Resend took the call, but its answer cannot be read"
    assert RESEND.decode(BATCH, answer(200, body)) == Verdict((Unsure("tokenOne", reason), Unsure("tokenTwo", reason)))


@pytest.mark.parametrize("response", [error(500, "application_error"), error(503, ""), error(408, "")])
def test_a_failure_of_the_provider_is_unsure(response: WireResponse) -> None:
    """It may have taken the messages before it failed."""
    assert RESEND.decode(SINGLE, response) == Verdict((Unsure("tokenOne", "said so"),), conclusive=False)


@pytest.mark.parametrize(
    ("name", "final"), [("concurrent_idempotent_requests", False), ("invalid_idempotent_request", True)]
)
def test_a_conflict_of_keys_is_unsure(name: str, final: bool) -> None:
    """The earlier call is under way, or was another one; then no repetition will tell more."""
    assert RESEND.decode(SINGLE, error(409, name)) == Verdict(
        (Unsure("tokenOne", "said so"),), conclusive=False, final=final
    )


@pytest.mark.parametrize("status", [400, 422])
def test_a_refusal_because_of_one_divides_the_batch(status: int) -> None:
    """All or nothing: nobody was sent to, and the last one alone is at fault."""
    assert RESEND.decode(BATCH, error(status, "validation_error")) == Verdict(
        (NotTaken("tokenOne", "said so"), NotTaken("tokenTwo", "said so")), divide=True
    )
    assert RESEND.decode(SINGLE, error(status, "validation_error")) == Verdict((Rejected("tokenOne", "said so"),))


def test_a_call_that_is_too_large_is_divided() -> None:
    """One message alone cannot be."""
    assert RESEND.decode(BATCH, answer(413, b"")).divide
    assert RESEND.decode(SINGLE, answer(413, b"")) == Verdict(
        (NotTaken("tokenOne", "Resend answered 413"),), conclusive=False
    )


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (error(401, "missing_api_key"), AuthenticationError, "Resend refused the key or the sender: said so"),
        (error(403, "validation_error"), AuthenticationError, "Resend refused the key or the sender: said so"),
        (answer(403, b"<html>"), AuthenticationError, "Resend refused the key or the sender: Resend answered 403"),
        (error(429, "daily_quota_exceeded"), ProviderError, "Resend's quota is used up: said so"),
        (error(422, "missing_required_field"), ProviderError, "Resend refused the call: said so"),
        (error(451, "security_error"), ProviderError, "Resend refused the call: said so"),
        (error(422, "validation_error", FROM), ProviderError, f"Resend refused the call: {FROM}"),
        (answer(302, b""), ConfigurationError, "the provider 'main' answers that it has moved (302)"),
        (answer(404, b""), ConfigurationError, "the provider 'main' does not know the call (404)"),
    ],
)
def test_what_would_fail_for_everybody_stops(response: WireResponse, kind: type[Exception], text: str) -> None:
    """Nobody was sent to, and nobody is tried after."""
    verdict = RESEND.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert not verdict.conclusive
    assert type(verdict.stop) is kind
    assert str(verdict.stop) == text


@pytest.mark.parametrize("response", [error(429, "rate_limit_exceeded"), answer(400, b"<html>"), answer(418, b"")])
def test_other_refusals_are_tried_again(response: WireResponse) -> None:
    """Too many calls, or an answer that is not Resend's."""
    verdict = RESEND.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert (verdict.stop, verdict.divide, verdict.conclusive) == (None, False, False)


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(200, b""), 0.0),
        (answer(200, b"", ratelimit_remaining="3", ratelimit_reset="1"), 0.0),
        (answer(200, b"", ratelimit_remaining="0", ratelimit_reset="1"), 1.0),
        (answer(200, b"", ratelimit_remaining="0"), 0.0),
        (answer(429, b"", retry_after="7"), 7.0),
        (answer(429, b"", retry_after="0.5", ratelimit_reset="9"), 0.5),
        (answer(429, b"", retry_after="Sun, 28 Jul 2024 07:00:30 GMT"), 30.0),
        (answer(429, b"", retry_after="Sun, 28 Jul 2024 06:00:00 GMT"), 1.0),
        (answer(429, b"", ratelimit_reset="2"), 2.0),
        (answer(429, b""), 1.0),
        (answer(429, b"", retry_after="soon"), 1.0),
        (answer(429, b"", retry_after="nan"), 1.0),
        (answer(429, b"", retry_after="1e999"), 3600.0),
        (answer(429, b"", retry_after="-5"), 1.0),
        (answer(503, b"", retry_after="3"), 3.0),
    ],
)
def test_pauses_are_those_that_were_asked_for(response: WireResponse, seconds: float) -> None:
    """At most an hour."""
    assert RESEND.throttle(response, make.NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))) == seconds
