"""Mailjet: what its answers mean, message by message, and what a search shows."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError
from newsletter.sending.providers.contract import (
    Accepted,
    Evidence,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
)
from tests.sending import making as make
from tests.sending.calls import answer
from tests.sending.mailjet_server import error
from tests.sending.test_mailjet import BATCH, HEADERS, MAILJET, SINGLE


def taken(token: str, number: Any = 7, uuid: str = "uuid-7") -> dict[str, Any]:
    """Return the item of a message that was taken."""
    reader = {"Email": "x@y.example", "MessageID": number, "MessageUUID": uuid, "MessageHref": "https://…"}
    return {"Status": "success", "CustomID": token, "To": [reader], "Cc": [], "Bcc": []}


def refused(*errors: dict[str, Any]) -> dict[str, Any]:
    """Return the item of a message that was refused."""
    return {"Status": "error", "Errors": list(errors)}


ANNA, READER = taken("tokenOne", 1152921500000000001), taken("tokenTwo", 2)
ONE, TWO = Accepted("tokenOne", "1152921500000000001"), Accepted("tokenTwo", "2")
WORDS = '"anna@example.org" is an invalid email address.'
INVALID = error(400, "mj-0013", WORDS, "To[0].Email")
NOBODY = "Mailjet's answer does not say what became of this message"
UNSURE = (Unsure("tokenOne", NOBODY), Unsure("tokenTwo", NOBODY))


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize(
    ("items", "outcomes"),
    [
        ([ANNA, READER], (ONE, TWO)),
        ([READER, ANNA], (ONE, TWO)),
        ([refused(INVALID), READER], (Rejected("tokenOne", WORDS, certain=True), TWO)),
        ([READER, refused(INVALID)], (Unsure("tokenOne", NOBODY), TWO)),
        ([READER], (Unsure("tokenOne", NOBODY), TWO)),
        ([ANNA, READER, READER], (ONE, TWO)),
        ([ANNA, {**refused(INVALID), "CustomID": "tokenOne"}], (ONE, Unsure("tokenTwo", NOBODY))),
        ([ANNA, None], (ONE, Unsure("tokenTwo", NOBODY))),
        ([], UNSURE),
        ([taken("tokenOne", 0, ""), READER], (Accepted("tokenOne"), TWO)),
        ([taken("tokenOne", None), READER], (Accepted("tokenOne", "uuid-7"), TWO)),
        ([taken("", 5), READER], (Accepted("tokenOne", "5"), TWO)),
        ([{**ANNA, "Status": "queued"}, READER], (Unsure("tokenOne", NOBODY), TWO)),
        (
            [refused(error(400, "mj-0013", WORDS)), READER],
            (Rejected("tokenOne", WORDS), TWO),
        ),
        (
            [refused(error(400, "mj-0006", "too long", "Subject")), READER],
            (Rejected("tokenOne", "too long"), TWO),
        ),
        ([refused(error(429, "", "later")), READER], (NotTaken("tokenOne", "later"), TWO)),
        ([refused(error(500, "", "broken")), READER], (Unsure("tokenOne", NOBODY), TWO)),
    ],
)
def test_every_message_has_its_own_outcome(status: int, items: list[Any], outcomes: tuple[Any, ...]) -> None:
    """Also where the whole call is called an error; only what is certainly a message's own counts for it."""
    assert MAILJET.decode(BATCH, answer(status, {"Messages": items})) == Verdict(outcomes)


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([error(403, "send-0008", "said so", "From")], AuthenticationError),
        ([error(401, "mj-0001", "said so")], AuthenticationError),
        ([error(400, "send-0011", "said so", 'Headers["List-Id"]')], ProviderError),
        ([error(400, "mj-0013", "said so", "From.Email")], ProviderError),
        ([error(400, "mj-0013", "said so", "ReplyTo.Email", "To[0].Email")], ProviderError),
        ([INVALID, error(403, "send-0008", "said so", "From")], AuthenticationError),
    ],
)
def test_a_message_refused_for_what_all_share_stops(errors: list[dict[str, Any]], kind: type[Exception]) -> None:
    """The others of the batch keep their outcome."""
    verdict = MAILJET.decode(BATCH, answer(400, {"Messages": [refused(*errors), READER]}))
    assert verdict.outcomes == (NotTaken("tokenOne", "said so"), TWO)
    assert type(verdict.stop) is kind
    assert "said so" in str(verdict.stop)


def test_a_refusal_without_a_reason_stops_nobody() -> None:
    """It was not taken, by Mailjet's word, and is tried again."""
    verdict = MAILJET.decode(BATCH, answer(400, {"Messages": [refused(), READER]}))
    assert verdict == Verdict((NotTaken("tokenOne", "Mailjet gives no reason"), TWO))


