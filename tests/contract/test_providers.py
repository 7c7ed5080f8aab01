"""What every kind of provider must do, whatever stands in the registry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.config import ProviderSettings
from newsletter.errors import NewsletterError
from newsletter.sending.providers import KINDS
from newsletter.sending.providers.configuration import Configuration, Need
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    NotTaken,
    Provider,
    Rejected,
    Unsure,
    Verdict,
    WireResponse,
)
from tests.sending import making as make

SETTINGS = ProviderSettings(kind="any", base_url="https://api.example.org", api_key_env="KEY")
PROVIDERS: Mapping[str, Provider] = {
    kind: maker.configured(Configuration(kind, SETTINGS, Path("/nowhere"), "secret-key"))
    for kind, maker in KINDS.items()
}
each = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)


def batch(size: int, *, name: str = "Anna Muster") -> Batch:
    """Return a batch of different readers."""
    return Batch(
        "newsletter-key",
        tuple(
            make.ENVELOPE.recipient(f"delivery{number:020}", f"reader{number}@example.org", name)
            for number in range(size)
        ),
    )


def test_something_is_registered() -> None:
    """The suite would otherwise pass without testing anything."""
    assert {"outbox", "resend"} <= KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_needs_are_data(kind: str) -> None:
    """They are checked before the first call."""
    assert all(isinstance(need, Need) for need in KINDS[kind].needs)


@each
def test_the_same_batch_gives_the_same_bytes(provider: Provider) -> None:
    """However often and by however many processes an edition is prepared."""
    one, two = (provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(batch(3)) for _ in range(2))
    assert one == two
    assert provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(batch(2)).body != one.body


@each
def test_a_call_holds_every_reader_and_their_links(provider: Provider) -> None:
    """Address, delivery id and one-click unsubscribe of each."""
    body = provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(batch(3)).body
    text = body.replace(b"=\r\n", b"").decode()
    for recipient in batch(3).recipients:
        assert recipient.address in text
        assert f"<https://news.example.org/u/{recipient.delivery_id}>" in text
        assert f"https://news.example.org/v/{recipient.delivery_id}" in text
    assert text.count("List-Unsubscribe=One-Click") == 3


@each
def test_no_secret_is_in_a_body_or_a_representation(provider: Provider) -> None:
    """Bodies are compared and kept, representations end up in logs."""
    request = provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(batch(1))
    assert b"secret-key" not in request.body
    assert "secret-key" not in f"{provider!r}{request!r}"


@each
def test_a_full_call_is_about_as_large_as_foretold(provider: Provider) -> None:
    """Batches are cut by this number before any name is known."""
    prepared = provider.prepare(make.edition(), make.ENVELOPE, make.NOW)
    size = min(provider.capabilities.max_recipients, 100)
    body = prepared.encode(batch(size)).body
    assert len(body) <= size * prepared.bytes_each


@each
def test_pictures_are_carried_or_refused(provider: Provider) -> None:
    """Never left out in silence."""
    edition = make.edition(images=(make.image(),))
    if provider.capabilities.inline_images:
        body = provider.prepare(edition, make.ENVELOPE, make.NOW).encode(batch(1)).body
        assert b"3f2a.png@newsletter" in body
        return
    with pytest.raises(NewsletterError) as caught:
        provider.prepare(edition, make.ENVELOPE, make.NOW)
    assert 'images = "linked"' in caught.value.fix


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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "id", "name", "message", "errors", "statusCode"]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["validation_error", "invalid_api_key", "daily_quota_exceeded", "rate_limit_exceeded", "invalid_idempotent_request"]
)
ERRORS = st.fixed_dictionaries({"name": NAMES | st.text(max_size=5), "message": st.text(max_size=20)})
BODIES = st.binary(max_size=60) | (JSON | ERRORS).map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "ratelimit-reset", "ratelimit-remaining", "content-type"]),
    st.sampled_from(["0", "1", "-1", "nan", "inf", "soon", "Sun, 28 Jul 2024 07:00:30 GMT", "x" * 50]) | st.text(),
)


@each
@settings(deadline=None)
@given(
    size=st.integers(1, 3),
    status=st.sampled_from([100, 200, 201, 202, 207, 301, 307, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 451])
    | st.integers(100, 599),
    headers=HEADERS,
    body=BODIES,
)
def test_any_answer_speaks_once_of_each_delivery(
    provider: Provider, size: int, status: int, headers: dict[str, str], body: bytes
) -> None:
    """No bytes make `decode` or `throttle` fail, and nobody is forgotten."""
    response = WireResponse(status, headers, body)
    asked = batch(size)
    check(asked, provider.decode(asked, response))
    assert 0 <= provider.throttle(response, make.NOW) <= 3600


@each
@settings(deadline=None)
@given(status=st.integers(300, 599), body=BODIES)
def test_only_a_success_is_accepted(provider: Provider, status: int, body: bytes) -> None:
    """An error accepts nobody; a failure of the provider's own never counts as not sent."""
    verdict = provider.decode(batch(2), WireResponse(status, {}, body))
    assert not any(isinstance(outcome, Accepted) for outcome in verdict.outcomes)
    if status >= 500:
        assert all(isinstance(outcome, Unsure) for outcome in verdict.outcomes)


@each
def test_a_long_name_does_no_harm(provider: Provider) -> None:
    """Ten thousand characters in one name leave the call whole and one reader a message."""
    prepared = provider.prepare(make.edition(), make.ENVELOPE, make.NOW)
    assert prepared.encode(batch(1, name="x" * 10_000)).body.count(b"One-Click") == 1


@each
def test_another_date_or_sender_is_another_edition(provider: Provider) -> None:
    """What is frozen with the mailing decides, not the settings of the day."""
    before = provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(batch(1)).body
    other = replace(make.ENVELOPE, sender="Other <other@example.org>")
    assert provider.prepare(make.edition(), other, make.NOW).encode(batch(1)).body != before
