"""Asking a provider, page by page, whether it took a call of which nobody heard."""

from __future__ import annotations

from newsletter.errors import NewsletterError, ProviderError
from newsletter.sending.ledger import Search
from newsletter.sending.providers.contract import Provider, Searchable
from newsletter.sending.transport import MaybeSent, NotSent, Transports

_PAGES = 50


async def ask(
    provider: Provider, transports: Transports, search: Search
) -> tuple[dict[str, str], NewsletterError | None]:
    """Return the deliveries that the provider has taken, each with its own id; or why nothing can be concluded."""
    found: dict[str, str] = {}
    if not isinstance(provider, Searchable):
        return found, ProviderError(f"{provider.name} cannot be asked what it took")
    more = ""
    for _ in range(_PAGES):
        try:
            response = await transports.send(provider.probe(search.batch, search.since, more))
        except (NotSent, MaybeSent) as error:
            return found, error
        evidence = provider.evidence(search.batch, response, more)
        if evidence.problem:
            return found, evidence.problem
        found |= evidence.found
        more = evidence.more
        if not more:
            return found, None
    return found, ProviderError(f"the search at {provider.name} does not end")
