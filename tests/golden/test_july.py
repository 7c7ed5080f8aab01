"""The July 2024 issue, as readers get it."""

from __future__ import annotations

import pytest

from newsletter.model.edition import Edition
from tests.golden.meaning import lines
from tests.golden.regenerate import HERE, ISSUE, edition, shown


@pytest.fixture(scope="module")
def july() -> Edition:
    """Return the edition as it is built now."""
    return edition()


def test_html_means_what_it_meant(july: Edition) -> None:
    """If the change is meant: make golden, and look at the difference."""
    assert lines(shown(july.html)) == lines((HERE / f"{ISSUE}.html").read_text(encoding="utf-8"))


def test_text_is_what_it_was(july: Edition) -> None:
    """To the letter."""
    golden = (HERE / f"{ISSUE}.txt").read_bytes().decode()
    assert f"{shown(july.subject)}\n{shown(july.preheader)}\n\n{shown(july.text)}" == golden


def test_building_twice_gives_the_same_bytes(july: Edition) -> None:
    """An approval names the digest; it must not change by itself."""
    assert edition().digest == july.digest


def test_meaning_is_more_than_white_space_and_order() -> None:
    """What this comparison would miss is written here."""
    one = '<p style="color:red; margin:0" class="a b">x  y</p>'
    assert lines(one) == lines('<p class="b a"\n style="margin:0;color:red">x\ny</p>')
    for other in (
        "<p>x y</p>",
        one.replace("red", "blue"),
        one.replace("y", "z"),
        f"<div>{one}</div>",
        one + "<!--a-->",
    ):
        assert lines(one) != lines(other)
