"""`resend`: up to 100 individually rendered messages a call, repeated safely by Idempotency-Key for 24 hours.

https://resend.com/docs/api-reference/emails/send-batch-emails and its OpenAPI description; errors:
https://resend.com/docs/api-reference/errors
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from newsletter.errors import AuthenticationError, NewsletterError, ProviderError, Refused
from newsletter.model import wording
from newsletter.model.edition import Edition
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import one_line_mailbox, wire_address
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.answers import identifier, misdirected, pause, read_json, seconds, words
from newsletter.sending.providers.configuration import API, Configuration, Need
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    Capabilities,
    Outcome,
    Rejected,
    Verdict,
    WireRequest,
    WireResponse,
    not_taken,
    refused_for_one,
    unsure,
)
from newsletter.sending.providers.jsontext import EscapedPart, json_of

CAPABILITIES = Capabilities(
    max_recipients=100,
    # Not published for a call; 40 MB is what one message may have. Less keeps memory small.
    max_body_bytes=12_000_000,
    in_flight=4,
    calls_per_second=5.0,
    # 24 hours, less the time that clocks and calls may take.
    replay_window=timedelta(hours=23),
    # "attachments" is not supported by the batch endpoint.
    inline_images=False,
    reaches_readers=True,
)
_ONE_RECIPIENT = frozenset({"validation_error", "invalid_parameter"})
_TO = "`to`"
"""The field that a refusal is about, as Resend writes it."""
_EVERYBODY = re.compile(r"`(?:from|reply_to)`")
"""Fields that are the same for all: "Invalid `from` field. The email address needs to follow the …"."""
_QUOTAS = frozenset({"daily_quota_exceeded", "monthly_quota_exceeded"})


@dataclass(frozen=True, slots=True)
class Resend:
    """Speaks `POST /emails/batch`."""

    name: str
    base_url: str
    api_key: str = field(repr=False)
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ("base_url", "api_key")
    needs: ClassVar[tuple[Need, ...]] = (Need.API_KEY,)
    options: ClassVar[frozenset[str]] = API

    @classmethod
    def configured(cls, configuration: Configuration) -> Resend:
        """Return the provider of these settings."""
        base_url = configuration.base_url or "https://api.resend.com"
        return cls(configuration.name, base_url, configuration.api_key, configuration.paced(CAPABILITIES))

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> PreparedCall:
        """Return the edition as JSON in pieces; `date` is set by Resend itself."""
        if edition.images:
            pictures = wording.count(len(edition.images), "picture", "pictures")
            raise Refused(
                f"Resend cannot carry the {pictures} inside the message",
                why="its batch calls take no attachments",
                fix='let readers\' programs fetch them: set images = "linked" and a public_url in the settings',
            )
        return PreparedCall(self, edition, envelope)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means."""
        answer = read_json(response.body)
        if 200 <= response.status < 300:
            outcomes = _outcomes(batch, answer)
            return Verdict(outcomes or unsure(batch, "Resend took the call, but its answer cannot be read"))
        name, message = _said(answer)
        reason = message or f"Resend answered {response.status}"
        if response.status >= 500 or response.status == 408:
            return Verdict(unsure(batch, reason), conclusive=False)
        if response.status == 409:
            # Another body under this key: an earlier call with it may have gone through, and no repetition will tell.
            return Verdict(unsure(batch, reason), final=name == "invalid_idempotent_request", conclusive=False)
        if response.status in {400, 422} and name in _ONE_RECIPIENT and not _EVERYBODY.search(message):
            return refused_for_one(batch, reason, certain=_TO in reason)
        if response.status == 413 and len(batch.recipients) > 1:
            return Verdict(not_taken(batch, reason), divide=True, conclusive=False)
        return Verdict(not_taken(batch, reason), stop=self._stop(response.status, name, reason), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return the pause that `Retry-After` or the rate limit's headers ask for, at most an hour."""
        reset = seconds(response.headers.get("ratelimit-reset"), now)
        used_up = response.headers.get("ratelimit-remaining") == "0"
        return pause(response, now, reset) or (reset if reset and used_up else 0.0)

    def _stop(self, status: int, name: str, reason: str) -> NewsletterError | None:
        where = f"[providers.{self.name}]"
        if status in {401, 403}:
            return AuthenticationError(
                f"Resend refused the key or the sender: {reason}",
                fix=f"correct the key that {where} names, or verify the sender's domain at Resend, then resume",
            )
        if name in _QUOTAS:
            return ProviderError(
                f"Resend's quota is used up: {reason}", fix="wait until it is renewed, then resume the mailing"
            )
        if status == 429:
            return None
        if astray := misdirected(self.name, status):
            return astray
        if name or status in {402, 451}:
            return ProviderError(
                f"Resend refused the call: {reason}",
                why=f"the answer was {status} {name}".rstrip(),
                fix="nobody was written to by this call; mend what it says, then resume the mailing",
            )
        return None


class PreparedCall:
    """An edition as JSON whose unchanging pieces are escaped once."""

    bytes_once = 2
    notes = ()

    def __init__(self, provider: Resend, edition: Edition, envelope: Envelope) -> None:
        self._provider = provider
        self.at_once = provider.capabilities.max_recipients
        self._envelope = envelope
        self._subject = edition.subject
        self._html = EscapedPart(edition.html)
        self._text = EscapedPart(edition.text)
        sender = one_line_mailbox(envelope.sender)
        reply_to = f',"reply_to":{json_of(one_line_mailbox(envelope.reply_to))}' if envelope.reply_to else ""
        self._begin = f'{{"from":{json_of(sender)}{reply_to},"to":['.encode()
        self._headers = json_of(dict(envelope.list_headers(edition.issue)))[1:]

    @property
    def bytes_each(self) -> int:
        """About how many bytes a recipient adds to a call."""
        return self._html.size + self._text.size + 2_000

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call as Resend's OpenAPI description has it."""
        provider = self._provider
        parts = [b"["]
        for number, recipient in enumerate(batch.recipients):
            parts.append(b"," if number else b"")
            self._write(recipient, parts)
        parts.append(b"]")
        headers = (
            ("Authorization", f"Bearer {provider.api_key}"),
            ("Content-Type", "application/json"),
            ("Idempotency-Key", batch.key),
        )
        return WireRequest("POST", f"{provider.base_url}/emails/batch", headers, b"".join(parts))

    def _write(self, recipient: Recipient, parts: list[bytes]) -> None:
        token = recipient.delivery_id
        subject = self._subject.fill(recipient.values).decode()
        unsubscribe = json_of(self._envelope.list_unsubscribe(token))
        parts += (
            self._begin,
            f'{json_of(wire_address(recipient.address))}],"subject":{json_of(subject)},"html":"'.encode(),
        )
        self._html.fill(recipient.values, parts)
        parts.append(b'","text":"')
        self._text.fill(recipient.values, parts)
        parts.append(
            f'","headers":{{"List-Unsubscribe":{unsubscribe},{self._headers},'
            f'"tags":[{{"name":"delivery","value":"{token}"}}]}}'.encode()
        )


def _outcomes(batch: Batch, answer: Any) -> tuple[Outcome, ...] | None:
    """Return what became of each message, or None where the answer does not tell for certain.

    An account may be set to take a batch in parts: `errors` names the places that were refused, and `data` has only the
    others, in order (https://resend.com/docs/api-reference/emails/batch-validation-modes).
    """
    data, errors = field_of(answer, "data"), field_of(answer, "errors")
    if not isinstance(data, list):
        return None
    refused = {
        place: words(field_of(error, "message")) or "refused"
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(place := field_of(error, "index"), int) and 0 <= place < len(batch.recipients)
    }
    ids = [identifier(field_of(item, "id")) for item in data]
    if not all(ids) or len(ids) + len(refused) != len(batch.recipients):
        return None
    left = iter(ids)
    return tuple(
        Rejected(recipient.delivery_id, refused[place], _TO in refused[place])
        if place in refused
        else Accepted(recipient.delivery_id, next(left))
        for place, recipient in enumerate(batch.recipients)
    )


def _said(answer: Any) -> tuple[str, str]:
    name = field_of(answer, "name")
    return name if isinstance(name, str) else "", words(field_of(answer, "message"))
