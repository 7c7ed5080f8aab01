"""Languages as the team's pages name them."""

from __future__ import annotations

from newsletter.errors import RenderingError
from newsletter.rendering.localisation import direction


def direction_of(tag: str) -> str:
    """Return `ltr` or `rtl`, or `auto` for a language that nobody knows."""
    try:
        return direction(tag)
    except RenderingError:
        return "auto"
