"""Brevo: what its answers mean, and how a lost one is settled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import sending
from newsletter.errors import AuthenticationError, ConfigurationError, PartlyAccepted, ProviderError
from newsletter.model.mailing import Totals
from newsletter.sending.providers.brevo import CAPABILITIES, Brevo
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireResponse,
)
from newsletter.sending.transport import MaybeSent
from newsletter.tracking.webhooks.brevo import Brevo as Webhook
from tests.contract.test_answers import HEADERS, JSON, check
from tests.contract.test_providers import batch
from tests.sending import making as make
from tests.sending.brevo_server import API_KEY, BrevoServer
from tests.sending.calls import answer, call
from tests.sending.mail_server import faults, serving
from tests.sending.test_brevo import BATCH, BREVO, SINGLE
from tests.sending.test_controls import deliver, start


def error(status: int, code: str, text: str = "said so") -> WireResponse:
    """Return one of Brevo's errors."""
    return answer(status, {"code": code, "message": text})


def test_ids_come_in_the_order_of_the_versions() -> None:
    """One for each; a call that has a single one was taken as a whole."""
    taken = answer(201, {"messageIds": ["<a@smtp-relay.mailin.fr>", "<b@smtp-relay.mailin.fr>"]})
    assert BREVO.decode(BATCH, taken) == Verdict(
        (Accepted("tokenOne", "a@smtp-relay.mailin.fr"), Accepted("tokenTwo", "b@smtp-relay.mailin.fr"))
    )
    assert BREVO.decode(BATCH, answer(201, {"messageId": "<a@b>"})) == Verdict(
        (Accepted("tokenOne", "a@b"), Accepted("tokenTwo", "a@b"))
    )


@pytest.mark.parametrize(
    "body", [b"<html>", b"", {}, {"messageIds": ["<a>"]}, {"messageIds": ["<a>", 7]}, {"messageIds": "ab"}, []]
)
def test_a_success_that_cannot_be_read_is_unsure(body: Any) -> None:
    """It was probably taken; the same call again will tell."""
    reason = "Brevo took the call, but its answer cannot be read"
    assert BREVO.decode(BATCH, answer(201, body)) == Verdict((Unsure("tokenOne", reason), Unsure("tokenTwo", reason)))


@pytest.mark.parametrize("status", [400, 409])
def test_a_key_that_was_used_proves_that_the_call_was_processed(status: int) -> None:
    """Once per key; the ids are lost."""
    assert BREVO.decode(BATCH, error(status, "duplicate_parameter")) == Verdict(
        (Accepted("tokenOne"), Accepted("tokenTwo"))
    )


@pytest.mark.parametrize("code", ["duplicate_request", "Request already processed"])
def test_a_word_that_no_guide_explains_proves_neither(code: str) -> None:
    """Nobody is called accepted by it, nor written to a second time."""
    assert BREVO.decode(BATCH, error(400, code)) == Verdict(
        (Unsure("tokenOne", "said so"), Unsure("tokenTwo", "said so")), final=True, conclusive=False
    )


@pytest.mark.parametrize("response", [answer(502, b"<html>"), answer(504, {"message": "said so"}), answer(408, b"")])
def test_a_failure_on_the_way_is_repeated(response: WireResponse) -> None:
    """Whether the call came through is what the repetition tells."""
    verdict = BREVO.decode(SINGLE, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [Unsure]
    assert (verdict.final, verdict.conclusive) == (False, False)


def test_a_failure_of_brevos_own_is_not_repeated() -> None:
    """It may know the key without having sent anything: its refusal of the repetition would prove nothing."""
    assert BREVO.decode(SINGLE, error(500, "internal_error")) == Verdict(
        (Unsure("tokenOne", "said so"),), final=True, conclusive=False
    )


@pytest.mark.parametrize(
    ("code", "text", "certain"),
    [
        ("invalid_parameter", "email is not valid in to", True),
        ("invalid_parameter", "valid email is missing for recipient", True),
        ("invalid_parameter", "params size is too large", False),
        ("bad_request", "something that nobody foresaw", False),
    ],
)
def test_a_refusal_because_of_one_divides_the_batch(code: str, text: str, certain: bool) -> None:
    """All or nothing: nobody was sent to, and the last one alone is at fault."""
    assert BREVO.decode(BATCH, error(400, code, text)) == Verdict(
        (NotTaken("tokenOne", text), NotTaken("tokenTwo", text)), divide=True
    )
    assert BREVO.decode(SINGLE, error(400, code, text)) == Verdict((Rejected("tokenOne", text, certain),))
    assert BREVO.decode(BATCH, answer(413, b"")).divide


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (
            error(401, "unauthorized", "Key not found"),
            AuthenticationError,
            "Brevo refused the key, the account or this machine: Key not found",
        ),
        (
            error(400, "account_under_validation"),
            AuthenticationError,
            "Brevo refused the key, the account or this machine: said so",
        ),
        (error(402, "not_enough_credits"), ProviderError, "Brevo's credits are used up: said so"),
        (error(400, "not_enough_credits"), ProviderError, "Brevo's credits are used up: said so"),
        (
            error(400, "invalid_parameter", "sender is not valid, write to to@example.org"),
            ProviderError,
            "Brevo refused the call: sender is not valid, write to to@example.org",
        ),
        (
            error(400, "missing_parameter", "subject is missing"),
            ProviderError,
            "Brevo refused the call: subject is missing",
        ),
        (answer(302, b""), ConfigurationError, "the provider 'main' answers that it has moved (302)"),
        (answer(404, b""), ConfigurationError, "the provider 'main' does not know the call (404)"),
    ],
)
def test_what_would_fail_for_everybody_stops(response: WireResponse, kind: type[Exception], text: str) -> None:
    """Nobody was sent to, and nobody is tried after."""
    verdict = BREVO.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert not verdict.conclusive
    assert type(verdict.stop) is kind
    assert str(verdict.stop) == text


