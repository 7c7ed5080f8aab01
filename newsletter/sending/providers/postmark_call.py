"""Postmark's calls as JSON: a batch of whole messages, or one message with Mustachio variables for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.edition import Edition, InlineImage
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import one_line_mailbox, wire_address
from newsletter.sending.providers.contract import Batch, WireRequest
from newsletter.sending.providers.jsontext import EscapedPart, json_of
from newsletter.sending.providers.merging import merged
from newsletter.sending.providers.sizes import within

if TYPE_CHECKING:
    from newsletter.sending.providers.postmark import Postmark

LARGEST_BATCH = 500
"""Whole messages that a call may have."""
_LARGEST = 10_000_000
"""Bytes of a message: https://postmarkapp.com/support/article/1056-what-are-the-attachment-and-email-size-limits."""
_OWN_LINK = (
    "Postmark adds an unsubscribe link and headers of its own to broadcast streams, until its support has switched on "
    "“manage unsubscribes on your own” for yours."
)


class _Call:
    """What both forms of call have in common."""

    def __init__(self, provider: Postmark, edition: Edition, envelope: Envelope) -> None:
        self._provider = provider
        self._envelope = envelope
        self._list_headers = [{"Name": name, "Value": value} for name, value in envelope.list_headers(edition.issue)]
        self.at_once = provider.capabilities.max_recipients
        self._common: dict[str, Any] = {
            "From": one_line_mailbox(envelope.sender),
            **({"ReplyTo": one_line_mailbox(envelope.reply_to)} if envelope.reply_to else {}),
            "MessageStream": provider.stream,
            # What was approved is what is sent: no link is rewritten, no picture added.
            "TrackOpens": False,
            "TrackLinks": "None",
            **({"Attachments": [_attachment(image) for image in edition.images]} if edition.images else {}),
        }

    def _own(self, batch: Batch, recipient: Recipient) -> dict[str, Any]:
        """Return what is a reader's own in both forms; our delivery id and the batch's key can be searched for."""
        token = recipient.delivery_id
        unsubscribe = {"Name": "List-Unsubscribe", "Value": self._envelope.list_unsubscribe(token)}
        return {
            "To": wire_address(recipient.address),
            "Headers": [unsubscribe, *self._list_headers],
            "Metadata": {"batch": batch.key, "delivery": token},
        }

    def _request(self, path: str, body: bytes) -> WireRequest:
        return WireRequest("POST", self._provider.base_url + path, self._provider.headers, body)


class BatchCall(_Call):
    """Whole messages; `found` is what keeps bulk calls from being used, if anything."""

    bytes_once = 2

    def __init__(self, provider: Postmark, edition: Edition, envelope: Envelope, found: str) -> None:
        super().__init__(provider, edition, envelope)
        self.at_once = min(self.at_once, LARGEST_BATCH)
        self.notes = (_whole(found), _OWN_LINK) if found else (_OWN_LINK,)
        self._subject = edition.subject
        self._html = EscapedPart(edition.html)
        self._text = EscapedPart(edition.text)
        self._begin = json_of(self._common)[:-1].encode()
        within("Postmark", self.bytes_each, _LARGEST)

    @property
    def bytes_each(self) -> int:
        """The message itself, and its pictures."""
        return len(self._begin) + self._html.size + self._text.size + 2_000

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call as Postmark's description of `/email/batch` has it."""
        parts: list[bytes] = []
        for recipient in batch.recipients:
            own = {"Subject": self._subject.fill(recipient.values).decode(), **self._own(batch, recipient)}
            parts += (b"," if parts else b"[", self._begin, b",", json_of(own)[1:-1].encode(), b',"TextBody":"')
            self._text.fill(recipient.values, parts)
            parts.append(b'","HtmlBody":"')
            self._html.fill(recipient.values, parts)
            parts.append(b'"}')
        parts.append(b"]")
        return self._request("/email/batch", b"".join(parts))


class BulkCall(_Call):
    """One message with variables, which Postmark puts in as they are: `{{{name}}}`."""

    bytes_each = 1_200
    notes = (_OWN_LINK,)

    def __init__(self, provider: Postmark, edition: Edition, envelope: Envelope) -> None:
        super().__init__(provider, edition, envelope)
        self._merged = merged(edition, lambda name: f"{{{{{{{name}}}}}}}")
        texts = {
            "Subject": self._merged.subject.decode(),
            "TextBody": self._merged.text.decode(),
            "HtmlBody": self._merged.html.decode(),
            "InlineCss": False,
        }
        self._begin = json_of({**self._common, **texts})[:-1].encode() + b',"Messages":['
        within("Postmark", len(self._begin), _LARGEST)

    @property
    def bytes_once(self) -> int:
        """The message itself, and its pictures."""
        return len(self._begin) + 2

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call as Postmark's description of `/email/bulk` has it."""
        messages = ",".join(
            json_of({**self._own(batch, recipient), "TemplateModel": self._merged.values(recipient.values)})
            for recipient in batch.recipients
        )
        return self._request("/email/bulk", b"".join((self._begin, messages.encode(), b"]}")))


def _whole(found: str) -> str:
    return (
        f"The text has “{found}”, which Postmark would take for a variable. So each reader's message is made here and "
        "sent whole, which takes longer; without the braces bulk calls are used."
    )


def _attachment(image: InlineImage) -> dict[str, str]:
    return {
        "Name": image.name,
        "Content": image.encoded,
        "ContentType": image.media_type,
        "ContentID": f"cid:{image.content_id}",
    }
