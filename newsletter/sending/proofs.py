"""Proofs: marked test messages to the team, made and sent as readers' messages are, without an entry in the ledger."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from newsletter.errors import ProviderError
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import wire_address
from newsletter.sending.providers.contract import Accepted, Batch, Provider, WireResponse
from newsletter.sending.transport import carry

MARK = "[Proof] "


def folder(issue: str) -> str:
    """Return the name under which proofs of an issue are kept apart from it."""
    return f"{issue}-proof"


def proof(
    provider: Provider,
    edition: Edition,
    envelope: Envelope,
    to: Sequence[str],
    *,
    name: str = "",
    now: datetime,
) -> tuple[str, ...]:
    """Send a marked edition to some addresses and return the delivery ids, which name the files of an outbox.

    `name` stands in for a reader's. Raises AudienceError for what is no address, and ProviderError or
    AuthenticationError where the provider does not take it; then some may have got it nevertheless.
    """
    marked = replace(
        edition,
        # A name of its own, so that neither an outbox nor Feedback-ID takes proofs for the issue.
        issue=folder(edition.issue),
        subject=replace(
            edition.subject, chunks=(MARK.encode() + edition.subject.chunks[0], *edition.subject.chunks[1:])
        ),
    )
    prepared = provider.prepare(marked, envelope, now)
    at_once = min(provider.capabilities.max_recipients, prepared.at_once)
    # The id in the links is no delivery's, so that they unsubscribe nobody.
    recipients = [envelope.recipient(proof_id(now, address), wire_address(address), name) for address in to]
    batches = [
        Batch(proof_id(now, *(one.delivery_id for one in part)), tuple(part))
        for part in (recipients[start : start + at_once] for start in range(0, len(recipients), at_once))
    ]
    requests = [prepared.encode(batch) for batch in batches]
    answers = asyncio.run(carry(requests, proxied=provider.capabilities.proxied))
    for batch, response in zip(batches, answers, strict=True):
        _check(provider, batch, response)
    return tuple(recipient.delivery_id for recipient in recipients)


def proof_id(now: datetime, *parts: str) -> str:
    """Return an id that another proof does not have: the same one may be wanted twice."""
    return "proof-" + hashlib.sha256("\n".join((now.isoformat(), *parts)).encode()).hexdigest()[:20]


def _check(provider: Provider, batch: Batch, response: WireResponse) -> None:
    verdict = provider.decode(batch, response)
    if verdict.stop:
        # Providers' answers advise for mailings, and nothing of a proof waits to be resumed.
        verdict.stop.fix = re.sub(r"[;,] then resume( the mailing)?$", "; then send the proof again", verdict.stop.fix)
        raise verdict.stop
    for recipient, outcome in zip(batch.recipients, verdict.outcomes, strict=True):
        if not isinstance(outcome, Accepted):
            raise ProviderError(
                f"the proof to {recipient.address} was not taken",
                why=outcome.reason,
                fix="mend what it says, then send the proof again",
            )
