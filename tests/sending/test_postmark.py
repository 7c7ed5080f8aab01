"""Postmark: whole calls, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError, Refused
from newsletter.model.slot import Context, Slot
from newsletter.sending.providers.contract import (
    Accepted,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
)
from newsletter.sending.providers.postmark import Postmark
from tests.sending import making as make
from tests.sending.calls import SUBJECT, answer, both, compact, two

POSTMARK = Postmark("main", "https://api.postmarkapp.com", "token-123")
BULK = replace(POSTMARK, bulk=True, capabilities=replace(POSTMARK.capabilities, max_recipients=2000))
BATCH, SINGLE = both(*two())
HEADERS = (
    ("X-Postmark-Server-Token", "token-123"),
    ("Content-Type", "application/json"),
    ("Accept", "application/json"),
)
COMMON = {
    "From": "ICMPD Newsletter <news@example.org>",
    "ReplyTo": "press@example.org",
    "MessageStream": "broadcast",
    "TrackOpens": False,
    "TrackLinks": "None",
}
READERS = (("tokenOne", "anna@example.org", "Anna"), ("tokenTwo", "reader@xn--bcher-kva.example", "reader"))
ILLEGAL = "Error parsing 'To': Illegal email domain 'body..from.example' in address 'anna@body..from.example'"


def own(token: str, address: str) -> dict[str, Any]:
    """Return what is a reader's own."""
    return {
        "To": address,
        "Headers": [
            {"Name": "List-Unsubscribe", "Value": f"<https://news.example.org/u/{token}>"},
            {"Name": "List-Id", "Value": "Monthly newsletter <monthly.example.org>"},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
            {"Name": "Feedback-ID", "Value": "2024-07:monthly:newsletter:nbfabc3743295"},
        ],
        "Metadata": {"batch": "newsletter-0123", "delivery": token},
    }


def test_a_batch_is_exactly_this() -> None:
    """Every byte, in the names of Postmark's SendEmailRequest."""
    request = POSTMARK.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW).encode(BATCH)
    body = [
        {
            **COMMON,
            "Subject": f"For {name}: “quoted” – Wien",
            **own(token, address),
            "TextBody": (
                f"Dear {name},\n\nZwölf Projekte.\n\nUnsubscribe: https://news.example.org/u/{token}\n"
                f"View: https://news.example.org/v/{token}\n"
            ),
            "HtmlBody": (
                f"<!doctype html><p>Dear {name},</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
                f'<a href="https://news.example.org/v/{token}">View</a> '
                f'<a href="https://news.example.org/u/{token}">Unsubscribe</a>\n'
            ),
        }
        for token, address, name in READERS
    ]
    assert request == WireRequest("POST", "https://api.postmarkapp.com/email/batch", HEADERS, compact(body))
    assert "token-123" not in f"{POSTMARK!r}{request!r}"


def test_a_bulk_call_is_exactly_this() -> None:
    """Every byte: the message once, variables in three braces because values are escaped already."""
    request = BULK.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW).encode(BATCH)
    body = {
        **COMMON,
        "Subject": "For {{{s0}}}: “quoted” – Wien",
        "TextBody": "Dear {{{s0}}},\n\nZwölf Projekte.\n\nUnsubscribe: {{{s1}}}\nView: {{{s2}}}\n",
        "HtmlBody": (
            "<!doctype html><p>Dear {{{s3}}},</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
            '<a href="{{{s4}}}">View</a> <a href="{{{s5}}}">Unsubscribe</a>\n'
        ),
        "InlineCss": False,
        "Messages": [
            {
                **own(token, address),
                "TemplateModel": {
                    "s0": name,
                    "s3": name,
                    "s1": f"https://news.example.org/u/{token}",
                    "s5": f"https://news.example.org/u/{token}",
                    "s2": f"https://news.example.org/v/{token}",
                    "s4": f"https://news.example.org/v/{token}",
                },
            }
            for token, address, name in READERS
        ],
    }
    assert request == WireRequest("POST", "https://api.postmarkapp.com/email/bulk", HEADERS, compact(body))


@pytest.mark.parametrize("text", ["Write {{first_name}} to ", "a set {", "{{"])
def test_braces_in_the_text_fall_back_to_whole_messages(text: str) -> None:
    """People are told beforehand; nothing is lost by a style sheet's closing braces."""
    edition = make.edition(text=make.slotted(Context.PLAIN, text, Slot("first_name"), ".\n"))
    prepared = BULK.prepare(edition, make.ENVELOPE, make.NOW)
    assert prepared.encode(SINGLE).url.endswith("/email/batch")
    assert prepared.at_once == 500
    assert prepared.notes[0].startswith("The text has “{")
    style = make.edition(html=make.slotted(Context.HTML, "<style>@media x{p{top:0}}</style>", Slot("first_name"), "\n"))
    assert BULK.prepare(style, make.ENVELOPE, make.NOW).encode(SINGLE).url.endswith("/email/bulk")


