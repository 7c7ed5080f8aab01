"""Colours: readable on every ground the templates put them on, whatever the brand."""

from __future__ import annotations

import re
from colorsys import rgb_to_hsv

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.model.color import READABLE, contrast, is_grey
from newsletter.rendering.shipping import shipped
from newsletter.rendering.tokens import tokens

BACKGROUNDS = {
    "page": ("ink", "muted", "brand"),
    "surface": ("ink", "muted", "brand", "alert"),
    "tint": ("ink", "muted", "brand", "alert"),
    "band": ("on_band", "soft"),
    "strip": ("on_band", "soft"),
    "button": ("on_button",),
    "alert": ("on_alert",),
    "alert_tint": ("ink", "muted", "alert", "brand"),
}
"""Which colours the templates write on which."""
COLOR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@example("#030303", "#808080")
@example("#ffff00", None)
@example("#f6ccc0", None)
@given(COLOR, st.one_of(st.none(), COLOR))
def test_every_brand_is_readable_in_light_and_dark(brand: str, accent: str | None) -> None:
    """WCAG AA for every pair of colours that the templates use."""
    for palette in (tokens(brand, accent).light, tokens(brand, accent).dark):
        for ground, texts in BACKGROUNDS.items():
            for text in texts:
                assert contrast(getattr(palette, text), getattr(palette, ground)) >= READABLE, (text, ground)


def test_a_dark_brand_is_kept_as_it_is() -> None:
    """The organisation's own blue is readable and stays the organisation's own blue."""
    light = tokens("#004b87").light
    assert (light.brand, light.band, light.button) == ("#004b87", "#004b87", "#004b87")


@pytest.mark.parametrize("brand", ["#ffff00", "#ffd400", "#bfe3c5", "#00ff88"])
def test_a_bright_brand_is_kept_too_and_written_on_in_ink(brand: str) -> None:
    """No dark shade of yellow is the organisation's own yellow."""
    design = tokens(brand)
    assert (design.light.band, design.light.button) == (brand, brand)
    assert design.light.on_band == design.light.on_button == design.light.ink
    # What a client leaves as it is in the light has to be read on the dark's ground, and the other way round.
    assert contrast(design.light.on_band, design.dark.band) >= READABLE
    assert contrast(design.dark.on_band, design.light.band) >= READABLE


@pytest.mark.parametrize("brand", ["#fdfdfd", "#eeeeee", "#ff8800", "#00b5e2"])
def test_other_light_brands_become_as_dark_as_white_words_need(brand: str) -> None:
    """Nearly white would not stand out from the letter; a strong colour is itself in a darker shade too."""
    light = tokens(brand).light
    assert (light.on_band, light.on_button) == ("#ffffff", "#ffffff")
    assert READABLE <= contrast("#ffffff", light.band) < 5


@example("#000000")
@example("#0a0f2c")
@example("#14213d")
@given(COLOR)
def test_the_masthead_can_be_seen_in_the_dark(brand: str) -> None:
    """That of a navy or of black would be one with the near-black around it."""
    dark = tokens(brand).dark
    assert min(contrast(dark.band, dark.page), contrast(dark.band, dark.surface)) >= 1.25


@pytest.mark.parametrize("brand", ["#0a0f2c", "#14213d", "#003300", "#2b0a3d", "#3c1414"])
def test_a_very_dark_brand_keeps_its_hue_in_the_dark(brand: str) -> None:
    """As a grey one, a button looks switched off, and a link like any quiet line."""
    for shown in (tokens(brand).dark.button, tokens(brand).dark.brand):
        assert not is_grey(shown)
        assert abs(_hue(shown) - _hue(brand)) < 0.04


@pytest.mark.parametrize("brand", ["#000000", "#101314", "#555555", "#808080"])
def test_a_brand_without_a_hue_is_nearly_white_in_the_dark(brand: str) -> None:
    """Between black and white only white is not the colour of what is switched off."""
    dark = tokens(brand).dark
    assert min(contrast(dark.button, dark.surface), contrast(dark.brand, dark.surface)) > contrast(
        dark.muted, dark.surface
    )


def _hue(color: str) -> float:
    return rgb_to_hsv(*(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0]


def test_templates_take_every_colour_from_the_tokens() -> None:
    """A colour written into a template would be neither the brand's nor safe in the dark."""
    for path in shipped().rglob("*.mjml.j2"):
        assert re.findall(r"(?<!&)#[0-9a-fA-F]{3,6}\b", path.read_text(encoding="utf-8")) == [], path.name


@example("#f4f4f4")
@example("#ffffff")
@given(COLOR)
def test_what_stands_out_has_a_ground_that_can_be_seen(brand: str) -> None:
    """A hint of a brand that is nearly white itself would be white."""
    light = tokens(brand).light
    assert contrast(light.tint, light.surface) >= 1.06
