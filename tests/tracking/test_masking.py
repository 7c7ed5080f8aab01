"""What is kept of a provider's words, and how long it takes to mask them."""

from __future__ import annotations

import time

from newsletter.tracking.masking import MASK, impersonal


def test_a_long_word_without_an_address_takes_no_time() -> None:
    """Such as an attachment in an event of an unknown kind; meanwhile nobody else could write to the database."""
    begun = time.thread_time()
    kept = impersonal({"about": "anna@example.org wrote", "content": "x" * 100_000})
    assert time.thread_time() - begun < 2
    assert "anna" not in kept
    assert impersonal("see /?to=anna%40example.org") == impersonal(f"see {MASK}")


def test_what_stands_in_quotation_marks_before_the_at_is_part_of_the_address() -> None:
    """It may have spaces, and then it is the name of somebody."""
    shown = impersonal({"note": 'to "Anna Berg"@example.org or "nobody", at noon'})
    assert shown == r'{"note":"to \u2026 or \"nobody\", at noon"}'
