"""The links of issues, followed: what comes of it is a fact for the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from newsletter.config import Workspace
from newsletter.hosts import has_proxy
from newsletter.model.selection import Selection
from newsletter.model.visit import Visit


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of following links."""

    visits: Mapping[str, Visit]
    links: int
    """How many there are to follow; fewer are followed only where there is no network."""
    remedy: str = ""
    """What may help where there is no network; often nothing."""

    @property
    def missing(self) -> str:
        """What could not be done, as the beginning of a sentence; often nothing."""
        lacking = self.links - len(self.visits)
        return f"no network: {lacking} of {self.links} links are not followed" if lacking else ""


def follow_links(
    workspace: Workspace, chosen: Iterable[Selection], told: Callable[[int, int], None] = lambda *_: None
) -> Followed:
    """Follow the links of some issues; `told` hears how many of how many are done.

    What was followed lately is known from the workspace's state, and nobody's server is asked for it again.
    """
    from newsletter.checks import online

    urls = online.addresses(chosen)
    memory = online.Memory(workspace.state / "links.json")
    proxy = workspace.settings.proxy
    visits = online.visit(urls, memory, told=told, visitor=partial(online.Visitor, proxied=proxy == "system"))
    ask = len(visits) < len(urls) and proxy is None and has_proxy()
    remedy = 'this computer has a proxy; to use it, write `proxy = "system"` into the settings' if ask else ""
    return Followed(visits, len(urls), remedy)
