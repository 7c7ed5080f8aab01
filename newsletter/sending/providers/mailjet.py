"""`mailjet`: one message with variables for 50 readers a call; lost calls are searched for, reader by reader.

https://dev.mailjet.com/docs/email-api/send_api_v31/, https://dev.mailjet.com/reference/email/messages/ (2026-11).

Calls are not repeated with Mailjet's `DeduplicateCampaign`, which blocks a second message to an address in a campaign:
for how long is not published; it looks at what "has been sent", so a first message that still waits may not count; and
what was blocked is told by an event alone (https://dev.mailjet.com/docs/smtp_relay/custom_headers).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from newsletter.errors import NewsletterError, ProviderError
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.answers import pause, read_json
from newsletter.sending.providers.configuration import API, Configuration, Need
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    Capabilities,
    Evidence,
    NotTaken,
    Outcome,
    Prepared,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
    not_taken,
    refused_for_one,
    unsure,
)
from newsletter.sending.providers.mailjet_answer import aligned, message_id, number, told, told_of
from newsletter.sending.providers.mailjet_call import Call

CAPABILITIES = Capabilities(
    max_recipients=50,
    # Not published for a call ("when the payload size is over the limit"). Less keeps memory small.
    max_body_bytes=12_000_000,
    in_flight=4,
    # "A high rate limit", without a number: https://dev.mailjet.com/reference/overview/rate-limits/
    calls_per_second=None,
    replay_window=None,
    inline_images=True,
    reaches_readers=True,
    # How long messages take into the search is not published.
    settle=timedelta(minutes=30),
    # Nor how long they stay there.
    remembers=timedelta(days=1),
)
# "If your account has been moved to Mailjet's US architecture": https://github.com/mailjet/mailjet-apiv3-php
_HOSTS = {"eu": "https://api.mailjet.com", "us": "https://api.us.mailjet.com"}
_NOBODY_KNOWS = "Mailjet's answer does not say what became of this message"


@dataclass(frozen=True, slots=True)
class Mailjet:
    """Speaks `POST /v3.1/send`, and searches `GET /v3/REST/message`."""

    name: str
    base_url: str
    api_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    test: bool = False
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ("base_url", "api_key")
    needs: ClassVar[tuple[Need, ...]] = (Need.API_KEY, Need.SECRET_KEY)
    options: ClassVar[frozenset[str]] = API | {"secret_key_env", "secret_key_file", "region", "test", "settle_minutes"}

    @classmethod
    def configured(cls, configuration: Configuration) -> Mailjet:
        """Return the provider of these settings; raise ConfigurationError for a region that Mailjet does not have."""
        return cls(
            configuration.name,
            configuration.host("Mailjet", _HOSTS),
            configuration.api_key,
            configuration.secret_key,
            configuration.settings.test,
            configuration.paced(CAPABILITIES),
        )

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every call has."""
        secret = base64.b64encode(f"{self.api_key}:{self.secret_key}".encode()).decode("ascii")
        return (("Authorization", f"Basic {secret}"), ("Content-Type", "application/json"))

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> Prepared:
        """Return the edition with variables, or whole for each where it has braces; `date` is set by Mailjet itself.

        Raises Refused for what Mailjet replaces in every text, and for a subject or pictures that are too large.
        """
        return Call(self, edition, envelope)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means: each message has one of its own, also where that of the call is an error."""
        status, answer = response.status, read_json(response.body)
        said = told(answer, status)
        if status >= 500 or status == 408:
            return Verdict(unsure(batch, said.reason), conclusive=False)
        items = field_of(answer, "Messages")
        if isinstance(items, list) and (200 <= status < 300 or status >= 400):
            return self._taken(batch, items, status)
        if 200 <= status < 300:
            return Verdict(unsure(batch, "Mailjet took the call, but its answer cannot be read"))
        if status == 400 and not isinstance(answer, dict):
            # The same number tells that one message was refused, and that all others were taken.
            return Verdict(unsure(batch, _NOBODY_KNOWS), conclusive=False)
        if said.of_one:
            return refused_for_one(batch, said.reason, certain=said.an_address, conclusive=False)
        if said.too_large and len(batch.recipients) > 1:
            return Verdict(not_taken(batch, said.reason), divide=True, conclusive=False)
        return Verdict(not_taken(batch, said.reason), stop=said.stop(self.name), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return the pause that `Retry-After` asks for, or a second after a 429 without it."""
        return pause(response, now)

    def probe(self, batch: Batch, since: datetime, more: str = "") -> WireRequest:
        """Ask for the message of one delivery; `more` is how many have been asked for already.

        Not for those since the call: "sent after" could leave out what still waits in Mailjet's queue.
        """
        token = batch.recipients[int(more or 0)].delivery_id
        query = urlencode({"CustomID": token, "ShowCustomID": "true"})
        return WireRequest("GET", f"{self.base_url}/v3/REST/message?{query}", self.headers, b"")

    def evidence(self, batch: Batch, response: WireResponse, more: str) -> Evidence:
        """Return whether an answer shows the message that was asked for."""
        answer, asked = read_json(response.body), int(more or 0)
        messages = field_of(answer, "Data")
        if response.status != 200 or not isinstance(messages, list):
            said = told(answer, response.status)
            return Evidence({}, problem=said.stop(self.name) or _not_searched(said.reason))
        token = batch.recipients[asked].delivery_id
        if any(field_of(message, "CustomID") != token for message in messages):
            return Evidence({}, problem=_not_searched("it shows messages that were not asked for"))
        found = {token: number(field_of(messages[0], "ID"))} if messages else {}
        return Evidence(found, str(asked + 1) if asked + 1 < len(batch.recipients) else "")

    def _taken(self, batch: Batch, items: list[Any], status: int) -> Verdict:
        outcomes: list[Outcome] = []
        stop: NewsletterError | None = None
        for recipient, item in zip(batch.recipients, aligned(batch, items), strict=True):
            token, state = recipient.delivery_id, field_of(item, "Status")
            if state == "success":
                outcomes.append(Accepted(token, message_id(item)))
                continue
            said = told_of(item, status)
            if state != "error" or said.status >= 500:
                outcomes.append(Unsure(token, _NOBODY_KNOWS))
            elif said.of_one:
                outcomes.append(Rejected(token, said.reason, said.an_address))
            else:
                outcomes.append(NotTaken(token, said.reason))
                stop = stop or said.stop(self.name)
        return Verdict(tuple(outcomes), stop=stop)


def _not_searched(reason: str) -> ProviderError:
    return ProviderError(f"Mailjet's messages cannot be searched: {reason}", fix="try again later")
