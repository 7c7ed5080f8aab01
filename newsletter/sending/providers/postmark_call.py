"""Postmark's calls as JSON: a batch of whole messages, or one message with Mustachio variables for many."""

from __future__ import annotations

from typing import Any

from newsletter.model.edition import Edition
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import one_line_mailbox, wire_address
from newsletter.sending.providers.contract import Batch, WireRequest
from newsletter.sending.providers.jsontext import EscapedPart, json_of
from newsletter.sending.providers.merging import merged

_OWN_LINK = (
    "Postmark adds an unsubscribe link and headers of its own to broadcast streams, until its support has switched on "
    "“manage unsubscribes on your own” for yours."
)


class _Call:
    """What both forms of call have in common."""

    def __init__(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        edition: Edition,
        envelope: Envelope,
        stream: str,
        at_once: int,
    ) -> None:
        self._url = url
        self._headers = headers
        self._envelope = envelope
        self._list_headers = [{"Name": name, "Value": value} for name, value in envelope.list_headers(edition.issue)]
        self.at_once = at_once
        self._common: dict[str, Any] = {
            "From": one_line_mailbox(envelope.sender),
            **({"ReplyTo": one_line_mailbox(envelope.reply_to)} if envelope.reply_to else {}),
            "MessageStream": stream,
            # What was approved is what is sent: no link is rewritten, no picture added.
            "TrackOpens": False,
            "TrackLinks": "None",
        }
        if edition.images:
            self._common["Attachments"] = [
                {
                    "Name": image.name,
                    "Content": image.encoded,
                    "ContentType": image.media_type,
                    "ContentID": f"cid:{image.content_id}",
                }
                for image in edition.images
            ]

    def _own(self, batch: Batch, recipient: Recipient) -> dict[str, Any]:
        """Return what is a reader's own in both forms; our delivery id and the batch's key can be searched for."""
        token = recipient.delivery_id
        unsubscribe = {"Name": "List-Unsubscribe", "Value": self._envelope.list_unsubscribe(token)}
        return {
            "To": wire_address(recipient.address),
            "Headers": [unsubscribe, *self._list_headers],
            "Metadata": {"batch": batch.key, "delivery": token},
        }

    def _request(self, body: bytes) -> WireRequest:
        return WireRequest("POST", self._url, self._headers, body)


class BatchCall(_Call):
    """Whole messages."""

    bytes_once = 2

    def __init__(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        edition: Edition,
        envelope: Envelope,
        stream: str,
        at_once: int,
        found: str,
    ) -> None:
        super().__init__(url, headers, edition, envelope, stream, at_once)
        self._found = found
        self._subject = edition.subject
        self._html = EscapedPart(edition.html)
        self._text = EscapedPart(edition.text)
        self._begin = json_of(self._common)[:-1].encode()

    @property
    def bytes_each(self) -> int:
        """The message itself, and its pictures."""
        return len(self._begin) + self._html.size + self._text.size + 2_000

    @property
    def notes(self) -> tuple[str, ...]:
        """Why bulk calls are not used, and what Postmark adds."""
        if not self._found:
            return (_OWN_LINK,)
        why = (
            f"The text has “{self._found}”, which Postmark would take for a variable. So each reader's message is made "
            "here and sent whole, which takes longer; without the braces bulk calls are used."
        )
        return (why, _OWN_LINK)

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
        return self._request(b"".join(parts))


class BulkCall(_Call):
    """One message with variables, which Postmark puts in as they are: `{{{name}}}`."""

    bytes_each = 1_200
    notes = (_OWN_LINK,)

    def __init__(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        edition: Edition,
        envelope: Envelope,
        stream: str,
        at_once: int,
    ) -> None:
        super().__init__(url, headers, edition, envelope, stream, at_once)
        self._merged = merged(edition, lambda name: f"{{{{{{{name}}}}}}}")
        texts = {
            "Subject": self._merged.subject.decode(),
            "TextBody": self._merged.text.decode(),
            "HtmlBody": self._merged.html.decode(),
            "InlineCss": False,
        }
        self._begin = json_of({**self._common, **texts})[:-1].encode() + b',"Messages":['

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
        return self._request(b"".join((self._begin, messages.encode(), b"]}")))
