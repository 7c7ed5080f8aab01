"""Readers' choices of topics in the one form by which they are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache


def canonical_topics(topics: Iterable[str] | None) -> tuple[str, ...]:
    """Return topics in small letters, sorted, each once; none means everything.

    Two readers who chose the same get the same edition, in whatever order and case they chose.
    """
    folded = map(canonical, topics or ())
    return tuple(sorted({topic for topic in folded if topic}))


@lru_cache(maxsize=4096)
def canonical(word: str) -> str:
    """Return a topic or a region without its capitals and doubled blanks, and with its accents in one piece."""
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())
