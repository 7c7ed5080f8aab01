"""Colours: what their contrast is, and what lies between two of them."""

from __future__ import annotations

import pytest

from newsletter.model.color import contrast, mix


def test_contrast_is_that_of_wcag() -> None:
    """Black on white, the two ends, and the examples that the standard's authors publish."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    """A share of the other, channel by channel."""
    assert [mix("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]
