"""Outlines of the countries, from Natural Earth (public domain) by way of world-atlas 2.0.2 (ISC licence).

`regenerate.py` made the data; `LICENSE` names the sources.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

CHECKSUM = "8c6b1c9e19c77ca8da808611ac31258c93f5ad0710a48db01e13ade550e6c762"
"""SHA-256 of the data file."""

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


@dataclass(frozen=True, slots=True)
class World:
    """Countries by ISO 3166-1 code: their polygons, largest first, each an outer ring and the rings of its holes."""

    countries: Mapping[str, tuple[tuple[tuple[Point, ...], ...], ...]]
    borders: tuple[tuple[Point, ...], ...]
    points: Mapping[str, Point]
    """Where countries lie that have no outline."""


@lru_cache(maxsize=1)
def world() -> World:
    """Return the outlines; raises RuntimeError if the data file is not the one that was reviewed."""
    packed = files(__name__).joinpath("countries.json.gz").read_bytes()
    if hashlib.sha256(packed).hexdigest() != CHECKSUM:
        raise RuntimeError("countries.json.gz is damaged; install newsletter again")
    data = json.loads(gzip.decompress(packed))
    arcs = tuple(_arc(steps, data["step"]) for steps in data["arcs"])
    return World(
        countries={
            code: tuple(
                sorted(
                    (tuple(_ring(ring, arcs) for ring in polygon) for polygon in polygons),
                    key=lambda polygon: -abs(area(polygon[0])),
                )
            )
            for code, polygons in data["countries"].items()
        },
        borders=arcs,
        points={code: (x, y) for code, (x, y) in data["points"].items()},
    )


def area(ring: tuple[Point, ...]) -> float:
    """Return the area that a ring encloses, in square units of its coordinates; its sign tells the direction."""
    closed = (*ring, ring[0])
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(closed)) / 2


def _arc(steps: list[int], step: float) -> tuple[Point, ...]:
    points = []
    x = y = 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x * step, y * step))
    return _unwrapped(points)


def _ring(numbers: list[int], arcs: tuple[tuple[Point, ...], ...]) -> tuple[Point, ...]:
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1 if points else 0 :]
    return _unwrapped(points)


def _unwrapped(points: list[Point]) -> tuple[Point, ...]:
    """Let longitudes run on past 180 degrees where an outline crosses the date line."""
    shifted = points[:1]
    for x, y in points[1:]:
        shifted.append((x + 360 * round((shifted[-1][0] - x) / 360), y))
    return tuple(shifted)
