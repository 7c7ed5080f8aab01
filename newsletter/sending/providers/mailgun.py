"""`mailgun`: one message with variables for up to 1,000 recipients a call; lost calls are searched for.

https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages/post-v3--domain-name--messages,
…/user-manual/sending-messages/batch-sending, …/api-reference/send/mailgun/events (read 2026-11).
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from newsletter.errors import AuthenticationError, ConfigurationError, NewsletterError, ProviderError
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.providers.answers import (
    LONGEST_PAUSE,
    identifier,
    misdirected,
    pause,
    read_json,
    without_addresses,
    words,
)
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.configuration import API, Configuration, Need
from newsletter.sending.providers.contract import (
    Batch,
    Capabilities,
    Evidence,
    Prepared,
    Verdict,
    WireRequest,
    WireResponse,
    accepted,
    not_taken,
    refused_for_one,
    unsure,
)
from newsletter.sending.providers.mailgun_call import FOREIGN, Individual, Together
from newsletter.sending.providers.mailgun_search import Search
from newsletter.sending.providers.merging import foreign

CAPABILITIES = Capabilities(
    max_recipients=1000,
    max_body_bytes=25_000_000,
    in_flight=4,
    calls_per_second=None,
    replay_window=None,
    inline_images=True,
    reaches_readers=True,
    # "If it is older than the threshold age (e.g. half an hour) … the result page is trustworthy":
    # https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-polling
    settle=timedelta(minutes=30),
    # The smallest plans show events of one day: https://www.mailgun.com/pricing/
    remembers=timedelta(days=1),
)
_HOSTS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}
# "to parameter is not a valid address. please check documentation" is about one; the same about "from" is not. What is
# about neither is believed to be about one, until single recipients are refused one after the other.
_ONE_RECIPIENT = re.compile(r"\bto'? parameter|recipient", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"\bfrom\b|sandbox|authorized|free account|recipient[- ]variables|parameters starting|not allowed to send",
    re.IGNORECASE,
)
_THE_MESSAGE = re.compile(r"subject|'text'|'html'|template|domain|limited", re.IGNORECASE)
_WAIT = re.compile(r"(\d+(?:\.\d+)?) *(second|minute|hour)")
_UNITS = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class Mailgun:
    """Speaks `POST /v3/DOMAIN/messages` and searches `GET /v3/DOMAIN/events`."""

    name: str
    base_url: str
    domain: str
    api_key: str = field(repr=False)
    test: bool = False
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ("base_url", "domain")
    needs: ClassVar[tuple[Need, ...]] = (Need.API_KEY, Need.DOMAIN)
    options: ClassVar[frozenset[str]] = API | {"domain", "region", "test", "settle_minutes"}

    @classmethod
    def configured(cls, configuration: Configuration) -> Mailgun:
        """Return the provider of these settings; raise ConfigurationError for a region that Mailgun does not have."""
        settings = configuration.settings
        return cls(
            configuration.name,
            configuration.host("Mailgun", _HOSTS),
            quote(settings.domain or "", safe=""),
            configuration.api_key,
            settings.test,
            configuration.paced(CAPABILITIES),
        )

    @property
    def url(self) -> str:
        """Where the domain's calls go."""
        return f"{self.base_url}/v3/{self.domain}"

    @property
    def authorization(self) -> tuple[str, str]:
        """The header with the key (RFC 7617)."""
        return ("Authorization", "Basic " + base64.b64encode(f"api:{self.api_key}".encode()).decode())

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> Prepared:
        """Return the edition with variables, or whole for each where its own text looks like Mailgun's variables.

        `date` is set by Mailgun itself. Raises Refused where the headers are larger than Mailgun takes.
        """
        found = foreign(edition, FOREIGN)
        return Individual(self, edition, envelope, found) if found else Together(self, edition, envelope)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means: all were taken, or none."""
        status, answer = response.status, read_json(response.body)
        if 200 <= status < 300:
            found = identifier(field_of(answer, "id")).strip("<>")
            if found:
                return Verdict(accepted(batch, [found] * len(batch.recipients)))
            if b"Magnificent API" in response.body:
                # What Mailgun answers, with 200, to addresses that it does not know.
                return Verdict(not_taken(batch, "not Mailgun's address"), stop=misdirected(self.name, 404))
            return Verdict(unsure(batch, "Mailgun took the call, but its answer cannot be read"))
        reason = words(field_of(answer, "message")) or f"Mailgun answered {status}"
        if status >= 500 or status == 408:
            # Mail has been seen to go out nevertheless.
            return Verdict(unsure(batch, reason), conclusive=False)
        if status == 400 and answer is not None and _is_about_one(reason):
            return refused_for_one(batch, reason, certain=bool(_ONE_RECIPIENT.search(without_addresses(reason))))
        if status == 413 and len(batch.recipients) > 1:
            return Verdict(not_taken(batch, reason), divide=True, conclusive=False)
        return Verdict(not_taken(batch, reason), stop=self._stop(status, reason, answer), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return the pause that `Retry-After` or the words of a 429 ask for, at most an hour."""
        # "…limit exceeded, try again after 120 seconds": in the text alone.
        told = _WAIT.search(words(field_of(read_json(response.body), "message"))) if response.status == 429 else None
        return pause(response, now, min(float(told[1]) * _UNITS[told[2]], LONGEST_PAUSE) if told else None)

    def probe(self, batch: Batch, since: datetime, more: str = "") -> WireRequest:
        """Ask for events of the call; see `mailgun_search`."""
        return WireRequest("GET", self.url + Search(batch, since).path(more), (self.authorization,), b"")

    def evidence(self, batch: Batch, response: WireResponse, more: str) -> Evidence:
        """Return whether the call was taken: it is taken whole or not at all."""
        answer = read_json(response.body)
        if response.status != 200 or not isinstance(field_of(answer, "items"), list):
            reason = words(field_of(answer, "message")) or f"Mailgun answered {response.status}"
            if response.status in {401, 403}:
                return Evidence({}, problem=self._may_not_read(reason))
            problem = self._stop(response.status, reason, answer) or ProviderError(
                f"Mailgun's events cannot be searched: {reason}", fix="try again later"
            )
            return Evidence({}, problem=problem)
        return Search.read(batch, answer, more)

    def _may_not_read(self, reason: str) -> NewsletterError:
        return AuthenticationError(
            f"Mailgun does not let this key read events: {reason}",
            why="what it took is looked for among them, and a domain's sending key may only send",
            fix=f"name a key of the account in [providers.{self.name}] that may read events, then resume",
        )

    def _stop(self, status: int, reason: str, answer: object) -> NewsletterError | None:
        where = f"[providers.{self.name}]"
        if status in {401, 403}:
            return AuthenticationError(
                f"Mailgun refused the key or the domain: {reason}",
                fix=f"correct key, domain and region in {where}, or clear the account at Mailgun; then resume",
            )
        if status == 402:
            return ProviderError(
                f"Mailgun wants to be paid: {reason}", fix="settle the account, then resume the mailing"
            )
        if status == 404 and "domain" in reason.lower():
            return ConfigurationError(
                f"Mailgun does not know the domain: {reason}",
                fix=f"correct domain or region in {where}, then resume the mailing",
            )
        if astray := misdirected(self.name, status):
            return astray
        if status == 400 and answer is not None:
            return ProviderError(
                f"Mailgun refused the call: {reason}",
                fix="nobody was written to by this call; mend what it says, then resume the mailing",
            )
        return None


def _is_about_one(reason: str) -> bool:
    if _EVERYBODY.search(reason):
        return False
    return bool(_ONE_RECIPIENT.search(reason)) or not _THE_MESSAGE.search(reason)
