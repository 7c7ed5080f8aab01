"""Make `countries.json.gz` again from the npm package `world-atlas` 2.0.2 (Natural Earth, 1:50 million).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    pip install pycountry
    python -m newsletter.rendering.world.regenerate package/countries-50m.json

The outlines are thinned to what a picture of 1,200 pixels can show; borders that two countries share stay shared.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import sys
from pathlib import Path
from typing import Any

from newsletter.rendering.world import Point, area

STEP = 0.02
"""Degrees between two storable coordinates."""
TOLERANCE = 0.05
"""Degrees by which a thinned outline may leave the given one."""
SMALLEST_ISLAND = 0.02
"""Square degrees below which a polygon is left out, unless it is its country's largest."""

# Natural Earth gives no ISO code to these; the recognised state stands in.
_UNCODED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
# Countries and territories of ISO 3166-1 that the outlines leave out: a point inside each, longitude and latitude.
_POINTS = {
    "BQ": (-68.26, 12.18),
    "BV": (3.41, -54.42),
    "CC": (96.83, -12.14),
    "CX": (105.69, -10.49),
    "GF": (-53.1, 4.0),
    "GI": (-5.35, 36.14),
    "GP": (-61.55, 16.25),
    "MQ": (-61.02, 14.64),
    "RE": (55.54, -21.12),
    "SJ": (16.0, 78.5),
    "TK": (-171.85, -9.2),
    "TV": (179.2, -8.52),
    "UM": (166.65, 19.28),
    "YT": (45.17, -12.83),
}


def main(source: Path) -> None:
    """Write the data file beside this script and print its checksum."""
    import pycountry

    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = [_decode(arc, topology["transform"]) for arc in topology["arcs"]]
    codes = {country.numeric: country.alpha_2 for country in pycountry.countries}
    countries: dict[str, list[list[list[int]]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id")) or _UNCODED.get(shape["properties"]["name"])
        if code is None or code == "AQ":
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        countries.setdefault(code, []).extend(polygons)
    countries = {code: _without_islets(polygons, arcs) for code, polygons in sorted(countries.items())}
    used = sorted(
        {
            arc if arc >= 0 else ~arc
            for polygons in countries.values()
            for polygon in polygons
            for ring in polygon
            for arc in ring
        }
    )
    number = {arc: position for position, arc in enumerate(used)}
    data: dict[str, Any] = {
        "step": STEP,
        "arcs": [_encode(_thin(arcs[arc])) for arc in used],
        "countries": {
            code: [
                [[number[arc] if arc >= 0 else ~number[~arc] for arc in ring] for ring in polygon]
                for polygon in polygons
            ]
            for code, polygons in countries.items()
        },
        "points": _POINTS,
    }
    target = Path(__file__).with_name("countries.json.gz")
    target.write_bytes(gzip.compress(json.dumps(data, separators=(",", ":")).encode(), 9, mtime=0))
    print(target.name, target.stat().st_size, hashlib.sha256(target.read_bytes()).hexdigest())


def _decode(arc: list[list[int]], transform: Any) -> list[Point]:
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def _without_islets(polygons: list[Any], arcs: list[list[Point]]) -> list[Any]:
    sizes = [abs(area(tuple(_ring(polygon[0], arcs)))) for polygon in polygons]
    return [
        polygon for polygon, size in zip(polygons, sizes, strict=True) if size >= SMALLEST_ISLAND or size == max(sizes)
    ]


def _ring(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for number in numbers:
        points += (arcs[number] if number >= 0 else arcs[~number][::-1])[1 if points else 0 :]
    return points


def _thin(points: list[Point]) -> list[Point]:
    """Leave out points after Douglas and Peucker (1973)."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)

    def distance(point: Point) -> float:
        if length == 0:
            return math.hypot(point[0] - ax, point[1] - ay)
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    farthest = max(range(1, len(points) - 1), key=lambda index: distance(points[index]))
    if distance(points[farthest]) <= TOLERANCE and length > 0:
        return [points[0], points[-1]]
    return _thin(points[: farthest + 1])[:-1] + _thin(points[farthest:])


def _encode(points: list[Point]) -> list[int]:
    encoded: list[int] = []
    x = y = 0
    for px, py in points:
        nx, ny = round(px / STEP), round(py / STEP)
        encoded += (nx - x, ny - y)
        x, y = nx, ny
    return encoded


if __name__ == "__main__":
    main(Path(sys.argv[1]))
