"""The colour of links and buttons on the team's own pages: the brand's, as far as it can be read there."""

from __future__ import annotations

from newsletter.model.color import mix, readable

# The grounds of report.css that words in this colour stand on, and that paper stands on as words.
_LIGHT = ("#ffffff", "#f6f7f9")
_DARK = ("#16191d", "#1e2227", "#343b43")


def properties(brand: str) -> str:
    """Return the custom properties from which `report.css` makes its colours, for a brand given as `#rrggbb`."""
    light = readable(mix(brand, "#000000", 0.12), (*_LIGHT, mix("#ffffff", brand, 0.12)), towards="#000000")
    dark = readable(mix(brand, "#ffffff", 0.58), (*_DARK, mix("#16191d", brand, 0.3)), towards="#ffffff")
    return f"--brand:{brand};--on-light:{light};--on-dark:{dark}"
