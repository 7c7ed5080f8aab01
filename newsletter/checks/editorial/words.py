"""Words as rules compare them."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text without regard to case and punctuation."""
    return frozenset(_WORD.findall(text.casefold()))


def alike(one: str, other: str, share: float = 0.8) -> bool:
    """Return whether two texts have at least `share` of their words in common; a single word says too little."""
    first, second = words_of(one), words_of(other)
    together = first | second
    return len(together) > 1 and len(first & second) >= share * len(together)


def is_shouted(text: str) -> bool:
    """Return whether a text of several words is in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) >= 12 and len(text.split()) > 1 and capitals >= 0.8 * len(letters)
