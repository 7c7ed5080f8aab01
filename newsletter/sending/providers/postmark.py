"""`postmark`: messages made by us, or with `bulk = true` merged there; lost calls are searched for by metadata.

https://postmarkapp.com/developer/api/email-api, …/bulk-email, …/messages-api, …/overview#error-codes (read 2026-11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from newsletter.errors import AuthenticationError, NewsletterError, ProviderError, Refused
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.answers import identifier, misdirected, pause, read_json, without_addresses
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
    accepted,
    not_taken,
    refused_for_one,
    unsure,
)
from newsletter.sending.providers.merging import foreign
from newsletter.sending.providers.postmark_answer import aligned, bulk_job, fault, faults
from newsletter.sending.providers.postmark_call import LARGEST_BATCH, BatchCall, BulkCall

CAPABILITIES = Capabilities(
    max_recipients=LARGEST_BATCH,
    # 50 MB are allowed. Less keeps memory small, and leaves fewer in doubt when an answer is lost.
    max_body_bytes=12_000_000,
    in_flight=4,
    calls_per_second=None,
    replay_window=None,
    inline_images=True,
    reaches_readers=True,
    # How long messages take into the search is not published.
    settle=timedelta(minutes=10),
    # "45 days by default (but retention can be customized from 7 to 365 days)".
    remembers=timedelta(days=7),
)
_BULK = 2000
"""Recipients of a bulk call: any number is allowed, but all of them are in doubt when its answer is lost."""
_PAGE = 500
_DEEPEST = 10_000
"""Messages that a search shows at most."""
_VARIABLE = re.compile(rb"\{\{+[^{}\r\n]{0,80}\}*|\{\Z|\A\}")
"""Mustachio's, and braces that would touch those of a variable. Closing ones alone, as style sheets have, are none."""
_ITS_OWN = re.compile(rb"\{\{+\s*pm:\w*", re.IGNORECASE)
# "Invalid 'From' address", "Invalid metadata content": what all messages share; the rest of code 300 is about one.
_SHARED = re.compile(r"from|reply|subject|body|metadata|header|attach|stream|tag", re.IGNORECASE)
_TO = re.compile(r"'to'", re.IGNORECASE)
_INVALID, _INACTIVE, _TOO_MANY = 300, 406, 410
_INTERNAL = 101
_LATER = frozenset({100, 429})
_KEY = frozenset({10, 400, 401, 405, 412, 413})


