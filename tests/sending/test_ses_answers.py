"""What the answers of Amazon SES mean, for a whole call and for each of its readers."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError
from newsletter.sending.providers.contract import (
    Accepted,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireResponse,
)
from tests.sending import making as make
from tests.sending.calls import answer
from tests.sending.test_ses import BATCH, SES, SINGLE

NOBODY = "Amazon's answer does not say what became of this message"
ILLEGAL = "Local address contains illegal character"
FAST = "Maximum sending rate exceeded."


def error(name: str, text: str = "said so", status: int = 400) -> WireResponse:
    """Return an error as Amazon's servers have it."""
    coral = "http://internal.amazon.com/coral/com.amazonaws.services.simpleemailv2/"
    return answer(status, {"message": text}, x_amzn_errortype=f"{name}:{coral}")


def entry(status: Any, text: Any = None, message_id: Any = None) -> dict[str, Any]:
    """Return a `BulkEmailEntryResult`."""
    return {"Status": status, "Error": text, "MessageId": message_id}


def taken(*entries: Any) -> WireResponse:
    """Return the answer to a call that was not refused whole."""
    return answer(200, {"BulkEmailEntryResults": entries})


ANNA, READER = entry("SUCCESS", message_id="0107-a"), entry("SUCCESS", message_id="0107-b")


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        (ANNA, Accepted("tokenOne", "0107-a")),
        (entry("SUCCESS"), Accepted("tokenOne")),
        (entry("INVALID_PARAMETER", ILLEGAL), Rejected("tokenOne", ILLEGAL, certain=True)),
        (entry("INVALID_PARAMETER", "Missing final '@domain'"), Rejected("tokenOne", "Missing final '@domain'", True)),
        (
            entry("INVALID_PARAMETER", "Strange <from@header.example>"),
            Rejected("tokenOne", "Strange <from@header.example>"),
        ),
        (entry("FAILED", "Unable to process"), Rejected("tokenOne", "Unable to process")),
        (entry("FAILED"), Rejected("tokenOne", "FAILED")),
        (entry("ACCOUNT_THROTTLED", FAST), NotTaken("tokenOne", FAST)),
        (entry("TRANSIENT_FAILURE"), NotTaken("tokenOne", "TRANSIENT_FAILURE")),
        (entry("PENDING"), Unsure("tokenOne", NOBODY)),
        (entry(7), Unsure("tokenOne", NOBODY)),
        (None, Unsure("tokenOne", NOBODY)),
    ],
)
def test_every_reader_has_an_outcome_of_their_own(first: Any, outcome: Any) -> None:
    """What may be tried again is, what is one reader's fault is theirs alone, and what nobody knows is held."""
    assert SES.decode(BATCH, taken(first, READER)) == Verdict((outcome, Accepted("tokenTwo", "0107-b")))


@pytest.mark.parametrize(
    ("first", "kind", "text"),
    [
        (entry("ACCOUNT_DAILY_QUOTA_EXCEEDED"), ProviderError, "the quota of Amazon SES is used up"),
        (entry("ACCOUNT_SUSPENDED"), AuthenticationError, "does not let this account or sender send"),
        (entry("ACCOUNT_SENDING_PAUSED"), AuthenticationError, "does not let this account or sender send"),
        (entry("CONFIGURATION_SET_SENDING_PAUSED"), AuthenticationError, "does not let this account or sender send"),
        (entry("MAIL_FROM_DOMAIN_NOT_VERIFIED"), AuthenticationError, "does not let this account or sender send"),
        (
            entry("MESSAGE_REJECTED", "Email address is not verified. The following identities failed the check"),
            AuthenticationError,
            "does not let this account or sender send: Email address is not verified",
        ),
        (entry("MESSAGE_REJECTED", "It has a virus"), ProviderError, "refused the message: It has a virus"),
        (entry("CONFIGURATION_SET_NOT_FOUND"), ConfigurationError, "does not know what the call names"),
        (entry("INVALID_PARAMETER", "Invalid header name"), ProviderError, "refused the message: Invalid header name"),
    ],
)
def test_what_all_readers_share_stops(first: Any, kind: type[Exception], text: str) -> None:
    """The others of the call keep their outcome."""
    verdict = SES.decode(BATCH, taken(first, READER))
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, Accepted]
    assert type(verdict.stop) is kind
    assert text in str(verdict.stop)


@pytest.mark.parametrize("entries", [(), (ANNA,), (ANNA, READER, READER)])
def test_answers_that_name_nobody_must_be_complete(entries: tuple[Any, ...]) -> None:
    """They come in order: one that is missing could be anybody's."""
    assert SES.decode(BATCH, taken(*entries)) == Verdict((Unsure("tokenOne", NOBODY), Unsure("tokenTwo", NOBODY)))


def test_a_whole_message_is_taken() -> None:
    """With one id for its one reader; for two it is no answer."""
    response = answer(200, {"MessageId": "0107-a"})
    assert SES.decode(SINGLE, response) == Verdict((Accepted("tokenOne", "0107-a"),))
    assert {type(outcome) for outcome in SES.decode(BATCH, response).outcomes} == {Unsure}


@pytest.mark.parametrize("body", [b"<html>", b"", {}, [], {"MessageId": None}, {"BulkEmailEntryResults": 7}, None])
def test_a_success_that_cannot_be_read_is_unsure(body: Any) -> None:
    """It was probably taken."""
    reason = "Amazon SES took the call, but its answer cannot be read"
    assert SES.decode(SINGLE, answer(200, body)) == Verdict((Unsure("tokenOne", reason),))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_failure_of_amazons_own_is_unsure(status: int) -> None:
    """Never repeated: Amazon knows no call again."""
    response = error("InternalFailure", status=status)
    assert SES.decode(SINGLE, response) == Verdict((Unsure("tokenOne", "said so"),), conclusive=False)


