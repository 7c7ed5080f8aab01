"""`brevo`: one page with variables for up to 1,000 readers a call; calls are repeated by their key for a quarter hour.

https://developers.brevo.com/reference/send-transac-email, …/docs/batch-send-transactional-emails,
…/docs/heterogenous-versions-batch-emails (idempotency), …/docs/limit-headers (read 2026-11). That a version may have
headers of its own is not in the reference; django-anymail 15.2 and Swoosh send them.

Lost calls are not searched for: `GET /v3/smtp/statistics/events` can be asked for a tag, but a message may wait for 36
hours in Brevo's queue (https://help.brevo.com/hc/en-us/articles/360021917460), so who is not found may still get it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from newsletter.errors import AuthenticationError, NewsletterError, ProviderError, Refused
from newsletter.model import wording
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.answers import (
    identifier,
    misdirected,
    pause,
    read_json,
    seconds,
    without_addresses,
    words,
)
from newsletter.sending.providers.brevo_call import MergedCall
from newsletter.sending.providers.configuration import API, Configuration, Need
from newsletter.sending.providers.contract import (
    Batch,
    Capabilities,
    Prepared,
    Verdict,
    WireResponse,
    accepted,
    not_taken,
    refused_for_one,
    unsure,
)

CAPABILITIES = Capabilities(
    max_recipients=1000,
    # Not published for a call. Less keeps memory small.
    max_body_bytes=12_000_000,
    in_flight=4,
    # "Execute the endpoint up to 6000 times per hour (100 times per minute)", where calls have versions.
    calls_per_second=1.5,
    # Keys are known for 30 minutes; less the ten by which a clock may be set back unseen, and the five of a long call.
    replay_window=timedelta(minutes=15),
    # "Brevo's v3 API doesn't support inline images, at all": https://anymail.dev/en/stable/esps/brevo/
    inline_images=False,
    reaches_readers=True,
)
_DUPLICATE = "duplicate_parameter"
# Its SDK knows them (`BadRequestErrorBodyCode`), but no guide says of which calls, so that they prove nothing.
_PERHAPS_DUPLICATE = frozenset({"duplicate_request", "Request already processed"})
_KEY = frozenset({"unauthorized", "permission_denied", "account_under_validation", "Authentication failed"})
_CREDITS = frozenset({"not_enough_credits", "Insufficient credits"})
_PARAMETERS = frozenset(
    {"invalid_parameter", "missing_parameter", "out_of_range", "bad_request", "unprocessable_entity", "not_acceptable"}
)
# "email is not valid in to" is about one. What is about neither is believed to be about one, until single recipients
# are refused one after the other; so are parameters that are too large together, because halves of them are not.
_TO = re.compile(r"\bto\b|recipient", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"sender|\bfrom\b|subject|html|text ?content|reply|header|\btags?\b|idempotency|attachment|template|account|dmarc"
    r"|authenticat",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Brevo:
    """Speaks `POST /v3/smtp/email` with versions for its readers."""

    name: str
    base_url: str
    api_key: str = field(repr=False)
    test: bool = False
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ("base_url", "api_key")
    needs: ClassVar[tuple[Need, ...]] = (Need.API_KEY,)
    options: ClassVar[frozenset[str]] = API | {"test"}

    @classmethod
    def configured(cls, configuration: Configuration) -> Brevo:
        """Return the provider of these settings."""
        return cls(
            configuration.name,
            configuration.base_url or "https://api.brevo.com",
            configuration.api_key,
            configuration.settings.test,
            configuration.paced(CAPABILITIES),
        )

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every call has."""
        return (("api-key", self.api_key), ("Content-Type", "application/json"), ("Accept", "application/json"))

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> Prepared:
        """Return the edition with variables; `date` is set by Brevo itself.

        Raises Refused for pictures inside the message and for a sender's name that is too long.
        """
        if edition.images:
            pictures = wording.count(len(edition.images), "picture", "pictures")
            raise Refused(
                f"Brevo cannot carry the {pictures} inside the message",
                why="its calls take attachments, but none that a message could show",
                fix='let readers\' programs fetch them: set images = "linked" and a public_url in the settings',
            )
        return MergedCall(self, edition, envelope)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means: all were taken, or none."""
        status, answer = response.status, read_json(response.body)
        if 200 <= status < 300:
            ids = _ids(batch, answer)
            if ids is None:
                return Verdict(unsure(batch, "Brevo took the call, but its answer cannot be read"))
            return Verdict(accepted(batch, ids))
        code, reason = _said(answer)
        reason = reason or f"Brevo answered {status}"
        if status >= 500 or status == 408:
            # What answers with a code is Brevo's own program: it may know the key already without having sent anything,
            # so its refusal of a repetition would prove nothing.
            return Verdict(unsure(batch, reason), final=bool(code), conclusive=False)
        if status in {400, 409} and code == _DUPLICATE:
            # "The API processes a request only once per unique key": it was processed before, and its answer lost.
            return Verdict(accepted(batch, [""] * len(batch.recipients)))
        if code in _PERHAPS_DUPLICATE:
            return Verdict(unsure(batch, reason), final=True, conclusive=False)
        if status in {400, 422} and _is_about_one(code, reason):
            return refused_for_one(batch, reason, certain=bool(_TO.search(without_addresses(reason))))
        if status == 413 and len(batch.recipients) > 1:
            return Verdict(not_taken(batch, reason), divide=True, conclusive=False)
        return Verdict(not_taken(batch, reason), stop=self._stop(status, code, reason), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return the pause that `Retry-After` or the rate limit's headers ask for, at most an hour."""
        reset = seconds(response.headers.get("x-sib-ratelimit-reset"), now)
        used_up = response.headers.get("x-sib-ratelimit-remaining") == "0"
        return pause(response, now, reset) or (reset if reset and used_up else 0.0)

    def _stop(self, status: int, code: str, reason: str) -> NewsletterError | None:
        where = f"[providers.{self.name}]"
        if status in {401, 403} or code in _KEY:
            return AuthenticationError(
                f"Brevo refused the key, the account or this machine: {reason}",
                why=f"its error is {code}" if code else "",
                fix=f"correct the key that {where} names, or allow the sender and this machine's address at Brevo; "
                "then resume",
            )
        if status == 402 or code in _CREDITS:
            return ProviderError(
                f"Brevo's credits are used up: {reason}", fix="buy more or wait for new ones, then resume the mailing"
            )
        if status == 429:
            return None
        if astray := misdirected(self.name, status):
            return astray
        if code:
            return ProviderError(
                f"Brevo refused the call: {reason}",
                why=f"its error is {code}",
                fix="nobody was written to by this call; mend what it says, then resume the mailing",
            )
        return None


def _is_about_one(code: str, reason: str) -> bool:
    return code in _PARAMETERS and not _EVERYBODY.search(without_addresses(reason))


def _ids(batch: Batch, answer: Any) -> list[str] | None:
    """Return an id for each message in the call's order, or None where the answer does not tell."""
    several = field_of(answer, "messageIds")
    if isinstance(several, list):
        ids = [identifier(value).strip("<>") for value in several]
        return ids if all(ids) and len(ids) == len(batch.recipients) else None
    alone = identifier(field_of(answer, "messageId")).strip("<>")
    return [alone] * len(batch.recipients) if alone else None


def _said(answer: Any) -> tuple[str, str]:
    return words(field_of(answer, "code")), words(field_of(answer, "message"))
