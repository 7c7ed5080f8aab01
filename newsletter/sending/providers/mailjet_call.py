"""Mailjet's calls as JSON: the message once, and what each reader's variables stand for.

https://dev.mailjet.com/docs/email-api/send_api_v31/, https://dev.mailjet.com/template-language/reference/ (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from newsletter.errors import Refused
from newsletter.model.edition import Edition, InlineImage
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import name_and_address, wire_address
from newsletter.sending.providers.contract import Batch, WireRequest
from newsletter.sending.providers.jsontext import EscapedPart, json_of
from newsletter.sending.providers.merging import Merged, foreign, merged

if TYPE_CHECKING:
    from newsletter.sending.providers.mailjet import Mailjet

_LONGEST_SUBJECT = 255
_LARGEST_PICTURES = 15_000_000
"""Bytes: "Size of all attachments, including inline must not exceed 15 MB total"; whether in base64 is not said."""
_STATEMENT = re.compile(rb"\{[{%]+[^{}\r\n]{0,80}[%}]*|\{\Z|\A\}")
"""What Mailjet's template language would take for its own, and what would change one of our variables that it touches.
Closing braces alone, as style sheets have, are none."""
_ITS_OWN = re.compile(rb"\[\[(?:[A-Za-z][^\[\]\r\n]{0,80}(?:\]\]|\Z)|\Z)")
"""`[[UNSUB_LINK_EN]]`, `[[data:name]]`: replaced even where the template language is off (django-anymail 15.2,
docs/esps/mailjet.rst), so there is no way to send them, nor to let a reader's value stand in such brackets."""
_FORBIDDEN = frozenset({"list-id", "feedback-id"})
"""`List-Id` is in the guide's list of headers that are refused (error send-0011); a `Feedback-Id` Mailjet writes and
signs itself, as it does `Message-Id` and `Date`."""


class Call:
    """An edition as `POST /v3.1/send` takes it, with a message for each reader."""

    def __init__(self, provider: Mailjet, edition: Edition, envelope: Envelope) -> None:
        _check(edition, envelope)
        self._provider = provider
        self._envelope = envelope
        self.at_once = provider.capabilities.max_recipients
        found = foreign(edition, _STATEMENT)
        self.notes = (_whole(found),) if found else ()
        self._subject = edition.subject
        self._text, self._html = EscapedPart(edition.text), EscapedPart(edition.html)
        # A subject is never left to the template language: that it is one of its places is said of templates only.
        self._merged = None if found else merged(edition, lambda name: f"{{{{var:{name}}}}}")
        sandbox = '"SandboxMode":true,' if provider.test else ""
        common = json_of(_common(edition, envelope, self._merged))
        self._begin = f'{{{sandbox}"Globals":{common},"Messages":['.encode()

    @property
    def bytes_once(self) -> int:
        """The message itself, and its pictures."""
        return len(self._begin) + 2

    @property
    def bytes_each(self) -> int:
        """A reader's values, and their whole message where the text has braces."""
        return 2_500 + (0 if self._merged else self._text.size + self._html.size)

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call as Mailjet's guide has it."""
        provider, parts = self._provider, [self._begin]
        for number, recipient in enumerate(batch.recipients):
            values = {name: value.replace("[[", "[ [") for name, value in recipient.values.items()}
            own = json_of(self._own(batch, recipient, values)).encode()[:-1]
            parts += (b"," if number else b"", own)
            # Whether values are looked at for variables again is not said.
            if self._merged and not any("{" in value or "}" in value for value in values.values()):
                parts += (b',"Variables":', json_of(self._merged.values(values)).encode(), b"}")
            else:
                self._fill(values, parts)
        parts.append(b"]}")
        return WireRequest("POST", f"{provider.base_url}/v3.1/send", provider.headers, b"".join(parts))

    def _own(self, batch: Batch, recipient: Recipient, values: Mapping[str, str]) -> dict[str, Any]:
        token = recipient.delivery_id
        return {
            "To": [{"Email": wire_address(recipient.address)}],
            "Subject": self._subject_for(values),
            # Events and answers show it again, and messages are searched for by it.
            "CustomID": token,
            "EventPayload": json_of({"delivery": token, "batch": batch.key}),
            "Headers": {"List-Unsubscribe": self._envelope.list_unsubscribe(token)},
        }

    def _subject_for(self, values: Mapping[str, str]) -> str:
        filled = self._subject.fill(values).decode()
        # Whoever's name is too long for it gets what those without a name get, which fits.
        return filled if len(filled) <= _LONGEST_SUBJECT else self._subject.fill({**values, "first_name": ""}).decode()

    def _fill(self, values: Mapping[str, str], parts: list[bytes]) -> None:
        parts.append(b',"TemplateLanguage":false,"TextPart":"')
        self._text.fill(values, parts)
        parts.append(b'","HTMLPart":"')
        self._html.fill(values, parts)
        parts.append(b'"}')


def _common(edition: Edition, envelope: Envelope, texts: Merged | None) -> dict[str, Any]:
    """Return what all messages share, their texts only where those have variables.

    "Whenever a certain property is specified in both …": texts and switches of a message stand for those of all, its
    headers and variables are added to them.
    """
    headers = {name: value for name, value in envelope.list_headers(edition.issue) if name.lower() not in _FORBIDDEN}
    common: dict[str, Any] = {
        "From": _mailbox(envelope.sender),
        **({"ReplyTo": _mailbox(envelope.reply_to)} if envelope.reply_to else {}),
        # What was approved is what is sent: no link is rewritten, no picture added.
        "TrackOpens": "disabled",
        "TrackClicks": "disabled",
        "Headers": headers,
        **({"InlinedAttachments": [_attachment(image) for image in edition.images]} if edition.images else {}),
    }
    if texts:
        common |= {"TextPart": texts.text.decode(), "HTMLPart": texts.html.decode(), "TemplateLanguage": True}
    return common


def _check(edition: Edition, envelope: Envelope) -> None:
    own = foreign(edition, _ITS_OWN)
    if own:
        raise Refused(
            f"the text has “{own}”, in whose place Mailjet puts something of its own",
            why="what stands in two square brackets is a variable there, and no call can switch that off",
            fix="take it out, or write a blank between the brackets",
        )
    subject = edition.subject.fill(envelope.recipient("x" * 28, "", "").values).decode()
    if len(subject) > _LONGEST_SUBJECT:
        raise Refused(
            f"the subject has {len(subject)} letters, which is more than Mailjet takes",
            why=f"a subject may have {_LONGEST_SUBJECT}",
            fix="shorten the subject of the issue",
        )
    size = sum(len(image.data) + 2 for image in edition.images) * 4 // 3
    if size > _LARGEST_PICTURES:
        raise Refused(
            f"the pictures inside the message have {size / 1e6:,.0f} MB, which is more than Mailjet takes",
            why="they may have 15 MB together once they are encoded",
            fix='let readers\' programs fetch them: set images = "linked" and a public_url in the settings',
        )


def _whole(found: str) -> str:
    return (
        f"The text has “{found}”, which Mailjet would take for a variable, or for a part of one. So each reader's "
        "message is made here and sent whole, which takes longer."
    )


def _mailbox(value: str) -> dict[str, str]:
    display, address = name_and_address(value)
    return {"Email": address, **({"Name": display} if display else {})}


def _attachment(image: InlineImage) -> dict[str, str]:
    return {
        "ContentType": image.media_type,
        "Filename": image.name,
        "ContentID": image.content_id,
        "Base64Content": image.encoded,
    }