@pytest.mark.parametrize(
    "response",
    [
        error("BadRequestException", ILLEGAL),
        error("BadRequestException", "The request exceeds the maximum size."),
        answer(413, b""),
    ],
)
def test_a_call_that_is_too_large_or_refused_because_of_one_is_divided(response: WireResponse) -> None:
    """Until the one is found, who alone is refused."""
    verdict = SES.decode(BATCH, response)
    assert verdict.divide
    assert verdict.stop is None
    assert not SES.decode(SINGLE, response).divide


def test_a_refused_address_is_not_certainly_the_readers() -> None:
    """The words do not say whose address they are about."""
    assert SES.decode(SINGLE, error("BadRequestException", ILLEGAL)) == Verdict(
        (Rejected("tokenOne", ILLEGAL),), conclusive=False
    )


KEYS = "Amazon refused the access key"
SENDER = "Amazon SES does not let this account or sender send"


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (error("UnrecognizedClientException", status=403), AuthenticationError, f"{KEYS}: said so"),
        (error("AccessDeniedException", status=403), AuthenticationError, f"{KEYS}: said so"),
        (error("ExpiredTokenException", status=403), AuthenticationError, f"{KEYS}: said so"),
        (
            answer(403, {"Message": "no", "__type": "com.amazon#AccessDeniedException"}),
            AuthenticationError,
            f"{KEYS}: no",
        ),
        (answer(403, b""), AuthenticationError, f"{KEYS}: Amazon SES answered 403"),
        (error("IncompleteSignature"), AuthenticationError, f"{KEYS}: said so"),
        (error("MessageRejected", "Email address is not verified."), AuthenticationError, f"{SENDER}: Email address"),
        (error("MailFromDomainNotVerifiedException"), AuthenticationError, f"{SENDER}: said so"),
        (error("AccountSuspendedException"), AuthenticationError, f"{SENDER}: said so"),
        (error("SendingPausedException"), AuthenticationError, f"{SENDER}: said so"),
        (error("LimitExceededException"), ProviderError, "the quota of Amazon SES is used up: said so"),
        (
            error("TooManyRequestsException", "Daily message quota exceeded.", 429),
            ProviderError,
            "the quota of Amazon SES is used up: Daily message quota exceeded.",
        ),
        (
            error("BadRequestException", "Template contains unsupported operations."),
            ProviderError,
            "Amazon SES refused the message: Template contains unsupported operations.",
        ),
        (
            error("NotFoundException", status=404),
            ConfigurationError,
            "Amazon SES does not know what the call names: said so",
        ),
        (answer(302, b""), ConfigurationError, "the provider 'main' answers that it has moved (302)"),
        (answer(404, b""), ConfigurationError, "the provider 'main' does not know the call (404)"),
    ],
)
def test_what_would_fail_for_everybody_stops(response: WireResponse, kind: type[Exception], text: str) -> None:
    """Nobody was sent to, and nobody is tried after."""
    verdict = SES.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert type(verdict.stop) is kind
    assert str(verdict.stop).startswith(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("InvalidSignatureException", "Signature expired: 20261101T000000Z is now earlier than 20261101T001000Z"),
        ("InvalidSignatureException", "Signature not yet current: 20261101T002000Z is still later than …"),
        ("RequestTimeTooSkewed", "said so"),
    ],
)
def test_a_clock_that_is_wrong_is_told(name: str, text: str) -> None:
    """The key is right then, and people would look for the fault there."""
    stop = SES.decode(SINGLE, error(name, text, 403)).stop
    assert stop is not None
    assert stop.fix == "set the clock of this machine, then resume"


def test_what_amazon_says_back_of_a_call_is_not_kept() -> None:
    """The text that ought to have been signed has the session token in it."""
    text = "The request signature we calculated does not match.\n\nThe Canonical String should have been 'x-token:s3'"
    verdict = SES.decode(SINGLE, error("SignatureDoesNotMatch", text, 403))
    assert "s3" not in f"{verdict!r}{verdict.stop}"
    assert verdict.outcomes == (NotTaken("tokenOne", "The request signature we calculated does not match."),)


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (taken(ANNA, READER), 0.0),
        (taken(ANNA, entry("ACCOUNT_THROTTLED", FAST)), 1.0),
        (taken(ANNA, entry("TRANSIENT_FAILURE")), 1.0),
        (taken(ANNA, entry("ACCOUNT_DAILY_QUOTA_EXCEEDED")), 0.0),
        (error("TooManyRequestsException", FAST, 429), 1.0),
        (answer(429, b""), 1.0),
        (error("ThrottlingException", FAST), 1.0),
        (error("TooManyRequestsException", "Daily message quota exceeded.", 429), 0.0),
        (answer(429, b"", retry_after="7"), 7.0),
        (answer(503, b"", retry_after="3"), 3.0),
        (answer(500, b""), 0.0),
        (error("BadRequestException"), 0.0),
    ],
)
def test_pauses_are_a_second_unless_another_is_asked_for(response: WireResponse, seconds: float) -> None:
    """Also where a call was taken, but came too fast for some of its readers."""
    assert SES.throttle(response, make.NOW) == seconds


def test_too_many_calls_are_tried_again() -> None:
    """They are no reason to pause."""
    verdict = SES.decode(BATCH, error("TooManyRequestsException", FAST, 429))
    assert verdict == Verdict((NotTaken("tokenOne", FAST), NotTaken("tokenTwo", FAST)), conclusive=False)
