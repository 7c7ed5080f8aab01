"""Colours as `#rrggbb`: mixed, compared, and moved until text is readable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

READABLE = 4.5
"""The contrast that WCAG 2.2 asks of text, level AA: https://www.w3.org/TR/WCAG22/#contrast-minimum"""

_BRIGHT = 2
"""The contrast with white below which no shade that white can be read on looks like the colour any more."""
_NEARLY_WHITE = 205
_NEARLY_GREY = 16
"""The most between the channels of a colour that nobody would name."""


def mix(color: str, other: str, share: float) -> str:
    """Return `color` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return _written(one + (two - one) * share for one, two in pairs)


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


def lit(color: str, least: float) -> str:
    """Return a colour with as much more light as gives it a contrast of `least` with black, and with its own hue.

    Mixed with white instead, what is nearly black would become grey whatever its hue; a grey has none to lose.
    """
    if is_grey(color):
        steps = (mix(color, "#ffffff", step / 255) for step in range(256))
    else:
        channels, most = _channels(color), max(_channels(color))
        steps = (_written(min(channel * top / most, 255) for channel in channels) for top in range(most, 256))
    return next((moved for moved in steps if contrast(moved, "#000000") >= least), color)


def is_grey(color: str) -> bool:
    """Return whether a colour is black, white or between the two."""
    return max(_channels(color)) - min(_channels(color)) < _NEARLY_GREY


def is_bright(color: str) -> bool:
    """Return whether a colour is too light to write on it in white, and too strong to be taken for white."""
    return contrast(color, "#ffffff") < _BRIGHT and min(_channels(color)) < _NEARLY_WHITE


def _written(channels: Iterable[float]) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _parts(color: str) -> list[float]:
    return [channel / 255 for channel in _channels(color)]


def _luminance(parts: Sequence[float]) -> float:
    red, green, blue = map(light, parts[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
