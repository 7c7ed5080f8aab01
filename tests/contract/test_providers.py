"""What every kind of provider must do, whatever stands in the registry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.config import ProviderSettings
from newsletter.errors import NewsletterError
from newsletter.model.edition import Edition
from newsletter.model.slot import Context, Slot
from newsletter.sending.headers import wire_address
from newsletter.sending.providers import KINDS
from newsletter.sending.providers.configuration import Configuration, Need
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
from tests.contract.letters import Letter, letters
from tests.sending import making as make

SETTINGS = ProviderSettings(
    kind="any", base_url="https://api.example.org", api_key_env="KEY", domain="mail.example.org"
)
ASKED = {
    **dict.fromkeys(KINDS, SETTINGS),
    "smtp": ProviderSettings(kind="smtp", base_url="smtp://mail.example.org", username="me", password_env="KEY"),
    "ses": SETTINGS.model_copy(update={"region": "eu-central-1"}),
    "postmark bulk": SETTINGS.model_copy(update={"bulk": True}),
}
"""Every kind, and those that can be asked to work in another way once more."""


def made(name: str, settings: ProviderSettings) -> Provider:
    """Return a provider of these settings."""
    configuration = Configuration(name, settings, Path("/nowhere"), *["secret-key"] * 5)
    return KINDS[name.partition(" ")[0]].configured(configuration)


PROVIDERS: Mapping[str, Provider] = {name: made(name, settings) for name, settings in ASKED.items()}
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
    known = "brevo mailgun mailjet null outbox postmark resend sendgrid ses smtp"
    assert set(known.split()) <= KINDS.keys()


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


def sent(provider: Provider, edition: Edition, readers: Batch) -> list[Letter]:
    """Return what the readers of an edition get, by as many calls as the provider wants."""
    prepared = provider.prepare(edition, make.ENVELOPE, make.NOW)
    kind, at_once = provider.name.partition(" ")[0], prepared.at_once
    parts = [readers.recipients[start : start + at_once] for start in range(0, len(readers.recipients), at_once)]
    calls = [prepared.encode(Batch(readers.key, tuple(part))) for part in parts]
    return [letter for request in calls for letter in letters(kind, request)]


def expected(edition: Edition, readers: Batch) -> list[Letter]:
    """Return what they ought to get."""
    return [
        Letter(
            to=wire_address(reader.address),
            subject=edition.subject.fill(reader.values).decode(),
            text=edition.text.fill(reader.values).decode(),
            html=edition.html.fill(reader.values).decode(),
            unsubscribe=f"<https://news.example.org/u/{reader.delivery_id}>",
            one_click="List-Unsubscribe=One-Click",
            delivery=reader.delivery_id,
        )
        for reader in readers.recipients
    ]


def check_letters(provider: Provider, edition: Edition, readers: Batch) -> None:
    """See that the readers get exactly what they ought to."""
    got = sent(provider, edition, readers)
    if isinstance(provider, Searchable):
        assert {letter.batch for letter in got} == {readers.key}
    assert [replace(letter, batch="") for letter in got] == expected(edition, readers)


NAMED = make.slotted(Context.HEADER, "For ", Slot("first_name", "you"), ": “quoted” – Wien")


@each
def test_every_reader_gets_their_own_message(provider: Provider) -> None:
    """Address, subject, both bodies, links, one-click unsubscribe and delivery id; nothing of anybody else's."""
    check_letters(provider, make.edition(subject=NAMED), batch(3))


HOSTILE = [
    '"Anna, <b>&amp;</b>"',
    "'; DROP TABLE",
    "a\r\nBcc: everybody@example.org",
    "{{unsubscribe_url}}",
    "{{{s0}}}",
    "}}x{{",
    "{\0{ params.b }}",
    "{% endautoescape %}",
    "100 % recipient",
    "\\u0000 \\n \\",
    "</style><script>",
    "--newsletter",
    "=?utf-8?q?x?=",
    "Žofie 🦊",
    "half a pair \ud83e of surrogates",
    "x" * 10_000,
]


@each
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_ever_a_name(provider: Provider, name: str) -> None:
    """Not markup, not a header, not a variable of the provider's, not the end of a part."""
    reader = make.ENVELOPE.recipient("token", "anna@example.org", "")
    reader = replace(reader, values={**reader.values, "first_name": name})
    # Mail carries no subject of ten thousand letters.
    edition = make.edition(subject=NAMED) if len(name) < 900 else make.edition()
    check_letters(provider, edition, Batch("key", (reader, *batch(2).recipients)))


FOREIGN = [
    "%recipient.name%",
    "%unsubscribe_url%",
    "%mailing_list_unsubscribe_url%",
    "{{first_name}}",
    "{{{x}}}",
    "*|NAME|*",
    "{% if x %}",
    "{#note#}",
    "{",
]


@each
@pytest.mark.parametrize("delimiter", FOREIGN)
def test_what_looks_like_a_variable_in_the_text_stays(provider: Provider, delimiter: str) -> None:
    """Where the provider would replace it, messages are made by us, and people are told."""
    edition = make.edition(html=make.slotted(Context.HTML, f"<p>Write {delimiter} for ", Slot("first_name"), ".</p>\n"))
    check_letters(provider, edition, batch(2))
    prepared = provider.prepare(edition, make.ENVELOPE, make.NOW)
    if prepared.at_once < provider.prepare(make.edition(), make.ENVELOPE, make.NOW).at_once:
        assert delimiter in " ".join(prepared.notes)


ADDRESSES = [
    "anna+news@example.org",
    '"two words"@example.org',
    "o'hara@example.org",
    "reader@bücher.example",
    "UPPER.Case@Example.ORG",
    "x=y%z@example.org",
]


@each
@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_come_as_they_are(provider: Provider, address: str) -> None:
    """With plus, quotes and percent signs; domains in the form that all mail servers know."""
    reader = make.ENVELOPE.recipient("token", address, "Anna")
    check_letters(provider, make.edition(), Batch("key", (reader, *batch(2).recipients)))


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
    assert len(body) <= prepared.bytes_once + size * prepared.bytes_each


@each
def test_pictures_are_carried_or_refused(provider: Provider) -> None:
    """Never left out in silence."""
    edition = make.edition(images=(make.image(),))
    if provider.capabilities.inline_images:
        (letter,) = sent(provider, edition, batch(1))
        assert letter.pictures == ("3f2a.png@newsletter",)
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
