"""The colours of a picture without a ground of its own, such as a logo: whether a ground shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageStat

from newsletter.model.color import contrast

_VISIBLE = 3
"""The contrast that WCAG 2.2 asks of graphics: https://www.w3.org/TR/WCAG22/#non-text-contrast"""
_SOLID, _MOSTLY = 127, 245
"""From which alpha on a dot is seen, and from which mean on a picture has a ground of its own; both of 255."""
_DETAIL = 0.2
"""Up to which share of its rim a picture may lose."""
_SIDE = 128
"""Dots that are looked at, across and down."""


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours, as `#rrggbb`, in which a picture touches its ground, with how many dots.

    What is dark inside of a sign stands on the sign, not on the ground.
    """

    rim: tuple[tuple[str, int], ...]

    def lost_on(self, ground: str) -> float:
        """Return which share of them shows too little, 0 to 1; nothing where that is a detail."""
        lost = sum(count for color, count in self.rim if contrast(color, ground) < _VISIBLE)
        share = lost / (sum(count for _, count in self.rim) or 1)
        return share if share > _DETAIL else 0


def shades(image: Image.Image) -> Shades | None:
    """Return the colours of what a picture shows, or nothing where it has a ground of its own."""
    # Single dots: the mean of thin letters and of what is between them would be neither.
    small = image.convert("RGBA").resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    opaque = small.getchannel("A").point(lambda alpha: 255 if alpha > _SOLID else 0)
    if not 0 < ImageStat.Stat(opaque).mean[0] < _MOSTLY:
        return None
    # Sixteen steps of each colour: more would be one for each dot of a gradient.
    rim = small.convert("RGB").point(lambda value: value // 17 * 17)
    rim.putalpha(ImageChops.subtract(opaque, opaque.filter(ImageFilter.MinFilter(3))))
    found = rim.getcolors(_SIDE * _SIDE) or []
    return Shades(tuple((_written(dot), count) for count, dot in found if isinstance(dot, tuple) and dot[3]))


def _written(dot: Sequence[float]) -> str:
    return "#" + "".join(f"{round(value):02x}" for value in dot[:3])
