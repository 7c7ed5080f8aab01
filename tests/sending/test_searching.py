"""Searches that a provider refuses, or that are due earlier than they were."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from newsletter import sending
from newsletter.errors import AuthenticationError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending.providers.mailgun import CAPABILITIES, Mailgun
from newsletter.store import Database
from tests.sending import mailgun_server
from tests.sending.mail_server import serving
from tests.sending.test_controls import QUICK, deliver, now, start


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_may_not_read_events_pauses_when_the_others_have_theirs(
    database: Database, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sending key: those of whom nobody can tell are not written to again, and the pause says what key is needed."""
    monkeypatch.setitem(mailgun_server.REFUSALS, "no events", (status, b"Forbidden"))
    with serving(mailgun_server.MailgunServer()) as server:
        able = replace(CAPABILITIES, settle=dt.timedelta(), max_recipients=10, in_flight=1)
        provider = Mailgun("main", server.url, mailgun_server.DOMAIN, mailgun_server.API_KEY, capabilities=able)
        server.fault = lambda number: "reset after" if number == 2 else None
        server.search_fault = lambda _number: "no events"
        told: list[str] = []
        mailing = start(database, provider)
        with pytest.raises(AuthenticationError) as caught:
            sending.deliver(database, mailing, provider, patience=QUICK, tell=told.append)
        words = f"Mailgun does not let this key read events: Mailgun answered {status}"
        assert caught.value.message == words
        assert "may read events" in caught.value.fix
        progress = sending.status(database, "2024-07")
        assert (progress.mailing.state, progress.totals) == (MailingState.PAUSED, Totals(accepted=90, unknown=10))
        assert progress.mailing.reason.startswith(words)
        assert [words in one for one in told].count(True) == 1
        server.search_fault = lambda _number: None
        assert deliver(database, sending.resume(database, "2024-07"), provider) == Totals(accepted=100)
        assert set(server.accepted.values()) == {1}
        assert len(server.accepted) == 100


def test_waits_that_are_written_follow_the_settings(database: Database) -> None:
    """`settle_minutes` made shorter after a call was lost holds for that call too, once the mailing goes on."""
    with serving(mailgun_server.MailgunServer()) as server:
        able = replace(CAPABILITIES, max_recipients=50, in_flight=1)
        careful = Mailgun("main", server.url, mailgun_server.DOMAIN, mailgun_server.API_KEY, capabilities=able)
        quick = replace(careful, capabilities=replace(able, settle=dt.timedelta()))
        server.fault = {1: "reset after", 2: "401"}.get
        with pytest.raises(AuthenticationError):
            deliver(database, start(database, careful), careful)
        assert sending.tells_at(database, 1, now()) is not None
        sending.date_searches(database, 1, quick.capabilities, now())
        assert sending.tells_at(database, 1, now()) is None
        sending.date_searches(database, 1, careful.capabilities, now())
        assert sending.tells_at(database, 1, now()) is not None
        server.fault = lambda _number: None
        assert deliver(database, sending.resume(database, "2024-07"), quick) == Totals(accepted=100)
        assert set(server.accepted.values()) == {1}
