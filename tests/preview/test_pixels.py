"""Two pictures differ where something has changed, and not where it has only been pushed down."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter.preview.alignment import align
from newsletter.preview.encoding import png
from newsletter.preview.pixels import TILE, compare


def noise(seed: int, height: int, width: int = 64) -> Image.Image:
    """Return a picture in which no row is like another."""
    source = random.Random(seed)
    return Image.frombytes("RGB", (width, height), source.randbytes(width * height * 3))


def stacked(*parts: Image.Image) -> Image.Image:
    """Return pictures below each other."""
    whole = Image.new("RGB", (parts[0].width, sum(part.height for part in parts)))
    top = 0
    for part in parts:
        whole.paste(part, (0, top))
        top += part.height
    return whole


def test_the_same_picture_does_not_differ() -> None:
    """Not one tile, and there is nothing to show."""
    picture = noise(1, 100)
    found = compare(picture, picture.copy())
    assert (found.tiles, found.of, found.picture, found.areas) == (0, 4 * 7, None, ())


def test_a_changed_word_is_its_tiles() -> None:
    """A dot at (20, 40) is the tile with that dot."""
    before = noise(1, 96)
    after = before.copy()
    after.paste((0, 0, 0), (20, 40, 24, 44))
    after.paste((255, 255, 255), (21, 41, 23, 43))
    found = compare(before, after)
    assert found.areas == ((TILE, 2 * TILE, TILE, TILE),)
    assert found.picture is not None
    assert found.picture.size == after.size


def test_what_is_put_in_is_all_that_differs() -> None:
    """Sixteen new rows above the rest are one row of tiles, and the rest is as it was."""
    top, rest, new = noise(1, 32), noise(2, 160), noise(3, TILE)
    assert compare(stacked(top, rest), stacked(top, new, rest)).areas == ((0, 32, 64, TILE),)


def test_what_is_taken_out_leaves_a_seam() -> None:
    """Where rows are missing, the tiles there are marked."""
    top, rest, old = noise(1, 32), noise(2, 160), noise(3, TILE)
    assert compare(stacked(top, old, rest), stacked(top, rest)).areas == ((0, 32, 64, TILE),)


def test_a_shade_that_nobody_sees_is_no_difference() -> None:
    """Antialiasing may differ by a little."""
    before = Image.new("RGB", (64, 64), (100, 100, 100))
    after = Image.new("RGB", (64, 64), (108, 100, 100))
    assert compare(before, after).tiles == 0


rows = st.lists(st.integers(0, 12), max_size=40)


@settings(max_examples=200, deadline=None)
@given(before=rows, after=rows)
def test_runs_are_in_order_and_say_the_truth(before: list[int], after: list[int]) -> None:
    """Runs go down both pictures, never overlap, and equal ones are equal to the byte."""
    old, new = (Image.frombytes("RGB", (1, len(r)), bytes(v for n in r for v in (n, n, n))) for r in (before, after))
    runs, missing = align(old, new)
    old_at = new_at = 0
    for run in runs:
        assert run.before >= old_at
        assert run.after >= new_at
        if run.same:
            assert before[run.before : run.before + run.count] == after[run.after : run.after + run.count]
        old_at, new_at = run.before + run.count, run.after + run.count
    assert old_at <= len(before)
    assert new_at <= len(after)
    assert len(missing) == len(set(missing))
    if before == after:
        assert sum(run.count for run in runs if run.same) == len(before)


def test_large_grounds_keep_their_colour() -> None:
    """White stays white in a file with few colours, and the same picture is the same file."""
    picture = stacked(
        noise(5, 40), Image.new("RGB", (64, 200), (255, 255, 255)), Image.new("RGB", (64, 90), (0, 75, 135))
    )
    data = png(picture)
    assert data == png(picture.copy())
    with Image.open(__import__("io").BytesIO(data)) as saved:
        shown = saved.convert("RGB")
    assert (shown.getpixel((3, 100)), shown.getpixel((3, 300))) == ((255, 255, 255), (0, 75, 135))
    assert len(data) < 64 * 330 * 3
