"""Which rows of a later picture are rows of an earlier one.

What is put in at the top of an email pushes all the rest down; told row by row where it was, the rest has not changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from newsletter.model.sequence import in_order


@dataclass(frozen=True, slots=True)
class Run:
    """`count` rows that stand at `after` in the later picture and at `before` in the earlier one.

    Rows of a run that is not `same` stand in each other's place; one side may have none.
    """

    before: int
    after: int
    count: int
    same: bool = True


def align(before: Image.Image, after: Image.Image) -> tuple[tuple[Run, ...], tuple[int, ...]]:
    """Return the runs from top to bottom, and the rows of `after` before which rows of `before` are missing."""
    old, new = _rows(before), _rows(after)
    runs: list[Run] = []
    missing: list[int] = []
    old_at = new_at = 0
    for run in [*_equal(old, new), Run(len(old), len(new), 0)]:
        gap_old, gap_new = run.before - old_at, run.after - new_at
        together = min(gap_old, gap_new)
        if together:
            runs.append(Run(old_at, new_at, together, same=False))
        if gap_old > gap_new:
            missing.append(run.after)
        if run.count:
            runs.append(run)
        old_at, new_at = run.before + run.count, run.after + run.count
    return tuple(runs), tuple(missing)


def _rows(picture: Image.Image) -> list[int]:
    data, width = picture.tobytes(), picture.width * len(picture.getbands())
    return [hash(data[start : start + width]) for start in range(0, len(data), width)]


def _equal(old: Sequence[int], new: Sequence[int]) -> Iterator[Run]:
    """Yield runs of equal rows: rows that occur once on either side are anchors, which grow both ways."""
    old_at = new_at = 0
    for before, after in [*_anchors(old, new), (len(old), len(new))]:
        if before < old_at or after < new_at:
            continue
        # What follows the last run, then what leads up to the next anchor.
        start = old_at, new_at
        while old_at < before and new_at < after and old[old_at] == new[new_at]:
            old_at, new_at = old_at + 1, new_at + 1
        if old_at > start[0]:
            yield Run(*start, old_at - start[0])
        back = 0
        while before - back > old_at and after - back > new_at and old[before - back - 1] == new[after - back - 1]:
            back += 1
        forth = 0
        while before + forth < len(old) and after + forth < len(new) and old[before + forth] == new[after + forth]:
            forth += 1
        if back + forth:
            yield Run(before - back, after - back, back + forth)
        old_at, new_at = before + forth, after + forth


def _anchors(old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int]]:
    """Return the longest chain of rows, unique on both sides, that is in order on both."""
    counts = Counter(old), Counter(new)
    place = {row: number for number, row in enumerate(old) if counts[0][row] == 1}
    pairs = [(place[row], number) for number, row in enumerate(new) if counts[1][row] == 1 and row in place]
    return in_order(pairs)
