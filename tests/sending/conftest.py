"""What the tests of sending share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.store import Database
from tests.sending import making as make
from tests.sending.book import Book
from tests.sending.resend_server import ResendServer, running


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Give a started mailing."""
    with make.database(tmp_path) as database:
        yield Book(database)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with 100 readers."""
    with make.database(tmp_path) as opened:
        make.subscribe(opened, make.addresses(100))
        yield opened


@pytest.fixture
def server() -> Iterator[ResendServer]:
    """Give a mail API."""
    with running() as started:
        yield started
