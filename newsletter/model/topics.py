"""Readers' choices of topics in the one form by which they are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def canonical_topics(topics: Iterable[str] | None) -> tuple[str, ...]:
    """Return topics in small letters, sorted, each once; none means everything.

    Two readers who chose the same get the same edition, in whatever order and case they chose.
    """
    folded = (" ".join(unicodedata.normalize("NFC", topic).casefold().split()) for topic in topics or ())
    return tuple(sorted({topic for topic in folded if topic}))
