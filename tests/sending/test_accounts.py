"""A provider's account that is another one when a mailing goes on: what that one says proves nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from newsletter import sending
from newsletter.errors import AuthenticationError, PartlyAccepted
from newsletter.model.mailing import Totals
from newsletter.sending.providers.mailgun import CAPABILITIES, Mailgun
from newsletter.sending.providers.sendgrid import CAPABILITIES as SENDGRID
from newsletter.sending.providers.sendgrid import SendGrid
from newsletter.store import Database
from tests.sending import mailgun_server, resend_server, sendgrid_server
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.test_controls import QUICK, deliver, resend, start

ABLE = replace(CAPABILITIES, settle=dt.timedelta(), max_recipients=10, in_flight=1)


def test_a_call_is_not_made_again_to_another_account(database: Database) -> None:
    """It does not know the key of the first call, so everybody would get a second message; the former one tells."""
    with serving(resend_server.ResendServer()) as former, serving(resend_server.ResendServer()) as other:
        provider = resend(former, in_flight=1)
        former.fault = {1: "reset after", 2: "401"}.get
        with pytest.raises(AuthenticationError):
            deliver(database, start(database, provider), provider)
        assert sending.status(database, "2024-07").totals == Totals(pending=90, unknown=10)
        with pytest.raises(PartlyAccepted):
            deliver(database, sending.resume(database, "2024-07"), resend(other))
        assert sending.status(database, "2024-07").totals == Totals(accepted=90, unknown=10)
        assert former.accepted.keys() | other.accepted.keys() == set(make.addresses(100))
        assert not former.accepted.keys() & other.accepted.keys()
        (doubt,) = sending.doubts(database, 1)
        assert (doubt.held, doubt.detail) == (
            True,
            "the provider's account is another now, and that one cannot tell what the former one took",
        )
        former.fault = lambda _number: None
        assert sending.reopen(database, 1, resend=False) == 1
        mailing = sending.unfinished(database, "2024-07")
        assert sending.reconcile(database, mailing, provider, patience=QUICK) == Totals(accepted=100)
        assert set(former.accepted.values()) == {1}


@pytest.mark.parametrize(
    ("setting", "value", "totals"),
    [
        ("domain", "other.example.org", Totals(accepted=90, unknown=10)),
        ("api_key", "another", Totals(accepted=100)),
    ],
)
def test_a_search_elsewhere_proves_nothing(
    setting: str, value: str, totals: Totals, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another domain holds those in doubt; another key of the same one asks as well as the first."""
    with serving(mailgun_server.MailgunServer()) as server:
        provider = Mailgun("main", server.url, mailgun_server.DOMAIN, mailgun_server.API_KEY, capabilities=ABLE)
        server.fault = {1: "reset after", 2: "401"}.get
        server.search_fault = lambda _number: "401"
        with pytest.raises(AuthenticationError):
            deliver(database, start(database, provider), provider)
        server.fault = server.search_fault = lambda _number: None
        monkeypatch.setattr(mailgun_server, {"domain": "DOMAIN", "api_key": "API_KEY"}[setting], value)
        elsewhere: dict[str, Any] = {setting: value}
        changed = replace(provider, **elsewhere)
        mailing = sending.resume(database, "2024-07")
        if totals.unknown:
            with pytest.raises(PartlyAccepted):
                deliver(database, mailing, changed)
        else:
            deliver(database, mailing, changed)
        assert sending.status(database, "2024-07").totals == totals
        assert server.accepted == dict.fromkeys(make.addresses(100), 1)


def test_another_kind_under_the_same_name_is_not_asked(database: Database) -> None:
    """What went through a provider that cannot be asked was never heard of by one that can, and is not sent again."""
    with serving(sendgrid_server.SendGridServer()) as former, serving(mailgun_server.MailgunServer()) as other:
        able = replace(SENDGRID, max_recipients=10, in_flight=1)
        sendgrid = SendGrid("main", former.url, sendgrid_server.API_KEY, capabilities=able)
        former.fault = {1: "reset after"}.get
        with pytest.raises(PartlyAccepted):
            deliver(database, start(database, sendgrid), sendgrid)
        assert sending.reopen(database, 1, resend=False) == 1
        mailgun = Mailgun("main", other.url, mailgun_server.DOMAIN, mailgun_server.API_KEY, capabilities=ABLE)
        mailing = sending.unfinished(database, "2024-07")
        assert sending.reconcile(database, mailing, mailgun, patience=QUICK) == Totals(accepted=90, unknown=10)
        assert set(former.accepted.values()) == {1}
