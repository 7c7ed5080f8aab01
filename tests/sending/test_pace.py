"""How fast a mailing goes, told from what was done lately."""

from __future__ import annotations

import pytest

from newsletter import sending
from tests.sending.book import Book, good


def pace(book: Book, after: float) -> float | None:
    """Return people a minute, some seconds after the start."""
    return sending.pace(book.database, book.mailing.id, book.at(after))


def test_a_pace_is_that_of_the_last_minutes(book: Book) -> None:
    """What was done before is not asked; while too little can be told, nothing is said."""
    assert pace(book, 60) is None
    first = book.claimed(after=0)
    book.record(first, good(first), after=5)
    assert pace(book, 5) is None
    assert pace(book, 30) == 4.0
    second = book.claimed(after=400)
    assert pace(book, 410) is None
    book.record(second, good(second), after=420)
    assert pace(book, 460) == pytest.approx(4.0)
    assert pace(book, 800) is None


def test_another_mailings_calls_do_not_count(book: Book) -> None:
    """Two newsletters may go out at once."""
    claim = book.claimed()
    book.record(claim, good(claim), after=5)
    assert sending.pace(book.database, book.mailing.id + 1, book.at(30)) is None
