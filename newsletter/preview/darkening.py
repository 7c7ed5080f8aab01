"""Forced dark: about what Outlook and Gmail make of an email that they darken by themselves.

No client says how it does it, and none does it like another, so this is an approximation and is called one. Grounds
that are light become dark and words that are dark become light: in CIE LCh a lightness L of 50 and more becomes
50 − 0.75·(L − 50), one below 50 becomes 50 + 0.75·(50 − L), and four fifths of the chroma stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.model.color import light

_NAMED = {"white": "#ffffff", "black": "#000000"}
_COLOR = r"(?:#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|rgb\([^)]*\)|\bwhite\b|\bblack\b)"
_DECLARATION = re.compile(
    rf"(?P<name>[\w-]*(?:color|background|border[\w-]*|fill|stroke))(?P<between>\s*:\s*)(?P<value>[^;\"'{{}}<>]*?{_COLOR}[^;\"'{{}}<>]*)",
    re.IGNORECASE,
)
_BGCOLOR = re.compile(rf"(\bbgcolor=[\"'])({_COLOR})", re.IGNORECASE)
_ONE = re.compile(_COLOR, re.IGNORECASE)
_DARK_RULES = re.compile(r"@media[^{]*prefers-color-scheme\s*:\s*dark[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_META = re.compile(
    r"<meta[^>]*name=[\"'](?:supported-)?color-schemes?[\"'][^>]*>|color-scheme\s*:[^;}]*;?", re.IGNORECASE
)
_STYLED = re.compile(r"style=\"[^\"]*\"|style='[^']*'|<style[^>]*>.*?</style>", re.IGNORECASE | re.DOTALL)
_BODY = "<style>body{background:#1b1b1b!important}</style></head>"


def darken(html: str) -> str:
    """Return the email with its colours turned dark, whatever it says about dark itself."""
    html = _META.sub("", _DARK_RULES.sub("", html))
    html = _BGCOLOR.sub(lambda match: match[1] + _turned(match[2], words=False), html)
    html = _STYLED.sub(lambda styled: _DECLARATION.sub(_declaration, styled[0]), html)
    return re.sub(r"</head>", _BODY, html, count=1, flags=re.IGNORECASE)


def _declaration(match: re.Match[str]) -> str:
    words = match["name"].lower() == "color"
    value = _ONE.sub(lambda color: _turned(color[0], words=words), match["value"])
    return f"{match['name']}{match['between']}{value}"


@lru_cache(maxsize=512)
def _turned(color: str, *, words: bool) -> str:
    """Return a colour of words lightened where it is dark, or one of a ground darkened where it is light."""
    parts = _channels(color)
    if parts is None:
        return color
    lightness, a, b = _to_lab(parts)
    if words == (lightness < 50):
        lightness = 50 + (50 - lightness) * 0.75
        return "#{:02x}{:02x}{:02x}".format(*_from_lab(lightness, a * 0.8, b * 0.8))
    return color


def _channels(color: str) -> tuple[int, int, int] | None:
    color = _NAMED.get(color.lower(), color)
    if color.startswith("#"):
        digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    numbers = [int(number) for number in re.findall(r"\d+", color)]
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == 3 and max(numbers) <= 255 else None


# sRGB to CIE L*a*b* and back, D65: IEC 61966-2-1 and CIE 15.
_WHITE = (0.95047, 1.0, 1.08883)


def _to_lab(color: tuple[int, int, int]) -> tuple[float, float, float]:
    red, green, blue = (light(channel / 255) for channel in color)
    xyz = (
        0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        0.0193339 * red + 0.1191920 * green + 0.9503041 * blue,
    )
    x, y, z = (
        ratio ** (1 / 3) if ratio > 216 / 24389 else (24389 / 27 * ratio + 16) / 116
        for ratio in (value / white for value, white in zip(xyz, _WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _from_lab(lightness: float, a: float, b: float) -> tuple[int, int, int]:
    y = (lightness + 16) / 116
    x, y, z = (
        (value**3 if value**3 > 216 / 24389 else (116 * value - 16) * 27 / 24389) * white
        for value, white in zip((y + a / 500, y, y - b / 200), _WHITE, strict=True)
    )
    linear = (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )
    red, green, blue = (
        12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        for value in (min(1.0, max(0.0, part)) for part in linear)
    )
    return round(red * 255), round(green * 255), round(blue * 255)
