"""Bodies against what the providers' own descriptions allow: nothing is sent that they do not know."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import BaseModel

from newsletter.model.slot import Context
from newsletter.sending import Envelope
from newsletter.sending.providers.contract import Provider
from tests.contract.descriptions import (
    MAILGUN,
    BrevoCall,
    MailjetCall,
    PostmarkBulk,
    PostmarkMessage,
    ResendEmail,
    SendGridCall,
    SesBulk,
    SesSingle,
)
from tests.contract.test_providers import PROVIDERS, batch
from tests.sending import mailjet_server
from tests.sending import making as make
from tests.sending.mailgun_server import form

NAMES = ["Anna Muster", "Žofie “Z” <b>", ""]


SENDERS = [
    '"The \\"Best\\", Inc." <news@example.org>',
    "Dr. A. B. <news@example.org>",
    '"Müller, „X“ & Söhne 🎉" <news@exämple.org>',
    "news@example.org",
]


def body(provider: Provider, name: str, *, pictures: bool = False, envelope: Envelope = make.ENVELOPE) -> bytes:
    """Return a call for some readers."""
    edition = make.edition(images=(make.image(),) if pictures else ())
    return provider.prepare(edition, envelope, make.NOW).encode(batch(3, name=name)).body


@pytest.mark.parametrize("sender", SENDERS)
def test_no_sender_leads_out_of_a_description(sender: str) -> None:
    """Whatever stands in a name, headers stay ASCII, and mailboxes are such; so it is for answers and lists."""
    title = 'Mönatlicher "Brief", 🎉 '
    envelope = Envelope(sender, sender, "https://news.example.org", "monthly", title * 3)
    calls: dict[str, type[BaseModel]] = {"brevo": BrevoCall, "mailjet": MailjetCall, "sendgrid": SendGridCall}
    for kind, description in calls.items():
        description.model_validate_json(body(PROVIDERS[kind], "", envelope=envelope))
    PostmarkBulk.model_validate_json(body(PROVIDERS["postmark bulk"], "", envelope=envelope))
    SesBulk.model_validate_json(body(PROVIDERS["ses"], "", envelope=envelope))
    for message in json.loads(body(PROVIDERS["resend"], "", envelope=envelope)):
        ResendEmail.model_validate(message)
    for message in json.loads(body(PROVIDERS["postmark"], "", envelope=envelope)):
        PostmarkMessage.model_validate(message)


@pytest.mark.parametrize("name", NAMES)
def test_resend_knows_every_field(name: str) -> None:
    """`POST /emails/batch`."""
    for message in json.loads(body(PROVIDERS["resend"], name)):
        ResendEmail.model_validate(message)


@pytest.mark.parametrize("name", NAMES)
def test_brevo_knows_every_field(name: str) -> None:
    """`POST /v3/smtp/email`; header names are in Title-Case, but for the key's."""
    call = BrevoCall.model_validate(json.loads(body(PROVIDERS["brevo"], name)))
    assert list(call.headers) == ["idempotencyKey"]
    used = set(re.findall(r"\{\{params\.(\w+)\}\}", call.htmlContent))
    assert all(used <= set(version.params) for version in call.messageVersions)


@pytest.mark.parametrize("name", [*NAMES, "{{var:s0}}"])
@pytest.mark.parametrize("pictures", [False, True])
def test_mailjet_knows_every_field(name: str, pictures: bool) -> None:
    """`POST /v3.1/send`; every reader has every variable or a message of their own, and no header that is forbidden."""
    call = MailjetCall.model_validate(json.loads(body(PROVIDERS["mailjet"], name, pictures=pictures)))
    used = set(re.findall(r"\{\{var:(\w+)\}\}", f"{call.Globals.TextPart}{call.Globals.HTMLPart}"))
    assert used
    for message in call.Messages:
        assert set(message.Variables or ()) == used or (message.TemplateLanguage is False and message.HTMLPart)
        assert not mailjet_server.FORBIDDEN & {header.lower() for header in (*call.Globals.Headers, *message.Headers)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pictures", [False, True])
def test_sendgrid_knows_every_field(name: str, pictures: bool) -> None:
    """`POST /v3/mail/send`; every reader has every tag, in less than 10,000 bytes."""
    call = SendGridCall.model_validate(json.loads(body(PROVIDERS["sendgrid"], name, pictures=pictures)))
    whole = call.subject + "".join(part.value for part in call.content)
    used = set(re.findall(r"-[0-9a-f]{16}-\w+-", whole))
    for reader in call.personalizations:
        assert set(reader.substitutions) == used
        assert sum(len(tag) + len(value) for tag, value in reader.substitutions.items()) < 10_000


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pictures", [False, True])
def test_postmark_knows_every_field(name: str, pictures: bool) -> None:
    """`POST /email/batch` and `POST /email/bulk`."""
    for message in json.loads(body(PROVIDERS["postmark"], name, pictures=pictures)):
        PostmarkMessage.model_validate(message)
    PostmarkBulk.model_validate(json.loads(body(PROVIDERS["postmark bulk"], name, pictures=pictures)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pictures", [False, True])
def test_amazon_knows_every_field(name: str, pictures: bool) -> None:
    """`SendBulkEmail` and, where the text has braces, `SendEmail`; every variable has a value, and no other."""
    provider = PROVIDERS["ses"]
    call = SesBulk.model_validate_json(body(provider, name, pictures=pictures))
    texts = call.DefaultContent.Template.TemplateContent
    used = set(re.findall(r"\{\{(\w+)\}\}", f"{texts.Subject}{texts.Text}{texts.Html}"))
    for entry in call.BulkEmailEntries:
        assert json.loads(entry.ReplacementEmailContent.ReplacementTemplate.ReplacementTemplateData).keys() == used
    braces = make.edition(text=make.slotted(Context.PLAIN, "Write {{name}}.\n"))
    request = provider.prepare(braces, make.ENVELOPE, make.NOW).encode(batch(1, name=name))
    SesSingle.model_validate_json(request.body)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pictures", [False, True])
def test_mailgun_knows_every_field(name: str, pictures: bool) -> None:
    """`POST /v3/DOMAIN/messages`."""
    provider = PROVIDERS["mailgun"]
    edition = make.edition(images=(make.image(),) if pictures else ())
    request = provider.prepare(edition, make.ENVELOPE, make.NOW).encode(batch(3, name=name))
    fields = form(dict(request.headers)["Content-Type"], request.body)
    assert [name for name in fields if not MAILGUN.fullmatch(name.partition(":3f2a")[0])] == []
    options = [(name, value) for name, values in fields.items() if name[1:2] == ":" for value in values]
    assert sum(len(name) + len(value) for name, value in options) < 16_384
    assert fields["o:tracking"] == [b"no"]
    assert len(fields["o:tag"][0]) <= 128
    variables = json.loads(fields["recipient-variables"][0])
    assert list(variables) == [address.decode() for address in fields["to"]]
    used = {
        found.decode()
        for values in fields.values()
        for one in values
        for found in re.findall(rb"%recipient\.(\w+)%", one)
    }
    assert all(set(own) == used for own in variables.values()), "an unknown variable would become nothing"
