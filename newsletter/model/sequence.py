"""What kept its order in a sequence: everything else was moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable


def in_order(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most places, as (before, after), that kept their order; `places` must not repeat a number.

    The longest increasing subsequence, by patience sorting.
    """
    pairs = sorted(places, key=lambda pair: pair[1])
    ends: list[int] = []
    last: list[int] = []
    previous: list[int | None] = []
    for index, (before, _) in enumerate(pairs):
        pile = bisect_left(ends, before)
        previous.append(last[pile - 1] if pile else None)
        ends[pile : pile + 1] = [before]
        last[pile : pile + 1] = [index]
    kept: list[tuple[int, int]] = []
    index_or_none = last[-1] if last else None
    while index_or_none is not None:
        kept.append(pairs[index_or_none])
        index_or_none = previous[index_or_none]
    return kept[::-1]
