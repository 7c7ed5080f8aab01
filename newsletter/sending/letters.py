"""Single letters: sent at once, through the same providers as issues, without an entry in the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from newsletter.errors import AudienceError, NewsletterError
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import wire_address
from newsletter.sending.providers.contract import Batch, NotTaken, Outcome, Provider, Rejected, Unsure
from newsletter.sending.transport import MaybeSent, NotSent, carry


def send_letter(
    provider: Provider, edition: Edition, envelope: Envelope, token: str, address: str, *, now: datetime
) -> tuple[Outcome, float]:
    """Send an edition to one address; return what became of it, and how many seconds the provider asks to wait.

    `token` names the message and stands in its links. Sent again with the same token, the provider recognises it where
    it can.
    """
    try:
        recipient = envelope.recipient(token, wire_address(address), "")
        batch = Batch(f"letter-{token}", (recipient,))
        request = provider.prepare(edition, envelope, now).encode(batch)
    except AudienceError as error:
        return Rejected(token, error.message), 0.0
    except NewsletterError as error:
        # Nothing that the address could help: somebody will put it right.
        return NotTaken(token, error.message), 0.0
    try:
        (response,) = asyncio.run(carry([request], proxied=provider.capabilities.proxied))
    except NotSent as error:
        return NotTaken(token, error.message), 0.0
    except MaybeSent as error:
        return Unsure(token, error.message), 0.0
    (outcome,) = provider.decode(batch, response).outcomes
    return outcome, provider.throttle(response, now)


def messages_to(files: Iterable[Path], is_theirs: Callable[[str], bool]) -> tuple[Path, ...]:
    """Return those files that are messages to somebody, found by their address: no ledger knows them."""
    parser = BytesHeaderParser(policy=policy.default)
    found = []
    for file in files:
        # Whoever put a file there that is no message of ours keeps nobody from being erased.
        with suppress(AudienceError):
            if is_theirs(parseaddr(str(parser.parsebytes(file.read_bytes())["To"] or ""))[1]):
                found.append(file)
    return tuple(found)
