"""Mail servers that encrypt and ask for a password, and those that do not as they should."""

from __future__ import annotations

import gc
import ssl
import warnings

import pytest

from newsletter import sending
from newsletter.errors import AuthenticationError, ConfigurationError
from newsletter.model.mailing import Mailing, Totals
from newsletter.sending.providers.contract import (
    Accepted,
    NotTaken,
)
from newsletter.sending.providers.smtp import Smtp
from newsletter.store import Database
from tests.sending.mail_server import serving
from tests.sending.smtp_server import PASSWORD, USERNAME, SmtpServer
from tests.sending.test_controls import QUICK, start
from tests.sending.test_smtp import BATCH
from tests.sending.test_smtp_connections import kinds, provider, sent


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])
def test_encrypted_and_logged_in(trust: ssl.SSLContext, implicit: bool) -> None:
    """By STARTTLS, or from the first byte."""
    server = SmtpServer(trust=trust, implicit=implicit, needs_login=True)
    with serving(server):
        smtp = provider(server, tls="implicit" if implicit else "required", username=USERNAME, password=PASSWORD)
        (verdict,) = sent(smtp, BATCH)
    assert kinds(verdict) == [Accepted] * 3


def test_who_encrypts_nothing_reads_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """To read those of the computer takes longer than to be connected."""
    monkeypatch.delattr(ssl, "create_default_context")
    with serving(SmtpServer()) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Accepted] * 3


def test_a_server_that_takes_no_password_in_the_clear_stops() -> None:
    """That is no fault of the password, and nobody looks for one there."""
    with serving(SmtpServer(login_needs_tls=True)) as server:
        (verdict,) = sent(provider(server, username=USERNAME, password=PASSWORD), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert type(verdict.stop) is ConfigurationError
    assert "takes no password here" in str(verdict.stop)


def test_a_wrong_password_stops(trust: ssl.SSLContext) -> None:
    """Nobody was sent to, and the password is not repeated."""
    with serving(SmtpServer(trust=trust, needs_login=True)) as server:
        (verdict,) = sent(provider(server, tls="required", username=USERNAME, password="wrong-word"), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert type(verdict.stop) is AuthenticationError
    assert "wrong-word" not in f"{verdict}{verdict.stop}"


def test_a_wrong_password_is_tried_once(database: Database) -> None:
    """However many connections there are at a time: mail servers shut out for hours whoever is wrong too often."""
    with serving(SmtpServer(needs_login=True)) as server:
        smtp = provider(server, username=USERNAME, password="wrong-word")
        for times in (1, 2):
            with pytest.raises(AuthenticationError):
                sending.deliver(database, mailing(database, smtp), smtp, patience=QUICK)
            assert server.wrong_passwords == times
        right = provider(server, username=USERNAME, password=PASSWORD)
        assert sending.deliver(database, mailing(database, smtp), right, patience=QUICK) == Totals(accepted=100)


def mailing(database: Database, smtp: Smtp) -> Mailing:
    """Return the mailing to go on with, which begins the first time."""
    return sending.resume(database, "2024-07") if sending.all_mailings(database) else start(database, smtp)


def test_no_connection_outlives_a_run(trust: ssl.SSLContext) -> None:
    """An encrypted one that waits for the server's farewell would stay open after the last message."""
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        for password in (PASSWORD, "wrong-word") * 5:
            with serving(SmtpServer(trust=trust, needs_login=True)) as server:
                sent(provider(server, tls="required", username=USERNAME, password=password), BATCH)
            gc.collect()
    assert [str(one.message) for one in left if issubclass(one.category, ResourceWarning)] == []


def test_an_unknown_issuer_stops(trust: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody could be standing in between."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with serving(SmtpServer(trust=trust)) as server:
        (verdict,) = sent(provider(server, tls="required"), BATCH)
    assert type(verdict.stop) is ConfigurationError
    assert "cannot prove who it is" in str(verdict.stop)


def test_no_encryption_where_it_is_required_stops() -> None:
    """Not one message goes out openly."""
    with serving(SmtpServer()) as server:
        (verdict,) = sent(provider(server, tls="required"), BATCH)
    assert type(verdict.stop) is ConfigurationError
    assert not server.accepted
