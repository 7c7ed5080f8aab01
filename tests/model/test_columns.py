"""The room that a text takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.columns import columns, fitting


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", 0),
        ("July", 4),
        ("Tripoli – é", 11),
        ("国境の村", 8),
        ("ｶﾅ", 2),
        ("e\u0301", 1),
        ("ไม่", 2),
        ("a\u200bb", 2),
        ("a\u00adb", 2),
        ("📣", 2),
    ],
)
def test_east_asian_signs_take_two_columns_and_marks_none(text: str, taken: int) -> None:
    """A sign of Chinese or Japanese is as wide as two letters; what is set above a letter takes no room of its own."""
    assert columns(text) == taken


@given(st.text(), st.integers(0, 50))
def test_what_fits_is_the_longest_beginning_that_takes_no_more_room(text: str, most: int) -> None:
    """One character more would be too wide, unless the text ends there."""
    end = fitting(text, most)
    assert columns(text[:end]) <= most
    assert end == len(text) or columns(text[: end + 1]) > most
