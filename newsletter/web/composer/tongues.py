"""Languages as the team's pages name them."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError

from newsletter.errors import RenderingError
from newsletter.rendering.localisation import direction


def name_of(tag: str) -> str:
    """Return what a language is called; the tag itself for one that nobody knows."""
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def direction_of(tag: str) -> str:
    """Return `ltr` or `rtl`, or `auto` for a language that nobody knows."""
    try:
        return direction(tag)
    except RenderingError:
        return "auto"
