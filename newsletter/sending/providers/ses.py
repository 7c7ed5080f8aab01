"""`ses`: Amazon SES by its API v2. One message with variables for 50 readers a call; a lost call is told of by events.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendBulkEmail.html,
https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-api.html, …/quotas.html (2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.answers import identifier, read_json, seconds
from newsletter.sending.providers.configuration import Configuration, Need
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    Capabilities,
    NotTaken,
    Outcome,
    Prepared,
    Rejected,
    Unsure,
    Verdict,
    WireResponse,
    not_taken,
    refused_for_one,
    unsure,
)
from newsletter.sending.providers.merging import foreign
from newsletter.sending.providers.ses_answer import told, told_of
from newsletter.sending.providers.ses_call import FOREIGN, Individual, Together, Way
from newsletter.sending.providers.ses_signature import Signature

CAPABILITIES = Capabilities(
    max_recipients=50,
    # "Each input JSON file can be up to 1 MB in size"; whether that counts pictures too is not said, so it does.
    max_body_bytes=1_000_000,
    in_flight=4,
    calls_per_second=None,
    replay_window=None,
    inline_images=True,
    reaches_readers=True,
    # What many accounts begin with outside the sandbox; the account's own number belongs into the settings.
    recipients_per_second=14.0,
)
_NOBODY_KNOWS = "Amazon's answer does not say what became of this message"


@dataclass(frozen=True, slots=True)
class Ses:
    """Speaks `SendBulkEmail`, and `SendEmail` for what that cannot carry; there is nothing to search."""

    name: str
    way: Way
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[Need, ...]] = (Need.ACCESS_KEY, Need.SECRET_KEY, Need.REGION)
    options: ClassVar[frozenset[str]] = frozenset(
        {"base_url", "region", "configuration_set"}
        | {
            f"{secret}_{source}"
            for secret in ("access_key", "secret_key", "session_token")
            for source in ("env", "file")
        }
    )

    @classmethod
    def configured(cls, configuration: Configuration) -> Ses:
        """Return the provider of these settings; raise ConfigurationError for a region that is not Amazon's."""
        settings = configuration.settings
        region = settings.region or ""
        if "-" not in region:
            raise ConfigurationError(
                f"the provider '{configuration.name}' is in a region that Amazon does not have: {region}",
                fix=f'write its name, such as region = "eu-central-1", in [providers.{configuration.name}]',
                setting="region",
            )
        seal = Signature(region, configuration.access_key, configuration.secret_key, configuration.session_token)
        base_url = configuration.base_url or f"https://email.{region}.amazonaws.com"
        return cls(
            configuration.name,
            Way(base_url, seal, settings.configuration_set or ""),
            configuration.paced(CAPABILITIES),
        )

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> Prepared:
        """Return the edition with variables, or whole for each where Amazon would not carry it so.

        Amazon sets date and message id itself. Raises Refused for a message that is larger than it takes.
        """
        able = self.capabilities
        found = foreign(edition, FOREIGN)
        if found:
            why = (
                f"The text has “{found}”, which Amazon SES would take for a variable, or for a part of one. So each "
                "reader's message is sent by a call of its own, which takes longer; without it one is enough for 50."
            )
            return Individual(self.way, edition, envelope, date, why)
        together = Together(self.way, edition, envelope, able.max_recipients)
        if together.bytes_once + together.bytes_each <= able.max_body_bytes:
            return together
        what = "With its pictures the message" if edition.images else "The message"
        way_out = '; with images = "linked" in the settings one is enough for 50' if edition.images else ""
        why = (
            f"{what} has {together.bytes_once / 1e6:.1f} MB, and Amazon SES takes 1 MB with variables. So each "
            f"reader's message is sent by a call of its own, which takes longer{way_out}."
        )
        return Individual(self.way, edition, envelope, date, why)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means: of a call with variables, each reader has a status of their own."""
        if 200 <= response.status < 300:
            return self._taken(batch, read_json(response.body))
        said = told(response)
        if response.status >= 500 or response.status == 408:
            return Verdict(unsure(batch, said.reason), conclusive=False)
        if said.an_address:
            # It may be the sender's as well.
            return refused_for_one(batch, said.reason, conclusive=False)
        if said.too_large and len(batch.recipients) > 1:
            return Verdict(not_taken(batch, said.reason), divide=True, conclusive=False)
        return Verdict(not_taken(batch, said.reason), stop=said.stop(self.name), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return a second for what comes too fast, as a call or for some of its readers; Amazon names no time."""
        asked = seconds(response.headers.get("retry-after"), now)
        if 200 <= response.status < 300:
            items = field_of(read_json(response.body), "BulkEmailEntryResults")
            refused = (told_of(item) for item in (items if isinstance(items, list) else ()))
            return 1.0 if any(one is not None and one.later for one in refused) else 0.0
        if response.status >= 500:
            return asked or 0.0
        return (asked or 1.0) if told(response).later else 0.0

    def _taken(self, batch: Batch, answer: Any) -> Verdict:
        items = field_of(answer, "BulkEmailEntryResults")
        if not isinstance(items, list):
            found = identifier(field_of(answer, "MessageId"))
            if found and len(batch.recipients) == 1:
                return Verdict((Accepted(batch.recipients[0].delivery_id, found),))
            return Verdict(unsure(batch, "Amazon SES took the call, but its answer cannot be read"))
        if len(items) != len(batch.recipients):
            # They come in order and name nobody: one that is missing could be anybody's.
            return Verdict(unsure(batch, _NOBODY_KNOWS))
        outcomes: list[Outcome] = []
        stop: NewsletterError | None = None
        for recipient, item in zip(batch.recipients, items, strict=True):
            token = recipient.delivery_id
            said = told_of(item)
            if field_of(item, "Status") == "SUCCESS":
                outcomes.append(Accepted(token, identifier(field_of(item, "MessageId"))))
            elif said is None:
                outcomes.append(Unsure(token, _NOBODY_KNOWS))
            elif not said.shared:
                outcomes.append(Rejected(token, said.reason, said.an_address))
            else:
                outcomes.append(NotTaken(token, said.reason))
                stop = stop or said.stop(self.name)
        return Verdict(tuple(outcomes), stop=stop)
