"""Topics that readers have and nothing else does."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter import audience
from newsletter.config import Settings
from newsletter.errors import NewsletterError
from newsletter.web.composer.desk import Desk


def unknown(desk: Desk, settings: Settings, topics: Sequence[str]) -> tuple[str, ...]:
    """Return which topics lead to nothing; none where the entries cannot be read, which stops nothing with readers."""
    if not topics:
        return ()
    try:
        entries = desk.read()[1].entries
    except NewsletterError:
        return ()
    return audience.unknown_topics(topics, settings, entries)
