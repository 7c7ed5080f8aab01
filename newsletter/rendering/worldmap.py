"""A map picture with some countries highlighted, drawn when the issue is built; the same input gives the same bytes."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from PIL import Image, ImageColor, ImageDraw

from newsletter.rendering.world import Point, area, world

WIDTH, HEIGHT = 1200, 600
"""Pixels of the picture: twice those of its place in the email."""

_SUPERSAMPLING = 2
_MARGIN = 0.18
"""Room around the highlighted countries, as a part of their extent."""
_SMALLEST_SPAN = 0.9
"""Least width of the view in radians, so that one small country is seen among its neighbours."""
_SPECK = 12
"""Pixels below which a highlighted country gets a dot."""
_SMALL = 40
"""Pixels below which all of them together get a ring: on a phone nobody would find them."""
_STEPS = 6
"""Shades from one colour of the map to another."""

_HALF = 180.0
"""Degrees from the middle of the world to its edges, and to the date line."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapColors:
    """The colours of a map, as `#rrggbb`."""

    water: str
    land: str
    border: str
    highlight: str


def draw(codes: Iterable[str], colors: MapColors) -> bytes:
    """Return a PNG that shows the countries of `codes` highlighted among their neighbours.

    The view fits the countries; with none it shows the world, and the Pacific in its middle where all of them lie
    around it. The projection is Equal Earth (Šavrič, Patterson and Jenny, 2018), which keeps areas true.
    """
    wanted = {code for code in codes if code in world().countries or code in world().points}
    turn = _turn(wanted)
    view = _view(wanted, turn)
    scale = WIDTH * _SUPERSAMPLING / (view[2] - view[0])
    picture = Image.new("RGB", (WIDTH * _SUPERSAMPLING, HEIGHT * _SUPERSAMPLING), colors.water)
    canvas = ImageDraw.Draw(picture)

    def place(point: Point) -> Point:
        """Return where a point, already turned, lies on the canvas."""
        x, y = _project(point)
        return ((x - view[0]) * scale, (view[3] - y) * scale)

    # The largest first, so that a country inside another one stays visible.
    shapes = [(code, polygon) for code, polygons in world().countries.items() for polygon in polygons]
    shapes.sort(key=lambda shape: -abs(area(shape[1][0])))
    for code, polygon in shapes:
        fill = colors.highlight if code in wanted else colors.land
        for outline in _turned(polygon[0], turn):
            canvas.polygon([place(point) for point in outline], fill=fill)
    for border in world().borders:
        for line in _turned(border, turn):
            canvas.line([place(point) for point in line], fill=colors.border, width=3, joint="curve")
    for code in sorted(wanted):
        _dot(canvas, [place(point) for point in _extent_points(code, turn)], colors)
    _ring(canvas, [place(point) for code in sorted(wanted) for point in _extent_points(code, turn)], colors)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.quantize(palette=_palette(colors), dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _palette(colors: MapColors) -> Image.Image:
    """Return the map's colours and the steps between each two of them: all that smooth edges need."""
    solid = [ImageColor.getrgb(color)[:3] for color in (colors.water, colors.land, colors.border, colors.highlight)]
    steps = [
        tuple(round(one + (other - one) * step / _STEPS) for one, other in zip(first, second, strict=True))
        for first, second in combinations(solid, 2)
        for step in range(_STEPS + 1)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for color in dict.fromkeys(steps) for channel in color])
    return palette


def _turn(wanted: set[str]) -> float:
    """Return the meridian in the middle: that of Greenwich, or the date line where the countries lie around it."""
    from_greenwich, from_date_line = (
        [x for code in wanted for x, _ in _extent_points(code, turn)] or [0.0] for turn in (0.0, _HALF)
    )
    around = max(from_date_line) - min(from_date_line) <= _HALF < max(from_greenwich) - min(from_greenwich)
    return _HALF if around else 0.0


def _turned(points: tuple[Point, ...], turn: float) -> Iterator[tuple[Point, ...]]:
    """Yield an outline, and once more on the other edge of the world if it runs past that."""
    for by in (0, -2 * _HALF, 2 * _HALF):
        moved = tuple((x - turn + by, y) for x, y in points)
        if any(-_HALF < x < _HALF for x, _ in moved):
            yield moved


def _dot(canvas: ImageDraw.ImageDraw, points: Sequence[Point], colors: MapColors) -> None:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if max(max(xs) - min(xs), max(ys) - min(ys)) >= _SPECK * _SUPERSAMPLING:
        return
    x, y, radius = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, 9 * _SUPERSAMPLING
    canvas.ellipse(
        (x - radius, y - radius, x + radius, y + radius),
        fill=colors.highlight,
        outline=colors.water,
        width=3 * _SUPERSAMPLING,
    )


def _ring(canvas: ImageDraw.ImageDraw, points: Sequence[Point], colors: MapColors) -> None:
    if not points:
        return
    xs, ys = [x for x, _ in points], [y for _, y in points]
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    if extent >= _SMALL * _SUPERSAMPLING:
        return
    x, y, radius = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, extent * 0.6 + 20 * _SUPERSAMPLING
    canvas.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colors.highlight, width=5 * _SUPERSAMPLING)


def _extent_points(code: str, turn: float) -> tuple[Point, ...]:
    """Return what stands for a country's place: its largest polygon, without far-away islands."""
    polygons = world().countries.get(code)
    points = polygons[0][0] if polygons else (world().points[code],)
    middle = (min(x for x, _ in points) + max(x for x, _ in points)) / 2 - turn
    by = 2 * _HALF if middle < -_HALF else 0
    return tuple((x - turn + by, y) for x, y in points)


def _view(wanted: set[str], turn: float) -> Box:
    """Return the part of the projected plane that the picture shows: left, bottom, right, top."""
    ratio = WIDTH / HEIGHT
    points = [_project(point) for code in wanted for point in _extent_points(code, turn)]
    if not points:
        points = [_project(point) for point in ((-168.0, 0.0), (180.0, 0.0), (0.0, 78.0), (0.0, -56.0))]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    width = max((right - left) * (1 + 2 * _MARGIN), (top - bottom) * (1 + 2 * _MARGIN) * ratio, _SMALLEST_SPAN)
    width = min(width, 2 * _project((180.0, 0.0))[0])
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    half_x, half_y = width / 2, width / ratio / 2
    return (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)


def _project(point: Point) -> Point:
    """Return where a place lies in the Equal Earth projection, in radii of the Earth."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    longitude, latitude = math.radians(point[0]), math.radians(point[1])
    theta = math.asin(math.sqrt(3) / 2 * math.sin(latitude))
    square = theta * theta
    sixth = square**3
    x = (2 * math.sqrt(3) * longitude * math.cos(theta)) / (
        3 * (9 * a4 * sixth * square + 7 * a3 * sixth + 3 * a2 * square + a1)
    )
    return (x, theta * (a4 * sixth * square + a3 * sixth + a2 * square + a1))
