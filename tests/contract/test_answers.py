"""What every kind of provider makes of answers, whatever they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    NotTaken,
    Provider,
    Rejected,
    Searchable,
    Unsure,
    Verdict,
    WireResponse,
)
from tests.contract.test_providers import PROVIDERS, batch, each
from tests.sending import making as make


def check(answered: Batch, verdict: Verdict) -> None:
    """See that a verdict speaks once of each delivery, in order, in words that can be stored."""
    assert [outcome.delivery_id for outcome in verdict.outcomes] == [
        recipient.delivery_id for recipient in answered.recipients
    ]
    for outcome in verdict.outcomes:
        text = outcome.provider_id if isinstance(outcome, Accepted) else outcome.reason
        assert isinstance(outcome, Accepted | Rejected | NotTaken | Unsure)
        assert "\0" not in text.encode().decode()
    if verdict.divide:
        assert len(answered.recipients) > 1
        assert all(isinstance(outcome, NotTaken) for outcome in verdict.outcomes)


KEYS = (
    "data id name message errors index statusCode ID ErrorCode MessageID Message To messages problem what state stage "
    "code text messageId messageIds field BulkEmailEntryResults Status Error MessageId __type"
).split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["validation_error", "invalid_api_key", "daily_quota_exceeded", "rate_limit_exceeded", "invalid_idempotent_request"]
)
ERRORS = st.fixed_dictionaries({"name": NAMES | st.text(max_size=5), "message": st.text(max_size=20)}) | (
    st.fixed_dictionaries(
        {"ErrorCode": st.sampled_from([0, 10, 300, 405, 406, 410, 429]), "Message": st.text(max_size=20)}
    )
)
SAID = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["accepted", "refused", "unsent", "unsure"]) | JSON,
        "stage": st.sampled_from(["mail", "rcpt", "data", "end"]) | JSON,
        "code": st.sampled_from([250, 421, 450, 530, 550, 554]) | JSON,
        "text": st.sampled_from(["2.0.0 Ok", "5.7.1 relay access denied", "5.1.1 user unknown", "4.7.0 slow"]) | JSON,
    }
)
STATUSES = "SUCCESS INVALID_PARAMETER FAILED ACCOUNT_THROTTLED ACCOUNT_SUSPENDED".split()
ENTRIES = st.fixed_dictionaries(
    {
        "Status": st.sampled_from(STATUSES) | JSON,
        "Error": st.sampled_from(["Illegal address", "Invalid header"]) | JSON,
        "MessageId": st.just("0107-a") | JSON,
    }
)
RESULTS = st.fixed_dictionaries({"BulkEmailEntryResults": st.lists(ENTRIES | JSON, min_size=1, max_size=3)})
SORTED = st.fixed_dictionaries(
    {
        "Status": st.sampled_from(["success", "error"]) | JSON,
        "To": st.lists(st.fixed_dictionaries({"Email": st.text(max_size=5), "MessageID": st.integers() | JSON})) | JSON,
        "Errors": st.lists(
            st.fixed_dictionaries(
                {
                    "ErrorCode": st.sampled_from(["mj-0013", "send-0008", "mj-0002"]) | JSON,
                    "StatusCode": st.integers(400, 599) | JSON,
                    "ErrorMessage": st.text(max_size=9) | JSON,
                    "ErrorRelatedTo": st.sampled_from([["To[0].Email"], ["From"], "To"]) | JSON,
                }
            )
            | JSON,
            max_size=2,
        )
        | JSON,
    }
)
SORTINGS = st.fixed_dictionaries({"Messages": st.lists(SORTED | JSON, max_size=3) | JSON})
DIALOGUES = st.fixed_dictionaries({"messages": st.lists(SAID, max_size=3)}) | (
    st.fixed_dictionaries({"problem": SAID.map(lambda said: {**said, "what": said["stage"]})})
)
BODIES = st.binary(max_size=60) | (JSON | ERRORS | RESULTS | DIALOGUES).map(lambda value: json.dumps(value).encode())
TOLD = ["0", "1", "-1", "nan", "inf", "soon", "Sun, 28 Jul 2024 07:00:30 GMT", "x" * 50, "BadRequestException:http://x"]
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "ratelimit-reset", "ratelimit-remaining", "content-type", "x-amzn-errortype"]),
    st.sampled_from(TOLD) | st.text(),
)


@each
@settings(deadline=None)
@given(
    size=st.integers(1, 3),
    status=st.sampled_from([100, 200, 201, 202, 207, 301, 307, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 451])
    | st.integers(100, 599),
    headers=HEADERS,
    body=BODIES | SORTINGS.map(lambda value: json.dumps(value).encode()),
)
def test_any_answer_speaks_once_of_each_delivery(
    provider: Provider, size: int, status: int, headers: dict[str, str], body: bytes
) -> None:
    """No bytes make `decode` or `throttle` fail, and nobody is forgotten."""
    response = WireResponse(status, headers, body)
    asked = batch(size)
    check(asked, provider.decode(asked, response))
    assert 0 <= provider.throttle(response, make.NOW) <= 3600


SEARCHABLE = {kind: found for kind, found in PROVIDERS.items() if isinstance(found, Searchable)}
each_searchable = pytest.mark.parametrize("provider", SEARCHABLE.values(), ids=SEARCHABLE)
PAGES = st.fixed_dictionaries(
    {},
    optional={
        "items": st.lists(JSON | st.just({"user-variables": {"batch": "newsletter-key"}}), max_size=3) | JSON,
        "paging": st.fixed_dictionaries(
            {"next": st.text(max_size=20) | st.just("https://x.example/v3/d/events/W3si") | JSON}
        ),
        "TotalCount": st.integers() | JSON,
        "Messages": st.lists(JSON | st.fixed_dictionaries({"MessageID": JSON, "Metadata": JSON}), max_size=3) | JSON,
        "message": st.text(max_size=20),
        "Data": st.lists(
            JSON | st.fixed_dictionaries({"CustomID": st.just(f"delivery{0:020}") | JSON, "ID": st.integers() | JSON}),
            max_size=3,
        )
        | JSON,
    },
)


@each_searchable
@settings(deadline=None)
@given(
    size=st.integers(1, 5),
    status=st.sampled_from([200, 200, 200, 301, 401, 404, 429, 500]) | st.integers(100, 599),
    body=BODIES | PAGES.map(lambda page: json.dumps(page).encode()),
)
def test_a_search_comes_to_an_end_whatever_it_hears(provider: Any, size: int, status: int, body: bytes) -> None:
    """It finds only deliveries of its batch, asks only the provider, and concludes nothing from what is no answer."""
    asked, more = batch(size), ""
    for _ in range(3000):
        request = provider.probe(asked, make.NOW, more)
        assert (request.method, request.body) == ("GET", b"")
        assert request.url.startswith("https://api.example.org/")
        assert request.url.isascii()
        assert request.url.isprintable()
        found = provider.evidence(asked, WireResponse(status, {}, body), more)
        assert set(found.found) <= {recipient.delivery_id for recipient in asked.recipients}
        if status != 200:
            assert found.problem
        if found.problem or not found.more:
            break
        more = found.more
    else:
        pytest.fail("the search goes on for ever")


@each
def test_whoever_can_be_searched_says_when(provider: Provider) -> None:
    """A search before that, or when the provider has forgotten, concludes too much."""
    able = provider.capabilities
    assert (able.settle is not None, able.remembers is not None) == (isinstance(provider, Searchable),) * 2


@each
@settings(deadline=None)
@given(status=st.integers(300, 599), body=BODIES)
def test_only_a_success_is_accepted(provider: Provider, status: int, body: bytes) -> None:
    """An error of the call accepts nobody; a failure of the provider's own never counts as not sent."""
    verdict = provider.decode(batch(2), WireResponse(status, {}, body))
    assert not any(isinstance(outcome, Accepted) for outcome in verdict.outcomes)
    if status >= 500:
        assert all(isinstance(outcome, Unsure) for outcome in verdict.outcomes)


@pytest.mark.parametrize(
    "provider", [found for name, found in PROVIDERS.items() if name not in {"null", "outbox", "smtp"}]
)
@pytest.mark.parametrize(
    "asked",
    [
        "0",
        "-5",
        "soon",
        "Sun, 28 Jul 2024 06:00:00 GMT",
        "Sun, 28 Jul 2024 08:00:00 GMT",
        "Sun, 28 Jul 99999999999 06:00:00 GMT",
        "Sun, 28 Jul 2024 06:00:00 +99999999999999999999",
    ],
)
def test_a_call_that_came_too_often_is_followed_by_a_pause(provider: Provider, asked: str) -> None:
    """Whatever time is named, and whatever our clock says of it: without one it would count as a call that failed."""
    response = WireResponse(429, {"retry-after": asked}, b"")
    assert 1.0 <= provider.throttle(response, make.NOW) <= 3600
