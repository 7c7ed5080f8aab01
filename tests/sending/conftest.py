"""What the tests of sending share."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from newsletter.store import Database
from tests.sending import making as make
from tests.sending.book import Book
from tests.sending.mail_server import serving
from tests.sending.resend_server import ResendServer


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


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database with 100 readers, of each kind in turn."""
    settings: dict[str, Any] = {}
    if request.param == "postgresql":
        settings["database"] = request.getfixturevalue("postgresql_address")
    with make.database(tmp_path, **settings) as opened:
        make.subscribe(opened, make.addresses(100))
        yield opened


@pytest.fixture
def server() -> Iterator[ResendServer]:
    """Give a mail API."""
    with serving(ResendServer()) as started:
        yield started


@pytest.fixture
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Give a server's certificate, whose issuer is known here."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context
