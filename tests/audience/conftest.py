"""A workspace with two lists, and its database: SQLite, and a PostgreSQL server where one is named.

NEWSLETTER_TEST_POSTGRESQL is the address of a database on a server where databases may be made and dropped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from newsletter.config import Workspace
from newsletter.store import Database, open_database
from tests import factories as make

SERVER = os.environ.get("NEWSLETTER_TEST_POSTGRESQL")
LISTS = {"monthly": {"title": "Monthly newsletter"}, "events": {"title": "Events"}}


@pytest.fixture(params=["sqlite", "postgresql"] if SERVER else ["sqlite"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose database is new."""
    if request.param == "sqlite" or SERVER is None:
        yield make.workspace(tmp_path, lists=LISTS)
        return
    name = f"test_{uuid4().hex}"
    url = make_url(SERVER).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        address = url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        yield make.workspace(tmp_path, lists=LISTS, database=address)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def database(workspace: Workspace) -> Iterator[Database]:
    """The workspace's database, open."""
    with open_database(workspace) as opened:
        yield opened
