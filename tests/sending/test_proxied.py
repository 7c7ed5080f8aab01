"""Sending from an office that lets nothing out but through its proxy."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from newsletter import sending
from newsletter.config import Workspace
from newsletter.errors import NewsletterError
from newsletter.model.mailing import Totals
from newsletter.store import Database
from tests import factories
from tests.content.sources.proxy import Proxy, proxy
from tests.databases import open_ready
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import API_KEY, ResendServer
from tests.sending.test_controls import QUICK
from tests.sending.test_freezing import start

HOST = "api.example.org"
_KIND = f"{HOST} cannot be reached through a proxy of the kind"
_NO_ADDRESS = (
    f"{HOST} cannot be reached through the proxy of this computer: what the computer names as its proxy is no address"
)


@dataclass
class Secure(ResendServer):
    """The mail API behind TLS, by a certificate that the office has issued."""

    context: ssl.SSLContext | None = None

    def serve(self, connection: socket.socket) -> None:
        """Answer the calls of a connection."""
        assert self.context
        super().serve(self.context.wrap_socket(connection, server_side=True))


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Secure]:
    """Give a mail API whose name nobody here can resolve."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("NEWSLETTER_TEST_KEY", API_KEY)
    with serving(Secure(context=context)) as server:
        assert isinstance(server, Secure)
        yield server


@pytest.fixture
def office(api: Secure, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy that the system names, which leads to the mail API."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with proxy(int(api.url.rpartition(":")[2])) as found:
        monkeypatch.setenv("HTTPS_PROXY", found.address)
        yield found


def space(folder: Path, **settings: Any) -> Workspace:
    """Return a workspace that sends to the mail API."""
    provider = {"kind": "resend", "base_url": f"https://{HOST}", "api_key_env": "NEWSLETTER_TEST_KEY"}
    return factories.workspace(folder, providers={"main": provider}, provider="main", **settings)


def send(workspace: Workspace, database: Database) -> Totals:
    """Send the July issue to three readers."""
    make.subscribe(database, make.addresses(3))
    provider = sending.provider(workspace)
    mailing = start(database, provider=provider)
    return sending.deliver(database, mailing, provider, patience=QUICK)


def test_mailings_proofs_and_calls_go_through_the_proxy(tmp_path: Path, api: Secure, office: Proxy) -> None:
    """It finds the address of the name; the certificate is one that the office's computers trust."""
    workspace = space(tmp_path, proxy="system")
    with open_ready(workspace) as database:
        assert send(workspace, database) == Totals(accepted=3)
    sending.proof(sending.provider(workspace), make.edition(), make.ENVELOPE, ["ana@example.org"], now=make.NOW)
    assert api.accepted == dict.fromkeys([*make.addresses(3), "ana@example.org"], 1)
    assert set(office.asked) == {f"CONNECT {HOST}:443"}


def test_the_proxy_is_not_used_unasked(tmp_path: Path, api: Secure, office: Proxy) -> None:
    """Keys and addresses go the way that the settings say."""
    workspace = space(tmp_path)
    with open_ready(workspace) as database, pytest.raises(NewsletterError) as caught:
        send(workspace, database)
    assert caught.value.why.startswith(f"{HOST} could not be reached: ")
    assert (api.accepted, office.asked) == ({}, [])


def test_a_proxy_that_refuses_pauses_and_loses_nothing(tmp_path: Path, api: Secure, office: Proxy) -> None:
    """Nothing was handed over, so nobody is in doubt; when it lets through, everybody gets it once."""
    workspace = space(tmp_path, proxy="system")
    leads_to, office.leads_to = office.leads_to, 0
    with open_ready(workspace) as database:
        with pytest.raises(NewsletterError) as caught:
            send(workspace, database)
        assert caught.value.why == f"{HOST} could not be reached through the proxy of this computer: 403 Forbidden"
        assert sending.status(database, "2024-07").totals == Totals(pending=3)
        office.leads_to = leads_to
        mailing = sending.resume(database, "2024-07")
        assert sending.deliver(database, mailing, sending.provider(workspace), patience=QUICK) == Totals(accepted=3)
    assert api.accepted == dict.fromkeys(make.addresses(3), 1)


@pytest.mark.parametrize(
    ("proxy", "why"),
    [
        ("socks5://127.0.0.1:1080", f"{_KIND} socks5: newsletter knows http and https alone"),
        ("::::secret", _NO_ADDRESS),
        ("http://anna:secret@proxy:http", _NO_ADDRESS),
        ("http://[proxy", _NO_ADDRESS),
        ("http://", _NO_ADDRESS),
    ],
)
def test_a_proxy_of_no_use_is_told(
    tmp_path: Path, api: Secure, office: Proxy, monkeypatch: pytest.MonkeyPatch, proxy: str, why: str
) -> None:
    """Nobody is in doubt: no call is made that could not be."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    workspace = space(tmp_path, proxy="system")
    with open_ready(workspace) as database:
        with pytest.raises(NewsletterError) as caught:
            send(workspace, database)
        assert caught.value.why == why
        assert sending.status(database, "2024-07").totals == Totals(pending=3)
