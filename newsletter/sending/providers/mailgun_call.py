"""Mailgun's calls as multipart/form-data (RFC 7578): together with variables, or one message by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from newsletter.errors import Refused
from newsletter.model.edition import Edition
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import one_line_mailbox, wire_address
from newsletter.sending.providers.contract import Batch, WireRequest
from newsletter.sending.providers.jsontext import json_of
from newsletter.sending.providers.mailgun_search import tag
from newsletter.sending.providers.merging import merged
from newsletter.sending.providers.sizes import within

if TYPE_CHECKING:
    from newsletter.sending.providers.mailgun import Mailgun

FOREIGN = re.compile(rb"%(?:recipient|(?:tag_|mailing_list_)?unsubscribe|mailing_list)[\w.]*%?", re.IGNORECASE)
"""What Mailgun would put something of its own in the place of."""
_OPTIONS = 16_384
"""Bytes that fields beginning with `o:`, `h:`, `v:` and `t:` may have together."""
_LARGEST = 25_000_000
"""Bytes of a message, of which Mailgun makes the pictures a third longer."""


class Form:
    """Fields in their order, with a boundary that is the same for the same edition."""

    def __init__(self, edition: Edition) -> None:
        # Nobody can know the digest of a text and write it into the same text.
        self.boundary = f"newsletter-{edition.digest[:32]}"
        self._part = f"--{self.boundary}\r\nContent-Disposition: form-data; name=".encode()

    def field(self, name: str, value: str | bytes) -> bytes:
        """Return a field; `name` is ours."""
        content = value if isinstance(value, bytes) else value.encode()
        return b"".join((self._part, f'"{name}"\r\n\r\n'.encode(), content, b"\r\n"))

    def file(self, name: str, filename: str, media_type: str, content: bytes) -> bytes:
        """Return a file; its name and type are ours."""
        head = f'"{name}"; filename="{filename}"\r\nContent-Type: {media_type}\r\n\r\n'
        return b"".join((self._part, head.encode(), content, b"\r\n"))

    def end(self) -> bytes:
        """Return what closes the form."""
        return f"--{self.boundary}--\r\n".encode()

    @property
    def content_type(self) -> tuple[str, str]:
        """The header that names the boundary."""
        return ("Content-Type", f"multipart/form-data; boundary={self.boundary}")


class _Call:
    """What both forms of call have in common."""

    def __init__(self, provider: Mailgun, edition: Edition, envelope: Envelope) -> None:
        self._provider = provider
        self._envelope = envelope
        self._form = form = Form(edition)
        self._head = form.field("from", one_line_mailbox(envelope.sender))
        if envelope.reply_to:
            self._head += form.field("h:Reply-To", one_line_mailbox(envelope.reply_to))
        self._head += b"".join(form.field(f"h:{name}", value) for name, value in envelope.list_headers(edition.issue))
        # What was approved is what is sent: no link is rewritten, no picture added.
        self._head += form.field("o:tracking", "no") + (form.field("o:testmode", "yes") if provider.test else b"")
        self._tail = b"".join(
            # Mailgun makes the Content-ID of the file's name.
            form.file("inline", image.content_id, image.media_type, image.data)
            for image in edition.images
        )
        within("Mailgun", len(self._tail) * 4 // 3 + _weight(edition), _LARGEST)
        if len(self._head) > _OPTIONS - 2_000:
            raise Refused(
                "the headers of the message are larger than Mailgun takes",
                why=f"its fields for headers and options may have {_OPTIONS} bytes together",
                fix="shorten the title of the list or the reply address in the settings",
            )

    @property
    def bytes_once(self) -> int:
        """What does not depend on the reader."""
        return len(self._head) + len(self._tail) + 1_000

    def _request(self, fields: Iterable[bytes]) -> WireRequest:
        provider = self._provider
        body = b"".join((self._head, *fields, self._tail, self._form.end()))
        return WireRequest("POST", f"{provider.url}/messages", (provider.authorization, self._form.content_type), body)


class Together(_Call):
    """One message for many, with Mailgun's recipient variables."""

    bytes_each = 1_000
    notes = ()

    def __init__(self, provider: Mailgun, edition: Edition, envelope: Envelope) -> None:
        super().__init__(provider, edition, envelope)
        self.at_once = provider.capabilities.max_recipients
        self._merged = merged(edition, variable)
        form = self._form
        self._head += (
            form.field("subject", self._merged.subject)
            + form.field("text", self._merged.text)
            + form.field("html", self._merged.html)
            + form.field("h:List-Unsubscribe", f"<{variable('unsubscribe')}>")
            + form.field("h:Message-Id", f"<{variable('delivery')}@{envelope.domain}>")
            + form.field("v:delivery", variable("delivery"))
        )

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call."""
        form = self._form
        addresses = [wire_address(recipient.address) for recipient in batch.recipients]
        variables = {
            address: self._variables(recipient) for address, recipient in zip(addresses, batch.recipients, strict=True)
        }
        return self._request(
            (
                form.field("v:batch", batch.key),
                form.field("o:tag", tag(batch.key)),
                form.field("recipient-variables", json_of(variables)),
                *(form.field("to", address) for address in addresses),
            )
        )

    def _variables(self, recipient: Recipient) -> dict[str, str]:
        token = recipient.delivery_id
        values = self._merged.values(recipient.values)
        for name, value in values.items():
            if "%" in value:
                values[name] = harmless(value)
        values["delivery"], values["unsubscribe"] = token, self._envelope.unsubscribe_url(token)
        return values


class Individual(_Call):
    """One message for one reader, with nothing for Mailgun to put in; `found` is what it would take for a variable."""

    at_once = 1

    def __init__(self, provider: Mailgun, edition: Edition, envelope: Envelope, found: str) -> None:
        super().__init__(provider, edition, envelope)
        self._edition = edition
        note = (
            f"The text has “{found}”, which Mailgun would replace with something of its own. So each reader's message "
            "is sent by a call of its own, which takes much longer; without the percent sign one call is enough for "
            "1,000."
        )
        self.notes = (note,)

    @property
    def bytes_each(self) -> int:
        """The message itself."""
        return _weight(self._edition) + 4_000

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call; raise ValueError for more than one recipient, who would see each other."""
        (recipient,) = batch.recipients
        edition, form, token = self._edition, self._form, recipient.delivery_id
        values = recipient.values
        return self._request(
            (
                form.field("subject", edition.subject.fill(values)),
                form.field("text", edition.text.fill(values)),
                form.field("html", edition.html.fill(values)),
                form.field("h:List-Unsubscribe", self._envelope.list_unsubscribe(token)),
                form.field("h:Message-Id", f"<{token}@{self._envelope.domain}>"),
                form.field("v:delivery", token),
                form.field("v:batch", batch.key),
                form.field("o:tag", tag(batch.key)),
                form.field("to", wire_address(recipient.address)),
            )
        )


def _weight(edition: Edition) -> int:
    return sum(len(chunk) for part in (edition.subject, edition.text, edition.html) for chunk in part.chunks)


def variable(name: str) -> str:
    """Return what Mailgun puts a recipient's value in the place of."""
    return f"%recipient.{name}%"


def harmless(value: str) -> str:
    """Return a value in which Mailgun finds no variable: a name must not show what another variable holds."""
    return re.sub(r"%(?=recipient|(?:tag_|mailing_list_)?unsubscribe|mailing_list)", "% ", value, flags=re.IGNORECASE)
