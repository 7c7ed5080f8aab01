"""SendGrid's calls as JSON: one message with substitution tags, and what each reader's tags stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.edition import Edition, InlineImage
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import name_and_address, wire_address
from newsletter.sending.providers.contract import Batch, WireRequest
from newsletter.sending.providers.jsontext import json_of
from newsletter.sending.providers.merging import merged
from newsletter.sending.providers.sizes import within

if TYPE_CHECKING:
    from newsletter.sending.providers.sendgrid import SendGrid

_OFF = {"enable": False}
_LARGEST = 30_000_000
"""Bytes of a message with its attachments: https://www.twilio.com/docs/sendgrid/api-reference/mail-send#limitations."""


class MergedCall:
    """An edition as `POST /v3/mail/send` takes it, with a personalization for each reader."""

    notes = ()
    bytes_each = 2_000

    def __init__(self, provider: SendGrid, edition: Edition, envelope: Envelope) -> None:
        self._provider = provider
        self._envelope = envelope
        self._list_headers = dict(envelope.list_headers(edition.issue))
        self.at_once = provider.capabilities.max_recipients
        # SendGrid replaces whatever it is told to, in values that it has put in as well. Nobody can know the digest of
        # a text and write it into the same text, or into a name before there is the text.
        self._tag = f"-{edition.digest[:16]}-{{}}-"
        self._merged = merged(edition, self._tag.format)
        common: dict[str, Any] = {
            "from": _mailbox(envelope.sender),
            **({"reply_to": _mailbox(envelope.reply_to)} if envelope.reply_to else {}),
            "subject": self._merged.subject.decode(),
            "content": [
                {"type": "text/plain", "value": self._merged.text.decode()},
                {"type": "text/html", "value": self._merged.html.decode()},
            ],
            **({"attachments": [_attachment(image) for image in edition.images]} if edition.images else {}),
            # What was approved is what is sent: no link is rewritten, no picture or footer added.
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": _OFF,
                "subscription_tracking": _OFF,
                "ganalytics": _OFF,
            },
            "mail_settings": {"footer": _OFF, **({"sandbox_mode": {"enable": True}} if provider.test else {})},
        }
        self._begin = json_of(common)[:-1].encode() + b',"personalizations":['
        within("SendGrid", len(self._begin), _LARGEST)

    @property
    def bytes_once(self) -> int:
        """The message itself, and its pictures."""
        return len(self._begin) + 2

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call as SendGrid's description has it."""
        provider = self._provider
        readers = ",".join(json_of(self._personalization(batch, recipient)) for recipient in batch.recipients)
        body = b"".join((self._begin, readers.encode(), b"]}"))
        return WireRequest("POST", f"{provider.base_url}/v3/mail/send", provider.headers, body)

    def _personalization(self, batch: Batch, recipient: Recipient) -> dict[str, Any]:
        token = recipient.delivery_id
        values = self._merged.values(recipient.values)
        return {
            "to": [{"email": wire_address(recipient.address)}],
            "headers": {"List-Unsubscribe": self._envelope.list_unsubscribe(token), **self._list_headers},
            "substitutions": {self._tag.format(name): value for name, value in values.items()},
            "custom_args": {"delivery": token, "batch": batch.key},
        }


def _mailbox(value: str) -> dict[str, str]:
    display, address = name_and_address(value)
    return {"email": address, **({"name": display} if display else {})}


def _attachment(image: InlineImage) -> dict[str, str]:
    return {
        "content": image.encoded,
        "type": image.media_type,
        "filename": image.name,
        "disposition": "inline",
        "content_id": image.content_id,
    }
