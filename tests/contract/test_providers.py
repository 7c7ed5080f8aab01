"""What every kind of provider must do, whatever stands in the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.config import ProviderSettings
from newsletter.errors import NewsletterError, Refused
from newsletter.model.edition import Edition
from newsletter.model.slot import Context, Slot
from newsletter.sending.headers import wire_address
from newsletter.sending.providers import KINDS
from newsletter.sending.providers.configuration import Configuration, Need
from newsletter.sending.providers.contract import (
    Batch,
    Provider,
    Searchable,
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


@pytest.mark.parametrize(
    ("name", "most"),
    [("postmark", 10), ("postmark bulk", 10), ("mailgun", 25), ("sendgrid", 30)],
)
def test_a_message_larger_than_a_provider_takes_is_refused_before_anybody_is_written_to(name: str, most: int) -> None:
    """In megabytes, by the provider's own pages, once its pictures are in base64."""
    for size, fits in ((most * 740_000, True), (most * 760_000, False)):
        large = make.edition(images=(replace(make.image(), data=bytes(size)),))
        if fits:
            assert PROVIDERS[name].prepare(large, make.ENVELOPE, make.NOW)
            continue
        with pytest.raises(Refused) as caught:
            PROVIDERS[name].prepare(large, make.ENVELOPE, make.NOW)
        assert caught.value.why == f"a message may have {most} MB once it is encoded"
        assert 'images = "linked"' in caught.value.fix


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