def test_what_postmark_adds_is_told_beforehand() -> None:
    """Until the account is set up for our own unsubscribe links."""
    for provider in (POSTMARK, BULK):
        assert "manage unsubscribes on your own" in provider.prepare(make.edition(), make.ENVELOPE, make.NOW).notes[-1]


def test_a_place_for_postmarks_own_link_is_refused() -> None:
    """Readers would leave its list, not ours."""
    edition = make.edition(html=make.slotted(Context.HTML, "<p>{{{ pm:unsubscribe }}}</p>"))
    with pytest.raises(Refused, match="unsubscribe link of its own"):
        POSTMARK.prepare(edition, make.ENVELOPE, make.NOW)


def test_pictures_travel_as_attachments_with_their_names() -> None:
    """In both forms of call."""
    for provider in (POSTMARK, BULK):
        body = json.loads(
            provider.prepare(make.edition(images=(make.image(),)), make.ENVELOPE, make.NOW).encode(SINGLE).body
        )
        (picture,) = (body[0] if isinstance(body, list) else body)["Attachments"]
        assert {**picture, "Content": picture["Content"][:8]} == {
            "Name": "3f2a.png",
            "Content": "iVBORw0K",
            "ContentType": "image/png",
            "ContentID": "cid:3f2a.png@newsletter",
        }


def error(code: int, text: str = "said so", status: int = 422) -> WireResponse:
    """Return one of Postmark's errors for a whole call."""
    return answer(status, {"ErrorCode": code, "Message": text})


def ok(to: str, message_id: str) -> dict[str, Any]:
    """Return the item of a message that was taken."""
    return {"To": to, "SubmittedAt": "…", "MessageID": message_id, "ErrorCode": 0, "Message": "OK"}


ANNA, READER = ok("anna@example.org", "a"), ok("reader@xn--bcher-kva.example", "b")
INACTIVE: dict[str, Any] = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive. Found inactive addresses: "
    "anna@example.org. Inactive recipients are ones that have generated a hard bounce.",
}
NOBODY = "Postmark's answer does not say what became of this message"


@pytest.mark.parametrize(
    ("items", "outcomes"),
    [
        ([ANNA, READER], (Accepted("tokenOne", "a"), Accepted("tokenTwo", "b"))),
        ([READER, ANNA], (Accepted("tokenOne", "a"), Accepted("tokenTwo", "b"))),
        ([{**ANNA, "To": "Anna@Example.org"}, READER], (Accepted("tokenOne", "a"), Accepted("tokenTwo", "b"))),
        ([INACTIVE, READER], (Rejected("tokenOne", INACTIVE["Message"], certain=True), Accepted("tokenTwo", "b"))),
        ([READER, INACTIVE], (Rejected("tokenOne", INACTIVE["Message"], certain=True), Accepted("tokenTwo", "b"))),
        ([READER], (Unsure("tokenOne", NOBODY), Accepted("tokenTwo", "b"))),
        ([INACTIVE], (Rejected("tokenOne", INACTIVE["Message"], certain=True), Unsure("tokenTwo", NOBODY))),
        ([], (Unsure("tokenOne", NOBODY), Unsure("tokenTwo", NOBODY))),
        ([ANNA, READER, READER], (Accepted("tokenOne", "a"), Accepted("tokenTwo", "b"))),
        ([ANNA, None], (Accepted("tokenOne", "a"), Unsure("tokenTwo", NOBODY))),
        (
            [{"MessageID": "a", "Message": "Message accepted, but delivery may be delayed."}, READER],
            (Accepted("tokenOne", "a"), Accepted("tokenTwo", "b")),
        ),
        ([{**ANNA, "MessageID": None}, READER], (Unsure("tokenOne", "OK"), Accepted("tokenTwo", "b"))),
        (
            [{"ErrorCode": 300, "Message": "Invalid 'To' address: 'x'."}, READER],
            (Rejected("tokenOne", "Invalid 'To' address: 'x'.", certain=True), Accepted("tokenTwo", "b")),
        ),
        (
            [{"ErrorCode": 300, "Message": "Illegal email address."}, READER],
            (Rejected("tokenOne", "Illegal email address."), Accepted("tokenTwo", "b")),
        ),
        (
            [{"ErrorCode": 300, "Message": "Invalid 'To' address: 'fromme.tagung@body.example'."}, READER],
            (
                Rejected("tokenOne", "Invalid 'To' address: 'fromme.tagung@body.example'.", certain=True),
                Accepted("tokenTwo", "b"),
            ),
        ),
        (
            # Postmark's own failure, which says nothing of the message.
            [{"ErrorCode": 101, "Message": "Internal"}, READER],
            (Unsure("tokenOne", "Internal"), Accepted("tokenTwo", "b")),
        ),
        (
            # The domain stands in its words a second time, by itself.
            [{"ErrorCode": 300, "Message": ILLEGAL}, READER],
            (Rejected("tokenOne", ILLEGAL, certain=True), Accepted("tokenTwo", "b")),
        ),
        (
            [{"ErrorCode": 429, "Message": "Rate limit"}, READER],
            (NotTaken("tokenOne", "Rate limit"), Accepted("tokenTwo", "b")),
        ),
    ],
)
def test_every_message_has_its_own_outcome(items: list[Any], outcomes: tuple[Any, ...]) -> None:
    """In whatever order, with items missing: only what is certainly a message's own counts for it."""
    assert POSTMARK.decode(BATCH, answer(200, items)) == Verdict(outcomes)


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (405, "Not allowed to send", AuthenticationError),
        (400, "Sender signature not found", AuthenticationError),
        (412, "Account is pending", AuthenticationError),
        (300, "Invalid 'From' address: 'x'.", ProviderError),
        (300, "Error parsing 'Reply-To': Illegal email domain", ProviderError),
        (300, "Invalid metadata content.", ProviderError),
        (1235, "The 'MessageStream' does not exist", ProviderError),
    ],
)
def test_a_message_refused_for_what_all_share_stops(code: int, text: str, kind: type[Exception]) -> None:
    """The others of the batch keep their outcome."""
    verdict = POSTMARK.decode(BATCH, answer(200, [{"ErrorCode": code, "Message": text}, READER]))
    assert verdict.outcomes == (NotTaken("tokenOne", text), Accepted("tokenTwo", "b"))
    assert type(verdict.stop) is kind
    assert text in str(verdict.stop)


