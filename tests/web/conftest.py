"""A service for readers; on SQLite, and on PostgreSQL where a server is named.

NEWSLETTER_TEST_POSTGRESQL is the address of a database on a server where databases may be made and dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import factories as make
from tests.databases import open_ready
from tests.web.readers import ARCHIVED, LISTS, World
from tests.web.sent import join

SERVER = os.environ.get("NEWSLETTER_TEST_POSTGRESQL")


@pytest.fixture(params=["sqlite", "postgresql"] if SERVER else ["sqlite"])
def own_database(request: pytest.FixtureRequest) -> str | None:
    """The address of a new database, none for a file."""
    return request.getfixturevalue("postgresql_address") if request.param == "postgresql" else None


@pytest.fixture
def world(own_database: str | None, tmp_path: Path) -> Iterator[World]:
    """A service, a visitor and a mailbox."""
    with opened(tmp_path, own_database, lists=LISTS) as world:
        yield world


@pytest.fixture
def archive(own_database: str | None, tmp_path: Path) -> Iterator[World]:
    """The same with an archive, and one reader on every list."""
    with opened(tmp_path, own_database, lists=ARCHIVED, readers={"languages": ["en", "de", "fr", "ar"]}) as world:
        join(world, "anna@example.org", "monthly", "events", "partners")
        yield world


@contextmanager
def opened(folder: Path, address: str | None, **settings: Any) -> Iterator[World]:
    """Give a world with some settings."""
    workspace = make.workspace(folder, **settings, **({"database": address} if address else {}))
    with open_ready(workspace) as database:
        yield World(workspace, database)
