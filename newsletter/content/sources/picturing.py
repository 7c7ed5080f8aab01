"""The pictures of offers, brought into the workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from newsletter.config import Workspace
from newsletter.content import pictures as kept
from newsletter.content.sources.fetching import Fetcher
from newsletter.content.sources.looking import Opener, opened
from newsletter.content.writing import slug
from newsletter.errors import ContentError, SourceError
from newsletter.model.offer import Offer

_MOST_BYTES = 15_000_000


def pictures(
    workspace: Workspace, offers: Sequence[Offer], opener: Opener = Fetcher
) -> tuple[Mapping[str, str], tuple[SourceError | ContentError, ...]]:
    """Keep the picture of each offer; return the paths by the pictures' addresses, and why others have none."""
    wanted = {offer.picture: offer for offer in offers if offer.picture}
    answers = asyncio.run(_fetched(list(wanted), opened(workspace, opener)))
    paths: dict[str, str] = {}
    troubles: list[SourceError | ContentError] = []
    for address, answer in answers.items():
        if isinstance(answer, SourceError):
            troubles.append(answer)
            continue
        try:
            name = slug(wanted[address].title, workspace.settings.language)
            paths[address] = kept.keep(workspace, f"{name}.", answer)
        except ContentError as error:
            troubles.append(ContentError(f"{address}: {error.message}", fix="add another picture by hand"))
    return paths, tuple(troubles)


async def _fetched(addresses: list[str], fetcher: Fetcher) -> dict[str, bytes | SourceError]:
    async with fetcher:
        return dict(await asyncio.gather(*(_one(address, fetcher) for address in addresses)))


async def _one(address: str, fetcher: Fetcher) -> tuple[str, bytes | SourceError]:
    try:
        return address, (await fetcher.fetch(address, _MOST_BYTES)).content
    except SourceError as error:
        return address, error
