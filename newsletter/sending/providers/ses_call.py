"""The calls of Amazon SES as JSON: one message with variables for up to 50 readers, or one whole message by itself.

Names and limits are those of the service model `sesv2` in botocore (2026-11).
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from newsletter.model.edition import Edition, InlineImage
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import wire_address, written_mailbox
from newsletter.sending.message import prepare
from newsletter.sending.providers.contract import Batch, Seal, WireRequest
from newsletter.sending.providers.jsontext import json_of
from newsletter.sending.providers.merging import merged
from newsletter.sending.providers.sizes import within

FOREIGN = re.compile(rb"\{\{+[^{}\r\n]{0,80}\}*|\{\Z|\A\}|\\\Z")
"""What Amazon's Handlebars would take for a variable, and what would change one of ours that it touches: braces, and a
backslash before. Closing braces alone, as style sheets have, are none."""
_LARGEST = 40_000_000
"""Bytes of a message in base64: https://docs.aws.amazon.com/ses/latest/dg/quotas.html."""
_ITS_OWN = ("feedback-id",)
"""Amazon writes one of its own and signs both, so that no signature holds:
https://github.com/arithmetric/aws-lambda-ses-forwarder/issues/28."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where calls go, and what every one of them has."""

    base_url: str
    seal: Seal
    configuration_set: str = ""

    def request(self, path: str, body: bytes) -> WireRequest:
        """Return a call."""
        headers = (("Content-Type", "application/json"),)
        return WireRequest("POST", f"{self.base_url}/v2/email/{path}", headers, body, self.seal)

    @property
    def options(self) -> dict[str, Any]:
        """What was approved is what is sent: no link is rewritten, no picture added."""
        named = {"ConfigurationSetName": self.configuration_set} if self.configuration_set else {}
        off = {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}
        return {**named, "ConfigurationOverrides": {"Tracking": off}}


class Together:
    """One message for many, with variables into which Amazon puts values as they are."""

    bytes_each = 1_500
    notes = ()

    def __init__(self, way: Way, edition: Edition, envelope: Envelope, at_once: int) -> None:
        self._way = way
        self._envelope = envelope
        self.at_once = at_once
        # "SES doesn't escape HTML content when rendering":
        # https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html
        self._merged = merged(edition, lambda name: f"{{{{{name}}}}}")
        template = {
            "TemplateContent": {
                "Subject": self._merged.subject.decode(),
                "Text": self._merged.text.decode(),
                "Html": self._merged.html.decode(),
            },
            "TemplateData": "{}",
            "Headers": [_pair(*header) for header in envelope.list_headers(edition.issue) if _may_have(header[0])],
            **({"Attachments": [_attachment(image) for image in edition.images]} if edition.images else {}),
        }
        head = {
            "FromEmailAddress": _mailbox(envelope.sender),
            **({"ReplyToAddresses": [_mailbox(envelope.reply_to)]} if envelope.reply_to else {}),
            "DefaultContent": {"Template": template},
            **way.options,
        }
        self._begin = json_of(head)[:-1].encode() + b',"BulkEmailEntries":['

    @property
    def bytes_once(self) -> int:
        """The message itself, and its pictures."""
        return len(self._begin) + 2

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call `SendBulkEmail`."""
        entries = ",".join(json_of(self._entry(batch, recipient)) for recipient in batch.recipients)
        return self._way.request("outbound-bulk-emails", b"".join((self._begin, entries.encode(), b"]}")))

    def _entry(self, batch: Batch, recipient: Recipient) -> dict[str, Any]:
        token = recipient.delivery_id
        # A variable that is left out is taken, and fails afterwards.
        values = json_of(self._merged.values(recipient.values))
        return {
            "Destination": {"ToAddresses": [wire_address(recipient.address)]},
            "ReplacementTags": _tags(batch, recipient),
            "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": values}},
            "ReplacementHeaders": [_pair("List-Unsubscribe", self._envelope.list_unsubscribe(token))],
        }


class Individual:
    """One message for one reader, as a mail server would get it."""

    at_once = 1
    bytes_once = 1_000

    def __init__(self, way: Way, edition: Edition, envelope: Envelope, date: datetime, why: str) -> None:
        message = prepare(edition, envelope, date)
        lines = message.head.splitlines(keepends=True)
        head = b"".join(line for line in lines if _may_have(line.partition(b":")[0].decode("ascii")))
        self._message = replace(message, head=head)
        self._way = way
        self.notes = (why,)
        within("Amazon SES", self.bytes_each, _LARGEST)

    @property
    def bytes_each(self) -> int:
        """The message itself, in base64."""
        return (self._message.size + 2_000) * 4 // 3 + 1_000

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call `SendEmail`; raise ValueError for more than one recipient, who would see each other."""
        (recipient,) = batch.recipients
        head = {
            "Destination": {"ToAddresses": [wire_address(recipient.address)]},
            "EmailTags": _tags(batch, recipient),
            **self._way.options,
        }
        data = base64.b64encode(self._message.compose(recipient))
        begin = json_of(head)[:-1].encode() + b',"Content":{"Raw":{"Data":"'
        return self._way.request("outbound-emails", b"".join((begin, data, b'"}}}')))


def _tags(batch: Batch, recipient: Recipient) -> list[dict[str, str]]:
    """Return what events show again; letters, digits, `-` and `_` are allowed, which ids and keys are made of."""
    return [_pair("delivery", recipient.delivery_id), _pair("batch", batch.key)]


def _pair(name: str, value: str) -> dict[str, str]:
    return {"Name": name, "Value": value}


def _attachment(image: InlineImage) -> dict[str, str]:
    return {
        "RawContent": image.encoded,
        "ContentDisposition": "INLINE",
        "FileName": image.name,
        "ContentId": image.content_id,
        "ContentTransferEncoding": "BASE64",
        "ContentType": image.media_type,
    }


def _may_have(header: str) -> bool:
    return header.lower() not in _ITS_OWN


def _mailbox(value: str) -> str:
    """Return a mailbox on one line with its name as encoded words, which Amazon does not make."""
    return written_mailbox("From", value).removeprefix(b"From: ").decode("ascii").replace("\r\n", "")
