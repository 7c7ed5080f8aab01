"""Databases for all tests: SQLite in the test's folder, and a real PostgreSQL started once for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests import postgresql


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server; skips loudly where none can be had."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(postgresql.server(tmp_path_factory.mktemp("postgresql")))
        except Exception as error:
            pytest.skip(f"NO POSTGRESQL ON THIS MACHINE ({error}): name one in {postgresql.VARIABLE}")
        yield address


@pytest.fixture
def postgresql_address(postgresql_server: str) -> Iterator[str]:
    """The address of a new, empty database."""
    with postgresql.new_database(postgresql_server) as address:
        yield address
