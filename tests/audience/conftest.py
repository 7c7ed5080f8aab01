"""A workspace with two lists, and its database: SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.config import Workspace
from newsletter.store import Database
from tests import factories as make
from tests.databases import open_ready

LISTS = {"monthly": {"title": "Monthly newsletter"}, "events": {"title": "Events"}}


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Workspace:
    """A workspace whose database is new."""
    if request.param == "sqlite":
        return make.workspace(tmp_path, lists=LISTS)
    return make.workspace(tmp_path, lists=LISTS, database=request.getfixturevalue("postgresql_address"))


@pytest.fixture
def database(workspace: Workspace) -> Iterator[Database]:
    """The workspace's database, open."""
    with open_ready(workspace) as opened:
        yield opened
