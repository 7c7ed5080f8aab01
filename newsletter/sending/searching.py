"""Asking a provider, page by page, whether it took a call of which nobody heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from newsletter.errors import NewsletterError, ProviderError
from newsletter.sending.ledger import Search
from newsletter.sending.providers.contract import Provider, Searchable
from newsletter.sending.transport import MaybeSent, NotSent, Transports

_PAGES = 50
_PATIENCE = 120.0
"""Seconds that a search waits in all where it asks too often: begun anew each time, a long one would never end."""


async def ask(
    provider: Provider, transports: Transports, search: Search, now: Callable[[], datetime]
) -> tuple[dict[str, str], NewsletterError | None]:
    """Return the deliveries that the provider has taken, each with its own id; or why nothing can be concluded."""
    found: dict[str, str] = {}
    if not isinstance(provider, Searchable):
        return found, ProviderError(f"{provider.name} cannot be asked what it took")
    more, pages, left = "", 0, _PATIENCE
    while pages < _PAGES:
        try:
            response = await transports.send(provider.probe(search.batch, search.since, more))
        except (NotSent, MaybeSent) as error:
            return found, error
        pause = provider.throttle(response, now())
        if response.status == 429 and 0 < pause <= left:
            left -= pause
            await asyncio.sleep(pause)
            continue
        evidence = provider.evidence(search.batch, response, more)
        if evidence.problem:
            return found, evidence.problem
        pages += 1
        found |= evidence.found
        more = evidence.more
        if not more:
            return found, None
    return found, ProviderError(f"the search at {provider.name} does not end")