@pytest.mark.parametrize("body", [b"<html>", b"", {"Status": "success"}, b'{"Messages": [', None, 7])
def test_a_success_that_cannot_be_read_is_unsure(body: Any) -> None:
    """It was probably taken; a search will tell."""
    reason = "Mailjet took the call, but its answer cannot be read"
    assert MAILJET.decode(SINGLE, answer(200, body)) == Verdict((Unsure("tokenOne", reason),))


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"Messages": [', None, 7])
def test_an_error_that_cannot_be_read_is_unsure(body: Any) -> None:
    """A 400 may mean that one message was refused, and all others were taken."""
    verdict = MAILJET.decode(BATCH, answer(400, body))
    assert verdict == Verdict(UNSURE, conclusive=False)


@pytest.mark.parametrize("body", [error(500, "", "said so"), {"Messages": [ANNA], "ErrorMessage": "said so"}])
@pytest.mark.parametrize("status", [408, 500, 503])
def test_a_failure_of_mailjet_is_unsure(status: int, body: Any) -> None:
    """Never repeated blindly, whatever else it says."""
    verdict = MAILJET.decode(SINGLE, answer(status, body))
    assert verdict == Verdict((Unsure("tokenOne", "said so"),), conclusive=False)


@pytest.mark.parametrize(
    "response",
    [
        answer(413, b""),
        answer(400, error(400, "mj-0011", "said so")),
        answer(400, error(400, "mj-0008", "said so", "Messages")),
        answer(
            400, error(400, "send-0015", "Total number of recipients exceeded. Max allowed - 50", "To", "Cc", "Bcc")
        ),
    ],
)
def test_calls_that_are_too_large_are_divided(response: WireResponse) -> None:
    """In bytes, or in messages; a single one is not."""
    assert MAILJET.decode(BATCH, response).divide
    alone = MAILJET.decode(SINGLE, response)
    assert [type(outcome) for outcome in alone.outcomes] == [NotTaken]
    assert not alone.divide


def test_a_call_refused_because_of_one_is_divided() -> None:
    """Until the one is found."""
    assert MAILJET.decode(BATCH, answer(400, INVALID)).divide
    assert MAILJET.decode(SINGLE, answer(400, INVALID)) == Verdict(
        (Rejected("tokenOne", WORDS, certain=True),), conclusive=False
    )


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (answer(401, error(401, "mj-0015", "said so")), AuthenticationError, "Mailjet refused the keys"),
        (answer(401, b""), AuthenticationError, "Mailjet refused the keys"),
        (
            answer(403, {"ErrorMessage": "suspended", "StatusCode": 403}),
            AuthenticationError,
            "Mailjet refused the keys",
        ),
        (answer(402, b""), ProviderError, "Mailjet's plan is used up: Mailjet answered 402"),
        (answer(400, error(400, "mj-0002", "Malformed JSON")), ProviderError, "Mailjet refused the message: Malformed"),
        (answer(302, b""), ConfigurationError, "the provider 'main' answers that it has moved (302)"),
        (
            answer(302, {"Messages": [ANNA, READER]}),
            ConfigurationError,
            "the provider 'main' answers that it has moved",
        ),
        (answer(404, b""), ConfigurationError, "the provider 'main' does not know the call (404)"),
    ],
)
def test_what_would_fail_for_everybody_stops(response: WireResponse, kind: type[Exception], text: str) -> None:
    """Nobody was sent to, and nobody is tried after."""
    verdict = MAILJET.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert type(verdict.stop) is kind
    assert str(verdict.stop).startswith(text)


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(200, []), 0.0),
        (answer(429, {"ErrorMessage": "Too Many Requests", "StatusCode": 429}), 1.0),
        (answer(429, b"", retry_after="7"), 7.0),
        (answer(503, b"", retry_after="3"), 3.0),
        (answer(503, b""), 0.0),
    ],
)
def test_pauses_are_those_that_were_asked_for(response: WireResponse, seconds: float) -> None:
    """Too many calls are tried again."""
    assert MAILJET.throttle(response, make.NOW) == seconds
    assert MAILJET.decode(BATCH, response).stop is None


def test_questions_are_exactly_these() -> None:
    """One delivery after the other, by the id that its message has."""
    for more, token in (("", "tokenOne"), ("1", "tokenTwo")):
        url = f"https://api.mailjet.com/v3/REST/message?CustomID={token}&ShowCustomID=true"
        assert MAILJET.probe(BATCH, make.NOW, more) == WireRequest("GET", url, HEADERS, b"")


def page(*messages: Any) -> WireResponse:
    """Return an answer to a search."""
    return answer(200, {"Count": len(messages), "Data": messages, "Total": len(messages)})


def test_what_is_shown_is_found() -> None:
    """Then the next is asked for, until all were."""
    shown = {"ID": 7, "CustomID": "tokenOne", "Status": "queued"}
    assert MAILJET.evidence(BATCH, page(shown), "") == Evidence({"tokenOne": "7"}, "1")
    assert MAILJET.evidence(BATCH, page(), "") == Evidence({}, "1")
    assert MAILJET.evidence(BATCH, page({**shown, "CustomID": "tokenTwo", "ID": None}), "1") == Evidence(
        {"tokenTwo": ""}
    )
    assert MAILJET.evidence(BATCH, page(), "1") == Evidence({})


@pytest.mark.parametrize(
    "response",
    [
        answer(500, error(500, "", "said so")),
        answer(401, error(401, "", "said so")),
        answer(429, b""),
        answer(200, b"<html>"),
        answer(200, {"Count": 0}),
        page({"ID": 7, "CustomID": "tokenTwo"}),
        page({"ID": 7}),
        page(None),
    ],
)
def test_nothing_is_concluded_from_what_is_no_answer(response: WireResponse) -> None:
    """Such as messages that were not asked for, because then the filter does not hold; it is asked again later."""
    found = MAILJET.evidence(BATCH, response, "")
    assert (found.found, found.more) == ({}, "")
    assert found.problem
