"""Words as rules compare them."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.model.columns import columns
from newsletter.model.wording import cut

_WORD = re.compile(r"[^\W_]+")
_LONGER_THAN_ACRONYMS = 7
# Nobody writes these in capitals unless everything is: English, German, French, Spanish, Italian, Russian.
_SMALL_WORDS = frozenset(
    "a an and are at by for from in is it new not now of on or our out the to we with you your "
    "am auf das dem den der des die ein eine für im in ist mit neu und von zu zum zur "
    "au aux de des du en et la le les pour sur un une con del el los las para por y da di e il per "
    "в и на не о от по с у для из".split()
)


@lru_cache(maxsize=8192)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text without regard to case and punctuation."""
    return frozenset(_WORD.findall(text.casefold()))


def alike(one: str, other: str, share: float = 0.8) -> bool:
    """Return whether two texts have at least `share` of their words in common; a single word says too little."""
    first, second = words_of(one), words_of(other)
    together = first | second
    return len(together) > 1 and len(first & second) >= share * len(together)


def counted(text: str) -> str:
    """Return how many characters a text has, and the room that they take where it is another number."""
    taken = columns(text)
    return f"{len(text)} characters" + ("" if taken == len(text) else f", as wide as {taken}")


def shortened(shown: str) -> str:
    """Return what readers would see on one line, as much of it as a message holds."""
    return cut(" ".join(shown.split()), 60)


def is_shouted(text: str) -> bool:
    """Return whether a text of several words is in capitals, and not because it names EU, UNHCR and IOM."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) < 12 or len(text.split()) < 2 or capitals < 0.8 * len(letters):
        return False
    shouted = [word for word in _WORD.findall(text) if word.isupper()]
    return any(len(word) >= _LONGER_THAN_ACRONYMS or word.casefold() in _SMALL_WORDS for word in shouted)