@dataclass(frozen=True, slots=True)
class Postmark:
    """Speaks `POST /email/batch` and `POST /email/bulk`, and searches `GET /messages/outbound`."""

    name: str
    base_url: str
    api_key: str = field(repr=False)
    stream: str = "broadcast"
    bulk: bool = False
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ("base_url", "api_key", "stream")
    needs: ClassVar[tuple[Need, ...]] = (Need.API_KEY,)
    options: ClassVar[frozenset[str]] = API | {"stream", "bulk", "settle_minutes"}

    @classmethod
    def configured(cls, configuration: Configuration) -> Postmark:
        """Return the provider of these settings."""
        settings = configuration.settings
        able = replace(CAPABILITIES, max_recipients=_BULK) if settings.bulk else CAPABILITIES
        return cls(
            configuration.name,
            configuration.base_url or "https://api.postmarkapp.com",
            configuration.api_key,
            settings.stream or "broadcast",
            settings.bulk,
            configuration.paced(able),
        )

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every call has."""
        return (
            ("X-Postmark-Server-Token", self.api_key),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
        )

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> Prepared:
        """Return the edition as JSON in pieces; `date` is set by Postmark itself.

        Raises Refused for a text in whose place Postmark would put its own unsubscribe link.
        """
        own = foreign(edition, _ITS_OWN)
        if own:
            raise Refused(
                f"the text has “{own}”, in whose place Postmark puts an unsubscribe link of its own",
                why="readers would leave Postmark's list instead of ours, and go on getting the newsletter",
                fix="take it out; every message has an unsubscribe link of ours",
            )
        found = foreign(edition, _VARIABLE) if self.bulk else ""
        if self.bulk and not found:
            return BulkCall(self, edition, envelope)
        return BatchCall(self, edition, envelope, found)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means: each message of a batch has an answer of its own."""
        status, answer = response.status, read_json(response.body)
        if 200 <= status < 300:
            return self._taken(batch, answer)
        code, reason = fault(answer)
        reason = reason or f"Postmark answered {status}"
        if status >= 500 or status == 408:
            return Verdict(unsure(batch, reason), conclusive=False)
        if len(batch.recipients) > 1 and (status == 413 or code == _TOO_MANY):
            return Verdict(not_taken(batch, reason), divide=True, conclusive=False)
        if status == 422:
            told = faults(answer)
            shared = next((one for one in told if not _is_about_one(*one)), None)
            code, reason = shared or told[0]
            reason = reason or f"Postmark answered {status}"
            if shared is None:
                return refused_for_one(batch, reason, certain=any(_is_certain(*one) for one in told))
        return Verdict(not_taken(batch, reason), stop=self._stop(status, code, reason), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return the pause that `Retry-After` asks for, or a second after a 429 without it."""
        return pause(response, now)

    def probe(self, batch: Batch, since: datetime, more: str = "") -> WireRequest:
        """Ask for the messages with the batch's key; `more` is how many have been shown already."""
        # Without its stream, Postmark looks through the transactional one alone and finds nobody.
        where = {"messagestream": self.stream, "metadata_batch": batch.key}
        query = urlencode({"count": _PAGE, "offset": int(more or 0), **where})
        return WireRequest("GET", f"{self.base_url}/messages/outbound?{query}", self.headers, b"")

    def evidence(self, batch: Batch, response: WireResponse, more: str) -> Evidence:
        """Return the messages that a page shows."""
        answer = read_json(response.body)
        messages, total = field_of(answer, "Messages"), field_of(answer, "TotalCount")
        if response.status != 200 or not isinstance(messages, list) or not isinstance(total, int):
            code, reason = fault(answer)
            reason = reason or f"Postmark answered {response.status}"
            problem = self._stop(response.status, code, reason) or _not_searched(reason)
            if isinstance(problem, AuthenticationError):
                problem = self._may_not_read(reason)
            return Evidence({}, problem=problem)
        ours = {recipient.delivery_id for recipient in batch.recipients}
        found = {
            delivery: identifier(field_of(message, "MessageID"))
            for message in messages
            if field_of(field_of(message, "Metadata"), "batch") == batch.key
            and isinstance(delivery := field_of(field_of(message, "Metadata"), "delivery"), str)
            and delivery in ours
        }
        shown = int(more or 0) + len(messages)
        if shown >= total:
            return Evidence(found)
        # A page that is not full is the last one; and offset and count together must not be more than 10,000.
        if len(messages) < _PAGE or shown + _PAGE > _DEEPEST:
            return Evidence(
                found, problem=_not_searched(f"it tells of {total} messages, but does not show all of them")
            )
        return Evidence(found, str(shown))

    def _may_not_read(self, reason: str) -> NewsletterError:
        return AuthenticationError(
            f"Postmark does not let this token search its messages: {reason}",
            why="what became of calls without an answer is looked for among them",
            fix=f"name the token of the same server in [providers.{self.name}], then resume",
        )

    def _taken(self, batch: Batch, answer: Any) -> Verdict:
        job, refused = bulk_job(answer)
        if job and not refused:
            # What became of each message is told by events, or by a search.
            return Verdict(accepted(batch, [job] * len(batch.recipients)))
        if not isinstance(answer, list):
            return Verdict(unsure(batch, refused or "Postmark took the call, but its answer cannot be read"))
        outcomes: list[Outcome] = []
        stop: NewsletterError | None = None
        for recipient, item in zip(batch.recipients, aligned(batch, answer), strict=True):
            token = recipient.delivery_id
            code, reason = fault(item)
            message_id = identifier(field_of(item, "MessageID"))
            if item is None:
                outcomes.append(Unsure(token, "Postmark's answer does not say what became of this message"))
            elif code == 0:
                # "Message accepted, but delivery may be delayed" comes without a code.
                taken = Accepted(token, message_id) if message_id else Unsure(token, reason or "no id came back")
                outcomes.append(taken)
            elif code == _INTERNAL:
                outcomes.append(Unsure(token, reason))
            elif _is_about_one(code, reason):
                outcomes.append(Rejected(token, reason, _is_certain(code, reason)))
            else:
                outcomes.append(NotTaken(token, reason or f"Postmark's error {code}"))
                stop = stop or self._stop(422, code, reason)
        return Verdict(tuple(outcomes), stop=stop)

    def _stop(self, status: int, code: int, reason: str) -> NewsletterError | None:
        where = f"[providers.{self.name}]"
        if status == 429 or code in _LATER:
            return None
        if status in {401, 403} or code in _KEY:
            return AuthenticationError(
                f"Postmark refused the token or the sender: {reason}",
                why=f"its error is {code}" if code else "",
                fix=f"correct the token that {where} names, or clear sender and account at Postmark; then resume",
            )
        if astray := misdirected(self.name, status):
            return astray
        if code:
            return ProviderError(
                f"Postmark refused the message: {reason}",
                why=f"its error is {code}",
                fix="mend what it says, then resume the mailing",
            )
        return None


def _is_about_one(code: int, reason: str) -> bool:
    if code != _INVALID:
        return code == _INACTIVE
    # "Error parsing 'To': Illegal email domain 'from…' in address …": a domain may hold any word.
    return bool(_TO.search(reason)) or not _SHARED.search(without_addresses(reason))


def _is_certain(code: int, reason: str) -> bool:
    return code == _INACTIVE or bool(_TO.search(reason))


def _not_searched(reason: str) -> ProviderError:
    return ProviderError(f"Postmark's messages cannot be searched: {reason}", fix="try again later")
