"""Colours as `#rrggbb`: mixed, compared, and moved until text is readable."""

from __future__ import annotations

from collections.abc import Sequence

READABLE = 4.5
"""The contrast that WCAG 2.2 asks of text, level AA: https://www.w3.org/TR/WCAG22/#contrast-minimum"""

_BRIGHT = 2
"""The contrast with white below which no shade that white can be read on looks like the colour any more."""
_NEARLY_WHITE = 205


def mix(color: str, other: str, share: float) -> str:
    """Return `color` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def contrast(one: str, two: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    return ratio(_parts(one), _parts(two))


def ratio(one: Sequence[float], two: Sequence[float]) -> float:
    """Return the contrast ratio of two colours by their red, green and blue, each 0 to 1.

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(one), _luminance(two)))
    return (lighter + 0.05) / (darker + 0.05)


def light(part: float) -> float:
    """Return how much light the red, green or blue of a colour is, 0 to 1: IEC 61966-2-1."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def readable(color: str, grounds: tuple[str, ...], *, towards: str) -> str:
    """Return a colour moved towards black or white, as little as makes it readable on all of `grounds`."""
    for step in range(51):
        moved = mix(color, towards, step / 50)
        if all(contrast(moved, ground) >= READABLE for ground in grounds):
            return moved
    return towards


def is_bright(color: str) -> bool:
    """Return whether a colour is too light to write on it in white, and too strong to be taken for white."""
    return contrast(color, "#ffffff") < _BRIGHT and min(_channels(color)) < _NEARLY_WHITE


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _parts(color: str) -> list[float]:
    return [channel / 255 for channel in _channels(color)]


def _luminance(parts: Sequence[float]) -> float:
    red, green, blue = map(light, parts[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
