"""Wrapping: full lines, whole words, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering.wrapping import wrap


def test_a_long_address_stays_whole() -> None:
    """A broken address leads nowhere."""
    address = "https://www.example.org/" + "a" * 80
    assert wrap(f"see {address} there") == f"see\n{address}\nthere"


def test_lines_after_the_first_are_indented() -> None:
    """The second line of a list's item stands below the first."""
    assert wrap("one two three", 9, "  ") == "one two\n  three"


@given(st.text(), st.integers(1, 80))
def test_words_keep_their_order_and_lines_their_width(text: str, width: int) -> None:
    """Only a single word may be longer than the line."""
    wrapped = wrap(text, width)
    assert wrapped.replace("\n", " ").split() == text.replace("\n", " ").split()
    assert all(len(line) <= width or " " not in line for line in wrapped.split("\n"))
