"""`sendgrid`: one message with tags for 250 readers a call; what a lost answer leaves in doubt, its events settle.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send and its OpenAPI description
(https://github.com/twilio/sendgrid-oai, spec/json/tsg_mail_v3.json), which knows no idempotency; errors:
https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors (read 2026-11). Messages can be searched for with a
paid add-on alone (Email Activity), so they are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from newsletter.errors import AuthenticationError, NewsletterError, ProviderError
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.providers.answers import LONGEST_PAUSE, identifier, misdirected, pause, read_json, words
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.configuration import API, Configuration, Need
from newsletter.sending.providers.contract import (
    Batch,
    Capabilities,
    NotTaken,
    Outcome,
    Prepared,
    Rejected,
    Verdict,
    WireResponse,
    accepted,
    not_taken,
    refused_for_one,
    unsure,
)
from newsletter.sending.providers.sendgrid_call import MergedCall

CAPABILITIES = Capabilities(
    # 1,000 are allowed. Nobody can be asked about a call without an answer: so fewer are in doubt.
    max_recipients=250,
    # 30 MB are allowed. Less keeps memory small.
    max_body_bytes=12_000_000,
    in_flight=4,
    calls_per_second=None,
    replay_window=None,
    inline_images=True,
    reaches_readers=True,
)
_HOSTS = {"us": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
_PLACE = re.compile(r"personalizations\.(\d{1,4})(?:(\.to)\b.*|\.substitutions\b.*)?", re.DOTALL)
"""The field of an error about one reader: "personalizations.17.to.0.email". Headers are alike for everybody."""
_CREDITS = re.compile(r"credits? exceeded", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SendGrid:
    """Speaks `POST /v3/mail/send`."""

    name: str
    base_url: str
    api_key: str = field(repr=False)
    test: bool = False
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[Need, ...]] = (Need.API_KEY,)
    options: ClassVar[frozenset[str]] = API | {"region", "test"}

    @classmethod
    def configured(cls, configuration: Configuration) -> SendGrid:
        """Return the provider of these settings; raise ConfigurationError for a region that SendGrid does not have."""
        settings = configuration.settings
        return cls(
            configuration.name,
            configuration.host("SendGrid", _HOSTS),
            configuration.api_key,
            settings.test,
            configuration.paced(CAPABILITIES),
        )

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every call has."""
        return (("Authorization", f"Bearer {self.api_key}"), ("Content-Type", "application/json"))

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> Prepared:
        """Return the edition with tags that stand nowhere else; `date` is set by SendGrid itself."""
        return MergedCall(self, edition, envelope)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means: all were taken, or none; an error names the place of whoever is at fault."""
        status, errors = response.status, _errors(read_json(response.body))
        if status == 202 or (status == 200 and self.test):
            return Verdict(accepted(batch, [identifier(response.headers.get("x-message-id"))] * len(batch.recipients)))
        if 200 <= status < 300:
            return Verdict(unsure(batch, f"the answer was {status}, which is none of SendGrid's"))
        reason = errors[0][1] if errors else f"SendGrid answered {status}"
        if status >= 500 or status == 408:
            return Verdict(unsure(batch, reason), conclusive=False)
        if status == 400 and errors:
            named = _named(batch, errors)
            if named:
                return Verdict(named)
            if not any(place for place, _ in errors):
                # "Bad Request" about nothing in particular is believed to be about one.
                return refused_for_one(batch, reason)
        if status == 413 and len(batch.recipients) > 1:
            return Verdict(not_taken(batch, reason), divide=True, conclusive=False)
        return Verdict(not_taken(batch, reason), stop=self._stop(status, errors, reason), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return the pause that `Retry-After` or the rate limit's headers ask for, at most an hour."""
        reset = _until(response, now)
        used_up = response.headers.get("x-ratelimit-remaining") == "0"
        return pause(response, now, reset) or (reset if reset and used_up else 0.0)

    def _stop(self, status: int, errors: list[tuple[str, str]], reason: str) -> NewsletterError | None:
        where = f"[providers.{self.name}]"
        if status == 402 or (status in {401, 403} and _CREDITS.search(reason)):
            return ProviderError(
                f"SendGrid's credits are used up: {reason}",
                fix="wait until they are renewed, or change the plan; then resume the mailing",
            )
        if status in {401, 403}:
            return AuthenticationError(
                f"SendGrid refused the key or the sender: {reason}",
                fix=f"correct the key that {where} names and its region, or verify the sender at SendGrid; then resume",
            )
        if status == 429:
            return None
        if astray := misdirected(self.name, status):
            return astray
        if errors:
            return ProviderError(
                f"SendGrid refused the call: {reason}",
                why=f"it is about {errors[0][0]}" if errors[0][0] else "",
                fix="nobody was written to by this call; mend what it says, then resume the mailing",
            )
        return None


def _errors(answer: Any) -> list[tuple[str, str]]:
    """Return the field and the message of each error."""
    told = field_of(answer, "errors")
    found = [
        (words(field_of(error, "field")), words(field_of(error, "message")))
        for error in (told if isinstance(told, list) else [])
    ]
    # The description shows "null" as a text.
    return [("" if place == "null" else place, message) for place, message in found if message]


def _named(batch: Batch, errors: list[tuple[str, str]]) -> tuple[Outcome, ...]:
    """Return the outcomes where every error names one reader; nothing where one is about something else."""
    faults: dict[int, tuple[str, bool]] = {}
    for place, message in errors:
        found = _PLACE.fullmatch(place)
        if found is None or int(found[1]) >= len(batch.recipients):
            return ()
        faults.setdefault(int(found[1]), (message, bool(found[2])))
    return tuple(
        Rejected(recipient.delivery_id, *faults[place])
        if place in faults
        else NotTaken(recipient.delivery_id, errors[0][1])
        for place, recipient in enumerate(batch.recipients)
    )


def _until(response: WireResponse, now: datetime) -> float | None:
    """Return for how long the limit holds: its header tells the second since 1970 at which it ends."""
    try:
        left = int(response.headers.get("x-ratelimit-reset", "")) - now.timestamp()
    except (ValueError, OverflowError):
        return None
    return min(max(left, 0.0), LONGEST_PAUSE)
