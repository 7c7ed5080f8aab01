"""What a source offers that could become an entry: the words of a stranger, as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from newsletter.model.url import canonical_url


@dataclass(frozen=True, slots=True)
class Offer:
    """One page of a web site, as the site itself or its feed describes it."""

    url: str
    """http or https, without tracking parameters."""
    title: str
    day: date | None = None
    """When it was published, in the newsletter's zone."""
    summary: str = ""
    picture: str = ""
    """Its address; http or https."""
    alt: str = ""
    topics: tuple[str, ...] = ()
    language: str = ""
    type: str = ""
    """The type of entry, where the page says what it is."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What only some types have, such as `start` or `doi`; several values are one a line."""

    @property
    def key(self) -> str:
        """The address by which two offers, or an offer and an entry, are the same."""
        return canonical_url(self.url)
