"""What differs between two pictures, tile by tile."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PIL import Image, ImageChops

from newsletter.preview.alignment import Run, align

TILE = 16
"""Pixels: as coarse as a word, so that a changed line is a few tiles and not a thousand dots."""
THRESHOLD = 16
"""Out of 255: what antialiasing does differently is no difference."""
_MARK = (214, 51, 108)


@dataclass(frozen=True, slots=True)
class PictureDifference:
    """How much of a picture has changed, in tiles, and where."""

    tiles: int
    of: int
    areas: tuple[tuple[int, int, int, int], ...] = ()
    """Left, top, width and height of rows of changed tiles, in pixels."""
    picture: Image.Image | None = None
    """The later picture, paled where nothing has changed."""

    @property
    def share(self) -> float:
        """The changed part, from 0 to 1."""
        return self.tiles / self.of if self.of else 0.0


def compare(before: Image.Image, after: Image.Image) -> PictureDifference:
    """Return the tiles of `after` that are not as they were; what has only been pushed up or down is as it was."""
    columns, rows = -(-after.width // TILE), -(-after.height // TILE)
    if before.size == after.size and before.tobytes() == after.tobytes():
        return PictureDifference(0, columns * rows)
    grid = (columns * TILE, rows * TILE)
    mask = Image.new("L", grid, 0)
    runs, missing = align(before, after)
    # Rows that are in no run were not there before.
    new_at = 0
    for run in [*runs, Run(0, after.height, 0)]:
        mask.paste(255, (0, new_at, after.width, run.after))
        if run.count and not run.same:
            mask.paste(_unlike(before, after, run), (0, run.after))
        new_at = run.after + run.count
    # Rows that are there no more leave a seam.
    for row in missing:
        mask.paste(255, (0, max(0, min(row, after.height - 1)), after.width, min(row + 1, after.height)))
    tiles = mask.reduce(TILE).point([255 if value else 0 for value in range(256)])
    return PictureDifference(tiles.histogram()[255], columns * rows, _areas(tiles), _shown(after, tiles))


def _unlike(before: Image.Image, after: Image.Image, run: Run) -> Image.Image:
    width = min(before.width, after.width)
    old = before.crop((0, run.before, width, run.before + run.count))
    new = after.crop((0, run.after, width, run.after + run.count))
    red, green, blue = ImageChops.difference(old, new).split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return strongest.point([255 if value > THRESHOLD else 0 for value in range(256)])


def _areas(tiles: Image.Image) -> tuple[tuple[int, int, int, int], ...]:
    """Return runs of tiles, those of equal extent below each other as one."""
    open_: dict[tuple[int, int], int] = {}
    areas: list[tuple[int, int, int, int]] = []
    for row in range(tiles.height + 1):
        line = tiles.crop((0, row, tiles.width, row + 1)).tobytes() if row < tiles.height else b""
        runs = {(match.start(), match.end()) for match in re.finditer(b"\xff+", line)}
        for run in [run for run in open_ if run not in runs]:
            top = open_.pop(run)
            areas.append((run[0] * TILE, top * TILE, (run[1] - run[0]) * TILE, (row - top) * TILE))
        for run in runs:
            open_.setdefault(run, row)
    return tuple(sorted(areas))


def _shown(after: Image.Image, tiles: Image.Image) -> Image.Image:
    white = Image.new("RGB", after.size, (255, 255, 255))
    pale = Image.blend(after.convert("L").convert("RGB"), white, 0.72)
    mask = tiles.resize((tiles.width * TILE, tiles.height * TILE), Image.Resampling.NEAREST).crop((0, 0, *after.size))
    tinted = Image.blend(after, Image.new("RGB", after.size, _MARK), 0.28)
    return Image.composite(tinted, pale, mask)
