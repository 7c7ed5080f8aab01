"""What differs between two pictures, tile by tile."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PIL import Image, ImageChops

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
    """Return the tiles in which two RGB pictures differ; where one is longer, its end differs."""
    size = (max(before.width, after.width), max(before.height, after.height))
    columns, rows = -(-size[0] // TILE), -(-size[1] // TILE)
    if before.size == after.size and before.tobytes() == after.tobytes():
        return PictureDifference(0, columns * rows)
    grid = (columns * TILE, rows * TILE)
    # What only one of them has differs from any ground that the other could have there.
    changed = ImageChops.difference(_on(before, grid, 0), _on(after, grid, 0)).convert("RGB")
    red, green, blue = changed.split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    mask = strongest.point([255 if value > THRESHOLD else 0 for value in range(256)])
    if before.size != after.size:
        shorter = min(before.height, after.height)
        narrower = min(before.width, after.width)
        mask.paste(255, (0, shorter, size[0], size[1]))
        mask.paste(255, (narrower, 0, size[0], size[1]))
    tiles = mask.reduce(TILE).point([255 if value else 0 for value in range(256)])
    return PictureDifference(tiles.histogram()[255], columns * rows, _areas(tiles), _shown(after, size, tiles))


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


def _on(picture: Image.Image, size: tuple[int, int], ground: int) -> Image.Image:
    canvas = Image.new("RGB", size, (ground, ground, ground))
    canvas.paste(picture, (0, 0))
    return canvas


def _shown(after: Image.Image, size: tuple[int, int], tiles: Image.Image) -> Image.Image:
    canvas = _on(after, size, 255)
    pale = Image.blend(canvas.convert("L").convert("RGB"), Image.new("RGB", size, (255, 255, 255)), 0.72)
    mask = tiles.resize((tiles.width * TILE, tiles.height * TILE), Image.Resampling.NEAREST).crop((0, 0, *size))
    tinted = Image.blend(canvas, Image.new("RGB", size, _MARK), 0.28)
    return Image.composite(tinted, pale, mask)