@pytest.mark.parametrize("body", [b"<html>", b"", {"Status": "Accepted"}, b'[{"ErrorCode": 0', None, 7])
def test_a_success_that_cannot_be_read_is_unsure(body: Any) -> None:
    """It was probably taken; a search will tell."""
    reason = "Postmark took the call, but its answer cannot be read"
    assert POSTMARK.decode(SINGLE, answer(200, body)) == Verdict((Unsure("tokenOne", reason),))


@pytest.mark.parametrize("response", [error(0, status=500), error(100, status=503), error(0, status=408)])
def test_a_failure_of_postmark_is_unsure(response: WireResponse) -> None:
    """Never repeated blindly."""
    assert POSTMARK.decode(SINGLE, response) == Verdict((Unsure("tokenOne", "said so"),), conclusive=False)


def test_calls_that_are_too_large_are_divided() -> None:
    """In bytes, or in messages."""
    assert POSTMARK.decode(BATCH, answer(413, b"")).divide
    assert POSTMARK.decode(BATCH, error(410)).divide
    assert not POSTMARK.decode(SINGLE, answer(413, b"")).divide


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (error(10, status=401), AuthenticationError, "Postmark refused the token or the sender: said so"),
        (error(405), AuthenticationError, "Postmark refused the token or the sender: said so"),
        (error(403), ProviderError, "Postmark refused the message: said so"),
        (error(300, "Invalid 'From' address"), ProviderError, "Postmark refused the message: Invalid 'From' address"),
        (answer(302, b""), ConfigurationError, "the provider 'main' answers that it has moved (302)"),
        (answer(404, b""), ConfigurationError, "the provider 'main' does not know the call (404)"),
    ],
)
def test_what_would_fail_for_everybody_stops(response: WireResponse, kind: type[Exception], text: str) -> None:
    """Nobody was sent to, and nobody is tried after."""
    verdict = POSTMARK.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert type(verdict.stop) is kind
    assert str(verdict.stop) == text


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(200, []), 0.0),
        (error(429, status=429), 1.0),
        (answer(429, b"", retry_after="7"), 7.0),
        (answer(503, b"", retry_after="3"), 3.0),
        (answer(503, b""), 0.0),
    ],
)
def test_pauses_are_those_that_were_asked_for(response: WireResponse, seconds: float) -> None:
    """Too many calls are tried again."""
    assert POSTMARK.throttle(response, make.NOW) == seconds
    assert POSTMARK.decode(BATCH, response).stop is None