@pytest.mark.parametrize("response", [answer(429, b""), answer(400, b"<html>"), answer(418, b"")])
def test_other_refusals_are_tried_again(response: WireResponse) -> None:
    """Too many calls, or an answer that is not Brevo's."""
    verdict = BREVO.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert (verdict.stop, verdict.divide) == (None, False)


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(201, b""), 0.0),
        (answer(201, b"", x_sib_ratelimit_remaining="3", x_sib_ratelimit_reset="7"), 0.0),
        (answer(201, b"", x_sib_ratelimit_remaining="0", x_sib_ratelimit_reset="7"), 7.0),
        (answer(429, b"", x_sib_ratelimit_reset="9"), 9.0),
        (answer(429, b"", retry_after="2", x_sib_ratelimit_reset="9"), 2.0),
        (answer(429, b"", x_sib_ratelimit_reset="9999999"), 3600.0),
        (answer(429, b""), 1.0),
        (answer(503, b"", retry_after="3"), 3.0),
        (answer(503, b""), 0.0),
    ],
)
def test_pauses_are_those_that_were_asked_for(response: WireResponse, seconds: float) -> None:
    """At most an hour."""
    assert BREVO.throttle(response, make.NOW) == seconds


CODES = st.sampled_from(["invalid_parameter", "duplicate_parameter", "unauthorized", "not_enough_credits", "other"])
REMAINS = st.fixed_dictionaries({"x-sib-ratelimit-remaining": st.just("0"), "x-sib-ratelimit-reset": st.text()})


@given(
    st.integers(1, 3),
    st.integers(200, 599),
    st.fixed_dictionaries({}, optional={"code": CODES | JSON, "message": JSON, "messageIds": JSON, "messageId": JSON}),
    HEADERS | REMAINS,
)
def test_any_answer_speaks_once_of_each_delivery(size: int, status: int, body: Any, headers: dict[str, str]) -> None:
    """Whatever its code, its words and its ids are."""
    asked = batch(size)
    check(asked, BREVO.decode(asked, answer(status, body)))
    assert 0 <= BREVO.throttle(WireResponse(status, headers, b""), make.NOW) <= 3600


def test_an_event_says_whose_it_is() -> None:
    """Brevo repeats the header that each message has."""
    token = "t" * 28
    reader = make.ENVELOPE.recipient(token, "anna@example.org", "")
    body = json.loads(BREVO.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(Batch("key", (reader,))).body)
    custom = body["messageVersions"][0]["headers"]["X-Mailin-custom"]
    (event,) = Webhook().parse({"event": "request", "email": "anna@example.org", "X-Mailin-custom": custom}, "")
    assert event.delivery == token


def test_a_lost_answer_is_settled_by_the_same_call() -> None:
    """Against a server that took one of two and answered neither."""
    with serving(BrevoServer(fault=faults("1=reset after,2=lost"))) as server:
        provider = Brevo("main", server.url, API_KEY)
        for batch in (BATCH, SINGLE):
            with pytest.raises(MaybeSent):
                call(provider, batch)
        assert call(provider, BATCH) == Verdict((Accepted("tokenOne"), Accepted("tokenTwo")))
        (first,) = call(provider, SINGLE).outcomes
        assert isinstance(first, Accepted)
        assert first.provider_id
        assert server.deliveries == {"tokenOne": 2, "tokenTwo": 1}


def test_nothing_leaves_in_the_sandbox() -> None:
    """Brevo takes the calls and drops them."""
    with serving(BrevoServer()) as server:
        (first, _) = call(Brevo("main", server.url, API_KEY, test=True), BATCH).outcomes
        assert isinstance(first, Accepted)
        assert not server.accepted


def test_who_is_in_doubt_after_the_window_is_held(tmp_path: Path) -> None:
    """Brevo knows a key for half an hour; after that a repetition would be a second message."""
    able = replace(CAPABILITIES, max_recipients=10, in_flight=1, calls_per_second=None, replay_window=timedelta())
    with make.database(tmp_path) as database, serving(BrevoServer(fault=faults("2=reset after"))) as server:
        make.subscribe(database, make.addresses(30))
        provider = Brevo("main", server.url, API_KEY, capabilities=able)
        with pytest.raises(PartlyAccepted, match="of 10 nobody can tell"):
            deliver(database, start(database, provider), provider)
        assert sending.status(database, "2024-07").totals == Totals(accepted=20, unknown=10)
        assert set(server.accepted.values()) == {1}
        assert len(server.accepted) == 30
