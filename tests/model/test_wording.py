"""How days are put into words for the team, and where a long text is cut."""

from __future__ import annotations

from datetime import date

import pytest

from newsletter.model.wording import begun, cut, span


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2024, 7, 1), date(2024, 7, 31), "1 July to 31 July 2024"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 to 3 January 2027"),
        (date(2026, 12, 1), date(2026, 12, 1), "1 December 2026"),
    ],
)
def test_days_are_told_with_each_of_their_years(first: date, last: date, told: str) -> None:
    """One year stands at the end of both; a week may begin in another one than it ends."""
    assert span(first, last) == told


@pytest.mark.parametrize(
    ("text", "most", "words", "letters"),
    [
        ("Wells for villages", 12, "Wells for", "Wells for v…"),
        ("Wells", 5, "Wells", "Wells"),
        ("Sedimentation", 5, "Sedim", "Sedi…"),
        ("น้ำผึ้งป่า", 5, "น้ำ", "น้ำ…"),
        ("น้ำผึ้งป่า", 2, "น", "น…"),
        ("हिन्दी", 4, "हि", "हि…"),
        ("การแพทย์", 4, "การ", "การ…"),
    ],
)
def test_a_text_is_cut_between_letters_that_are_whole(text: str, most: int, words: str, letters: str) -> None:
    """Words are kept whole where a blank is in reach; a vowel above, below or before stays with its consonant."""
    assert (begun(text, most), cut(text, most)) == (words, letters)
