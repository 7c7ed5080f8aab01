"""Calls for two readers whose names and addresses are hard to write, and answers to them."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Any

from newsletter.model.mailing import Recipient
from newsletter.model.slot import Context, Slot
from newsletter.sending.providers.contract import Batch, Verdict, WireResponse
from newsletter.sending.transport import Transports
from tests.sending import making as make

SUBJECT = make.slotted(Context.HEADER, "For ", Slot("first_name", "reader"), ": “quoted” – Wien")


def two(first: str = 'Anna "<b>" Muster', second: str = "") -> tuple[Recipient, Recipient]:
    """Return the two readers under these names."""
    return (
        make.ENVELOPE.recipient("tokenOne", "anna@example.org", first),
        make.ENVELOPE.recipient("tokenTwo", "reader@bücher.example", second),
    )


def both(first: Recipient, second: Recipient) -> tuple[Batch, Batch]:
    """Return a call for two readers, and another one for the first alone."""
    return Batch("newsletter-0123", (first, second)), Batch("newsletter-4567", (first,))


def readers(key: str, start: int, count: int) -> Batch:
    """Return a batch of different readers."""
    numbers = range(start, start + count)
    return Batch(
        key,
        tuple(make.ENVELOPE.recipient(f"delivery{number}", f"reader{number}@example.org", "") for number in numbers),
    )


def compact(value: Any) -> bytes:
    """Return JSON as calls have it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer(status: int, body: Any = b"", **headers: str) -> WireResponse:
    """Return an answer with a JSON body, or with these bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return WireResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def call(provider: Any, batch: Batch) -> Verdict:
    """Make a call over real HTTP; return what its answer means."""

    async def send() -> WireResponse:
        async with Transports(1) as transports:
            return await transports.send(provider.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(batch))

    verdict: Verdict = provider.decode(batch, asyncio.run(send()))
    return verdict


def search(provider: Any, batch: Batch, since: datetime = make.NOW) -> set[str]:
    """Search to the end over real HTTP; return what was found."""

    async def pages() -> set[str]:
        found, more = set(), ""
        async with Transports(1) as transports:
            while True:
                page = provider.evidence(batch, await transports.send(provider.probe(batch, since, more)), more)
                assert page.problem is None
                found |= page.found.keys()
                more = page.more
                if not more:
                    return found

    return asyncio.run(pages())
