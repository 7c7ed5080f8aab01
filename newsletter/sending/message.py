"""A reader's message as mail carries it: plain text first, then HTML, with its pictures inside where it has any.

What all readers share is encoded once for each edition (`prepare`), so that a message costs little more than copying
its bytes. The same edition, envelope, recipient and date give the same bytes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from newsletter.model.edition import Edition, InlineImage
from newsletter.model.mailing import Recipient
from newsletter.model.slot import SLOTS, Context, Slot, SlotKind, Slotted, escape
from newsletter.sending import headers, quoted
from newsletter.sending.envelope import Envelope

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What is neither escaped nor encoded anywhere, and one short line: almost every name and address of our own.
_READY = {
    SlotKind.TEXT: re.compile(r"[A-Za-z0-9]{1,75}"),
    SlotKind.URL: re.compile(r"https://[!#-%(-;?-~]{1,67}"),
}
_SAMPLE = "0" * 64
"""Stands for the token of a delivery, as long as one may be."""


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """An edition made ready to become messages."""

    edition: Edition
    envelope: Envelope
    domain: str
    head: bytes
    """The headers that all readers share."""
    subject: bytes
    """The subject's header where it is the same for all readers, or else nothing."""
    identity: bytes
    """The headers that name a delivery, with two places for its token."""
    chunks: tuple[bytes, ...]
    slots: tuple[tuple[Slot, Context], ...]
    """Each that occurs, once."""
    places: tuple[int, ...]
    """Which slot stands between two chunks."""
    smtputf8: bool
    """Whether addresses may have letters beyond ASCII before the @."""

    @property
    def size(self) -> int:
        """How many bytes a message has at least."""
        return len(self.head) + sum(map(len, self.chunks))

    def compose(self, recipient: Recipient) -> bytes:
        """Return the message for one reader; raise AudienceError where the address cannot be written to."""
        to = headers.mailbox("To", recipient.name, recipient.address, smtputf8=self.smtputf8)
        subject = self.subject or headers.text("Subject", self.edition.subject.fill(recipient.values).decode())
        identity = self._identity(recipient.delivery_id)
        filled = self._filled(recipient.values)
        body = [b""] * (len(self.chunks) + len(self.places))
        body[::2] = self.chunks
        body[1::2] = [filled[place] for place in self.places]
        return b"".join((self.head, to, subject, identity, *body))

    def _identity(self, token: str) -> bytes:
        """Return the headers that name the delivery."""
        if _TOKEN.fullmatch(token):
            return self.identity % (token.encode(), token.encode())
        return headers.field("Message-ID", f"<{token}@{self.domain}>") + headers.field(
            "List-Unsubscribe", self.envelope.list_unsubscribe(token)
        )

    def _filled(self, values: Mapping[str, str]) -> list[bytes]:
        """Return the slots' values; one in which nothing has to be changed is the same in text and HTML."""
        filled = []
        same: dict[str, bytes] = {}
        for slot, context in self.slots:
            encoded = same.get(slot.name)
            if encoded is None:
                value = values.get(slot.name, "")
                if _READY[SLOTS[slot.name]].fullmatch(value):
                    encoded = same[slot.name] = value.encode("ascii") + quoted.SOFT_BREAK
                else:
                    encoded = quoted.value(escape(slot, value, context))
            filled.append(encoded)
        return filled


def prepare(edition: Edition, envelope: Envelope, date: datetime, *, smtputf8: bool = False) -> PreparedMessage:
    """Encode everything that the readers of an edition share; `date` becomes the header, so it is given."""
    head = [
        headers.written_mailbox("From", envelope.sender),
        headers.written_mailbox("Reply-To", envelope.reply_to) if envelope.reply_to else b"",
        headers.field("Date", format_datetime(date)),
        headers.field("MIME-Version", "1.0"),
        headers.field("Precedence", "bulk"),
        *(headers.field(*header) for header in envelope.list_headers(edition.issue)),
    ]
    alternative, related = f"=_{edition.digest[:24]}.a", f"=_{edition.digest[:24]}.r"
    text = _Part("text/plain", edition.text)
    html = _Part("text/html", edition.html)
    before = _multipart("alternative", alternative) + b"\r\n" + _boundary(alternative) + text.head
    between = b"\r\n" + _boundary(alternative)
    after = b""
    if edition.images:
        between += _multipart("related", related, kind="text/html") + b"\r\n" + _boundary(related)
        after += b"".join(b"\r\n" + _boundary(related) + _image(image) for image in edition.images)
        after += f"\r\n--{related}--\r\n".encode()
    between += html.head
    after += f"\r\n--{alternative}--\r\n".encode()
    chunks = [*text.chunks[:-1], text.chunks[-1] + between + html.chunks[0], *html.chunks[1:]]
    chunks[0] = before + chunks[0]
    chunks[-1] += after
    occurring = text.slots + html.slots
    # Those in HTML first: what stands there as it is stands so in text, too.
    slots = tuple(dict.fromkeys(html.slots + text.slots))
    return PreparedMessage(
        edition=edition,
        envelope=envelope,
        domain=envelope.domain,
        head=b"".join(head),
        subject=b"" if edition.subject.slots else headers.text("Subject", edition.subject.fill({}).decode()),
        identity=_identity(envelope),
        chunks=tuple(chunks),
        slots=slots,
        places=tuple(slots.index(slot) for slot in occurring),
        smtputf8=smtputf8,
    )


def compose(edition: Edition, envelope: Envelope, recipient: Recipient, date: datetime) -> bytes:
    """Return one message; `prepare` once for many."""
    return prepare(edition, envelope, date).compose(recipient)


def _identity(envelope: Envelope) -> bytes:
    named = headers.field("Message-ID", f"<{_SAMPLE}@{envelope.domain}>")
    named += headers.field("List-Unsubscribe", envelope.list_unsubscribe(_SAMPLE))
    return named.replace(b"%", b"%%").replace(_SAMPLE.encode(), b"%b")


class _Part:
    """A text part: its headers, and its body encoded in pieces."""

    def __init__(self, media_type: str, body: Slotted) -> None:
        self.head = (
            headers.field("Content-Type", f"{media_type}; charset=utf-8")
            + headers.field("Content-Transfer-Encoding", "quoted-printable")
            + b"\r\n"
        )
        self.chunks = quoted.pieces(body.chunks)
        self.slots = tuple((slot, body.context) for slot in body.slots)


def _multipart(subtype: str, boundary: str, *, kind: str = "") -> bytes:
    root = f'; type="{kind}"' if kind else ""
    return headers.field("Content-Type", f'multipart/{subtype}; boundary="{boundary}"{root}')


def _boundary(boundary: str) -> bytes:
    # No encoded text can hold it: quoted-printable has "=" only before hexadecimal digits.
    return f"--{boundary}\r\n".encode()


def _image(image: InlineImage) -> bytes:
    return (
        headers.field("Content-Type", image.media_type)
        + headers.field("Content-Transfer-Encoding", "base64")
        + headers.field("Content-ID", f"<{image.content_id}>")
        + headers.field("Content-Disposition", f'inline; filename="{image.name}"')
        + b"\r\n"
        + base64.encodebytes(image.data).replace(b"\n", b"\r\n")
    )
