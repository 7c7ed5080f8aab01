"""What the tests of sending share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sending import making as make
from tests.sending.book import Book


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Give a started mailing."""
    with make.database(tmp_path) as database:
        yield Book(database)
