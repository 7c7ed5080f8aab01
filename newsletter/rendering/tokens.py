"""The design's colours, made from one brand colour so that every text stays readable in light and in dark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from newsletter.model.color import is_bright, is_grey, lit, mix, readable

# Their quotes may stand in an attribute as they are, which saves half a kilobyte in a long issue.
_DISPLAY = Markup("Georgia,'Noto Serif',serif")
_TEXT = Markup("-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif")
_WHITE = "#ffffff"
_PAPER = "#f6f3ee"
_CREAM = "#fdf6ea"
_INK = "#14181d"
_NIGHT = "#12161b"
_WARM = "#b4511e"
_AT_NIGHT = 2
"""The contrast with black from which a brand's colour can be told in the dark."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by their task, as `#rrggbb`."""

    page: str
    """Around the letter."""
    surface: str
    """The letter itself."""
    tint: str
    """Behind what stands out."""
    rule: str
    land: str
    """What a map shows without speaking of it."""
    strip: str
    """Across the lower edge of the masthead, with `soft` written on it."""
    ink: str
    muted: str
    brand: str
    """Links, kickers and big numbers."""
    band: str
    """The masthead, with `on_band` and the quieter `soft` written on it."""
    on_band: str
    soft: str
    button: str
    on_button: str
    alert: str
    """Deadlines, with `on_alert` written on it."""
    on_alert: str
    alert_tint: str
    """Behind an open call, with `alert` written on it too."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What templates call `tokens`."""

    light: Palette
    dark: Palette
    display: Markup = _DISPLAY
    text: Markup = _TEXT
    width: int = 600
    gutter: int = 32


@lru_cache(maxsize=64)
def tokens(brand: str, accent: str | None = None) -> Tokens:
    """Return the design in the colours of a brand, both given as `#rrggbb`."""
    return Tokens(_light(brand, accent or _WARM), _dark(brand, accent or _WARM))


def _light(brand: str, accent: str) -> Palette:
    strong = readable(brand, (_WHITE,), towards="#000000")
    # Of a light brand itself a hint would be white again, and what stands out would stand on nothing.
    page, tint = mix(_PAPER, brand, 0.03), mix(_WHITE, strong, 0.06)
    alert_tint = mix(_CREAM, accent, 0.05)
    grounds = (page, _WHITE, tint, alert_tint)
    ink = mix(_INK, brand, 0.12)
    ink = readable(ink, grounds, towards="#000000")
    # White words want a dark band. Only of yellow and its like no dark shade is still the organisation's own colour.
    bright = is_bright(brand)
    band, on_band = (brand, ink) if bright else (strong, _WHITE)
    strip = mix(band, "#000000", 0.08 if bright else 0.18)
    alert = readable(accent, (_WHITE, tint, alert_tint), towards="#000000")
    return Palette(
        page=page,
        surface=_WHITE,
        tint=tint,
        rule=mix(_WHITE, ink, 0.16),
        land=mix(_WHITE, strong, 0.2),
        strip=strip,
        ink=ink,
        muted=readable(mix(ink, _WHITE, 0.34), grounds, towards="#000000"),
        brand=readable(brand, grounds, towards="#000000"),
        band=band,
        on_band=on_band,
        soft=_soft(band, strip, on_band),
        button=band,
        on_button=on_band,
        alert=alert,
        on_alert=_WHITE,
        alert_tint=alert_tint,
    )


def _dark(brand: str, accent: str) -> Palette:
    page, surface = mix("#0b0e12", brand, 0.06), mix(_NIGHT, brand, 0.08)
    tint = mix("#1a2028", brand, 0.14)
    alert_tint = mix("#1d1d20", accent, 0.14)
    grounds = (page, surface, tint, alert_tint)
    # On near-black a navy would be lost as a masthead, and a button of it, mixed with white, grey as one that is off.
    own = lit(brand, _AT_NIGHT)
    paler, palest = (0.8, 0.85) if is_grey(brand) else (0.4, 0.45)
    # As in the light, so that words which no client has darkened can be read on it.
    bright = is_bright(brand)
    band, on_band = mix(own, _NIGHT, 0.12 if bright else 0.35), _NIGHT if bright else _WHITE
    if not bright:
        band = readable(band, (_WHITE,), towards="#000000")
    strip = mix(band, "#000000", 0.08 if bright else 0.25)
    button = readable(mix(own, _WHITE, palest), (*grounds, _NIGHT), towards=_WHITE)
    alert = readable(mix(accent, _WHITE, 0.35), (*grounds, _NIGHT), towards=_WHITE)
    return Palette(
        page=page,
        surface=surface,
        tint=tint,
        rule=mix(surface, _WHITE, 0.18),
        land=mix(tint, _WHITE, 0.12),
        strip=strip,
        ink=mix("#f1f0ec", brand, 0.03),
        muted=readable(mix(surface, _WHITE, 0.62), grounds, towards=_WHITE),
        brand=readable(mix(own, _WHITE, paler), grounds, towards=_WHITE),
        band=band,
        on_band=on_band,
        soft=_soft(band, strip, on_band),
        button=button,
        on_button=_NIGHT,
        alert=alert,
        on_alert=_NIGHT,
        alert_tint=alert_tint,
    )


def _soft(band: str, strip: str, on_band: str) -> str:
    """Return the colour of the quieter words on a band and on its strip."""
    return readable(mix(band, on_band, 0.72), (band, strip), towards=on_band)
