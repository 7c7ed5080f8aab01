"""What kept its order."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.sequence import in_order


@given(st.permutations(range(7)))
def test_no_longer_run_has_kept_its_order(order: list[int]) -> None:
    """Every subset of seven is tried."""
    kept = in_order(enumerate(order))
    assert kept == sorted(kept, key=lambda pair: pair[1])
    assert [before for before, _ in kept] == sorted(before for before, _ in kept)
    pairs = sorted(enumerate(order), key=lambda pair: pair[1])
    longest = max(
        size
        for size in range(len(pairs) + 1)
        for some in combinations(pairs, size)
        if [before for before, _ in some] == sorted(before for before, _ in some)
    )
    assert len(kept) == longest
