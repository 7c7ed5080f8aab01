"""Colours: what their contrast is, and what lies between two of them."""

from __future__ import annotations

import pytest

from newsletter.model.color import contrast, is_grey, lit, mix


def test_contrast_is_that_of_wcag() -> None:
    """Black on white, the two ends, and the examples that the standard's authors publish."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    """A share of the other, channel by channel."""
    assert [mix("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]


def test_more_light_keeps_a_hue_and_makes_black_grey() -> None:
    """As much as is asked for; what has it stays as it is."""
    assert lit("#0a0f2c", 2) == "#233498"
    assert lit("#000000", 2) == "#404040"
    assert lit("#004b87", 2) == "#004b87"
    assert [contrast(lit(color, 2), "#000000") >= 2 for color in ("#000010", "#100000", "#0a0a0a")] == [True] * 3


def test_grey_is_what_has_no_hue_to_speak_of() -> None:
    """From black to white, a touch of a colour in it or not."""
    assert [is_grey(color) for color in ("#000000", "#101314", "#ffffff", "#101430", "#ffd400")] == [
        True,
        True,
        True,
        False,
        False,
    ]
