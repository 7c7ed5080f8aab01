"""Databases for all tests: SQLite in the test's folder, and a real PostgreSQL started once for the whole run."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from sqlalchemy import make_url

from newsletter.store import open_database
from tests import factories, postgresql

# How long an example takes says more of the machine than of the product.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")
# What `init` begins with is in the computer's time zone, and UTC is that of no office.
os.environ["TZ"] = "UTC"
_MEMORY = Path("/dev/shm")
"""A folder without a disk, where a system has one."""
_ROOM = 4 * 2**30
"""Bytes that several test runs never need, though the server of each may keep a gigabyte of its log."""


def _has_room() -> bool:
    return _MEMORY.is_dir() and disk_usage(_MEMORY).free >= _ROOM


def _keep_files_in_memory() -> None:
    """Let temporary files be where no disk is waited for, unless somebody has said where, or no program may run there.

    Thousands of tests commit to a database each; on a busy machine half of their time was the disk's.
    """
    if "TMPDIR" not in os.environ and _has_room() and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


_keep_files_in_memory()


def pytest_collection_finish() -> None:
    """Keep the garbage collector off what stays to the end: it took a sixth of the time to look it all over again.

    It does so rarely with the rest as well: what few tests leave to it does not fill the memory.
    """
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, 100)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server; skips loudly where none can be had."""
    with ExitStack() as stack:
        try:
            # Not below pytest's own folder, which other runs of pytest at the same time tidy up.
            folder = stack.enter_context(
                TemporaryDirectory(
                    # Disks take up to thirty times as long to copy a database.
                    prefix="newsletter-",
                    dir=_MEMORY if _has_room() else None,
                    ignore_cleanup_errors=True,
                )
            )
            address = stack.enter_context(postgresql.server(Path(folder), durable=False))
        except Exception as error:
            pytest.skip(f"NO POSTGRESQL ON THIS MACHINE ({error}): name one in {postgresql.VARIABLE}")
        yield address


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: str) -> Iterator[str]:
    """The name of a database with its tables, to be copied: it takes a quarter of the time that migrations take."""
    with postgresql.new_database(postgresql_server) as address:
        open_database(factories.workspace(Path(), database=address)).close()
        yield str(make_url(address).database)


@pytest.fixture
def postgresql_address(postgresql_server: str, postgresql_tables: str) -> Iterator[str]:
    """The address of a new database, whose tables are ready and empty."""
    with postgresql.new_database(postgresql_server, postgresql_tables) as address:
        yield address
