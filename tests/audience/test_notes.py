"""What teams write about somebody who has left, in whole sentences."""

from __future__ import annotations

import pytest

from newsletter.audience.notes import speaks_of_leaving


@pytest.mark.parametrize("before", ["", "Met at the forum in Tripoli; moved to Vienna since. " * 20])
def test_a_sentence_about_leaving_is_found_in_short_and_long_notes(before: str) -> None:
    """However much is written before it."""
    assert speaks_of_leaving(f"{before}Please remove her from the list.")
    assert not speaks_of_leaving(f"{before}Works on labour migration.")
