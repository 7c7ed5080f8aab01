"""Brevo's calls as JSON: the page once, with Brevo's variables; subject, text and headers for each reader.

Brevo passes everything through its template language, which knows no way around it: braces that are only braces are
variables, too. Its variables are escaped for HTML unless that is switched off:
https://help.brevo.com/hc/en-us/articles/360018252080
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from email.header import Header
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from newsletter.errors import Refused
from newsletter.model.edition import Edition
from newsletter.model.mailing import Recipient
from newsletter.model.slot import Context, Slot, Slotted
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import name_and_address, wire_address
from newsletter.sending.providers.contract import Batch, WireRequest
from newsletter.sending.providers.jsontext import EscapedPart, json_of
from newsletter.sending.providers.merging import merged

if TYPE_CHECKING:
    from newsletter.sending.providers.brevo import Brevo

_PARAMETERS = 900_000
"""Bytes that the parameters of a call may have together: 1,000 KB, less what names of unusual length need."""
_LONGEST_NAME = 70
_BRACE = "{{params.b}}"
_OPENING = re.compile(rb"\{(?=[{%#]|\Z)")
"""What begins a variable, a tag or a comment, or could together with what follows a piece of text."""
_SPECIAL = re.compile(r'[()<>@,:;."\[\]\\]')
_NOTHING = Slotted((b"",), (), Context.PLAIN)
# https://help.brevo.com/hc/en-us/articles/11643306229906; "No click-tracking or open-tracking options": django-anymail.
_ITS_OWN_TRACKING = (
    "Brevo adds a picture that tells of opens, and leads links through a server of its own; no call can switch that "
    "off. With anonymous email tracking, which its settings for transactional emails have, it names nobody with them."
)


class MergedCall:
    """An edition as `POST /v3/smtp/email` takes it, with a version for each reader."""

    notes = (_ITS_OWN_TRACKING,)

    def __init__(self, provider: Brevo, edition: Edition, envelope: Envelope) -> None:
        self._provider = provider
        self._envelope = envelope
        self._sandbox = {"X-Sib-Sandbox": "drop"} if provider.test else {}
        # Of the headers that Brevo takes, those of a version may stand for those of all: so each has all of them.
        self._list_headers = {name: _ascii(value) for name, value in envelope.list_headers(edition.issue)}
        self._subject = _harmless(edition.subject)
        self._text = EscapedPart(_harmless(edition.text))
        self._merged = merged(
            replace(edition, html=_harmless(edition.html), subject=_NOTHING, text=_NOTHING),
            lambda name: f"{{% autoescape off %}}{{{{params.{name}}}}}{{% endautoescape %}}",
        )
        nobody = envelope.recipient("x" * 28, "", "")
        common = {
            "sender": _sender(envelope.sender),
            **({"replyTo": _reply_to(envelope.reply_to)} if envelope.reply_to else {}),
            "subject": self._subject.fill(nobody.values).decode(),
            "htmlContent": self._merged.html.decode(),
        }
        self._begin = json_of(common)[:-1].encode()
        each = len(json_of(self._parameters(nobody.values)).encode()) + 2 * _LONGEST_NAME
        self.at_once = max(1, min(provider.capabilities.max_recipients, _PARAMETERS // each))

    @property
    def bytes_once(self) -> int:
        """The page itself."""
        return len(self._begin) + 1_000

    @property
    def bytes_each(self) -> int:
        """The text, and the headers and values of a reader."""
        return self._text.size + 2_500

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call as Brevo's reference has it."""
        provider = self._provider
        common = {"headers": {"idempotencyKey": idempotency_key(batch.key), **self._sandbox}}
        parts = [self._begin, b",", json_of(common)[1:-1].encode(), b',"messageVersions":[']
        for number, recipient in enumerate(batch.recipients):
            parts.append(b',{"textContent":"' if number else b'{"textContent":"')
            self._text.fill(_harmless_values(recipient.values), parts)
            parts += (b'",', json_of(self._version(batch, recipient))[1:].encode())
        parts.append(b"]}")
        return WireRequest("POST", f"{provider.base_url}/v3/smtp/email", provider.headers, b"".join(parts))

    def _version(self, batch: Batch, recipient: Recipient) -> dict[str, Any]:
        token = recipient.delivery_id
        return {
            # Counts opens and clicks without saying whose they are, where the account has that choice.
            "to": [{"email": wire_address(recipient.address), "contactPixelTrackingConsent": False}],
            "subject": self._subject.fill(_harmless_values(recipient.values)).decode(),
            "params": self._parameters(recipient.values),
            "headers": {
                "List-Unsubscribe": self._envelope.list_unsubscribe(token),
                **self._list_headers,
                "X-Mailin-custom": json.dumps({"delivery": token, "batch": batch.key}),
                **self._sandbox,
            },
        }

    def _parameters(self, values: Mapping[str, str]) -> dict[str, str]:
        return {"b": "{", **self._merged.values(values)}


def idempotency_key(key: str) -> str:
    """Return a batch's key as the UUID that Brevo asks for; version 4 is what it recommends."""
    return str(uuid.UUID(bytes=sha256(key.encode()).digest()[:16], version=4))


def _harmless(part: Slotted) -> Slotted:
    """Return a text in which Brevo's language finds nothing but our variables."""
    chunks = tuple(_OPENING.sub(_BRACE.encode(), chunk) for chunk in part.chunks)
    if part.context is Context.HTML:
        # The values of our variables are not looked at again.
        return replace(part, chunks=chunks)
    slots = tuple(Slot(slot.name, slot.fallback.replace("{", _BRACE)) for slot in part.slots)
    return replace(part, chunks=chunks, slots=slots)


def _harmless_values(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value.replace("{", _BRACE) if "{" in value else value for name, value in values.items()}


def _ascii(value: str) -> str:
    """Return a header's value without a phrase in encoded words.

    Brevo decodes them and sends raw 8-bit letters, for which mail is refused (django-anymail 15.2, backends/brevo.py).
    """
    return value[value.rindex("<") :] if "=?" in value else value


def _sender(value: str) -> dict[str, str]:
    display, address = name_and_address(value)
    if not display.isascii() and _SPECIAL.search(display):
        # Brevo would leave out the whole name.
        display = Header(display, "utf-8", maxlinelen=10_000).encode()
    if len(display) > _LONGEST_NAME:
        raise Refused(
            f"the sender's name is longer than the {_LONGEST_NAME} letters that Brevo takes",
            why="letters beyond ASCII count several times where the name has commas or full stops",
            fix="shorten the name in `from` in the settings",
        )
    return {**({"name": display} if display else {}), "email": address}


def _reply_to(value: str) -> dict[str, str]:
    display, address = name_and_address(value)
    # Other names would leave as raw 8-bit letters, or be cut off by Brevo's limit: the address alone is enough.
    fits = display and display.isascii() and len(display) <= _LONGEST_NAME
    return {**({"name": display} if fits else {}), "email": address}
