"""What people are told while a provider keeps failing."""

from __future__ import annotations

import datetime as dt
import re
import socket
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from newsletter import sending
from newsletter.errors import AuthenticationError, ProviderError, Refused
from newsletter.model.mailing import Totals
from newsletter.sending import Patience, judging
from newsletter.sending.pacing import postpone
from newsletter.sending.providers.contract import WireResponse
from newsletter.sending.providers.resend import Resend
from newsletter.sending.providers.smtp import CAPABILITIES as SMTP
from newsletter.sending.providers.smtp import Smtp
from newsletter.sending.troubles import Troubles, told
from newsletter.store import Database, schema
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import ResendServer
from tests.sending.smtp_server import SmtpServer
from tests.sending.test_controls import now, resend, start


def test_the_same_is_not_told_again_and_again() -> None:
    """At once the first time; what `status` says is renewed with each try."""
    told: list[str] = []
    troubles = Troubles("calls to main fail", told.append)
    now = dt.datetime(2024, 7, 28, 7, 0, tzinfo=dt.UTC)
    assert troubles.unsaved() is None
    for wait in (1, 2, 120):
        troubles.happened("busy", wait, now)
        assert troubles.unsaved() == (
            f"calls to main fail: busy; tried again from {now + dt.timedelta(seconds=wait):%H:%M:%S} UTC on"
        )
    assert told == ["calls to main fail: busy; trying again in a second"]
    assert troubles.unsaved() is None
    troubles.over()
    assert troubles.unsaved() == ""
    troubles.over()
    assert troubles.unsaved() is None


def test_times_are_told_in_the_newsletters_zone() -> None:
    """And the zone is named, across a change of clocks."""
    troubles = Troubles("calls to main fail", None, ZoneInfo("Europe/Vienna"))
    troubles.happened("busy", 60, dt.datetime(2024, 3, 31, 0, 59, 30, tzinfo=dt.UTC))
    assert troubles.unsaved() == "calls to main fail: busy; tried again from 03:00:30 Europe/Vienna on"


def test_words_are_shortened_and_hold_no_addresses() -> None:
    """Whatever a provider says."""
    told: list[str] = []
    now = dt.datetime(2024, 7, 28, 7, 0, tzinfo=dt.UTC)
    Troubles("calls to main fail", told.append).happened("ana@example.org " + "x" * 500, 240, now)
    assert told == [f"calls to main fail: … {'x' * 198}…; trying again in 4 minutes"]


def test_why_nothing_goes_on_is_known_while_it_lasts(database: Database, server: ResendServer) -> None:
    """Told at once, kept for `status` in the provider's words, and forgotten when it works again."""
    server.fault = lambda number: "500 before" if number in {2, 3} else None
    told: list[str] = []
    reasons: list[str] = []

    def progress(_totals: Totals) -> None:
        reasons.append(sending.status(database, "2024-07").mailing.reason)

    provider = resend(server, in_flight=1)
    patience = Patience(first=1.0, longest=1.0)
    mailing, zone = start(database, provider), ZoneInfo("Asia/Bishkek")
    sending.deliver(database, mailing, provider, patience=patience, tell=told.append, progress=progress, zone=zone)
    assert told == ["calls to main fail: An unexpected error occurred; trying again in a second"]
    kept = re.compile(r"calls to main fail: An unexpected error occurred; tried again from [\d:]{8} Asia/Bishkek on")
    assert any(kept.fullmatch(one) for one in reasons)
    assert sending.status(database, "2024-07").mailing.reason == ""
    assert set(server.accepted.values()) == {1}


def test_refusals_that_are_not_believed_yet_are_told(database: Database) -> None:
    """A server that wants a password says so of each recipient, and it takes minutes until the mailing pauses."""
    reason = "554 5.7.1 <reader0000@example.org>: Recipient address rejected: Access denied"
    refusing = SmtpServer(refused=dict.fromkeys(make.addresses(100), reason))
    told: list[str] = []
    with serving(refusing):
        provider = Smtp("main", refusing.url, "never", capabilities=replace(SMTP, in_flight=1))
        patience = Patience(first=0.01, longest=0.02, refused=4, refused_later=10)
        with pytest.raises(ProviderError, match="refuses one message after the other"):
            sending.deliver(database, start(database, provider), provider, patience=patience, tell=told.append)
    assert told == [
        "calls to main fail: 554 5.7.1 <…>: Recipient address rejected: Access denied; trying again in a second"
    ]
    with database.reading() as connection:
        assert connection.scalar(select(func.sum(schema.batches.c.attempts))) == 4


def test_calls_that_fail_together_count_once(database: Database) -> None:
    """A server that is being started again refuses all at once: that is one failure, not as many as there are calls."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    able = replace(SMTP, in_flight=10, max_recipients=2)
    provider = Smtp("main", f"smtp://127.0.0.1:{port}", "never", capabilities=able)
    patience, mailing, began = Patience(first=0.4, longest=0.4, failures=8), start(database, provider), time.monotonic()
    with pytest.raises(ProviderError, match="the provider does not take our calls"):
        sending.deliver(database, mailing, provider, patience=patience)
    assert time.monotonic() - began > 7 * 0.2, "seven waits, of at least half as long as they may be"


def test_a_short_pause_that_a_provider_asks_for_is_nothing_unusual(database: Database, server: ResendServer) -> None:
    """One answer that we call too often is part of any mailing; a second one in a row is told."""
    server.fault = lambda number: "429" if number == 2 else None
    told: list[str] = []
    provider = resend(server, in_flight=1)
    sending.deliver(
        database, start(database, provider), provider, patience=Patience(first=0.01, longest=0.01), tell=told.append
    )
    assert told == []


def test_nobody_listening_is_told_before_the_mailing_pauses(database: Database, server: ResendServer) -> None:
    """Once for all tries."""
    told: list[str] = []
    provider = replace(resend(server), base_url="http://127.0.0.1:9")
    with pytest.raises(ProviderError):
        sending.deliver(
            database,
            start(database, provider),
            provider,
            patience=Patience(first=0.01, longest=0.01, failures=5),
            tell=told.append,
        )
    assert [words.partition(";")[0] for words in told] == [
        "calls to main fail: 127.0.0.1 could not be reached: All connection attempts failed"
    ]


def test_a_sentence_with_a_full_stop_and_its_reason_are_one_line() -> None:
    """Providers end theirs with one; `status` shows both."""
    assert told(AuthenticationError("Mailjet refused the keys: no such key.", why="its error is mj-0015")) == (
        "Mailjet refused the keys: no such key: its error is mj-0015"
    )


@pytest.fixture
def easily_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make pauses of half a second worth a word."""
    monkeypatch.setattr(judging, "_WORTH_A_WORD", 0.5)


@pytest.mark.usefixtures("easily_told")
def test_a_pause_that_lasts_longer_than_a_run_is_told_by_the_next(database: Database, server: ResendServer) -> None:
    """Whoever goes on waits for it in its turn, and says so."""
    provider = resend(server, in_flight=1, calls_per_second=100.0)
    mailing = start(database, provider)
    postpone(database, "main", 3, now())
    told: list[str] = []
    sending.deliver(database, mailing, provider, tell=told.append)
    (words,) = told
    assert re.fullmatch("main has asked for a pause, or others call it; trying again in (a second|[23] seconds)", words)
    assert sending.status(database, "2024-07").mailing.reason == ""


@pytest.mark.usefixtures("easily_told")
def test_a_pause_is_not_over_because_a_call_beside_it_went_well(database: Database, server: ResendServer) -> None:
    """What `status` says lasts as long as the wait."""
    # The slow call begins first and is answered while the other's pause lasts.
    server.fault = lambda number: "429" if number == 2 else None
    slow = iter([0.5])
    server.latency = lambda: next(slow, 0.0)
    seen: list[tuple[int, str]] = []

    def progress(totals: Totals) -> None:
        seen.append((totals.accepted, sending.status(database, "2024-07").mailing.reason))

    class Slow(Resend):
        def throttle(self, response: WireResponse, now: dt.datetime) -> float:
            return 4.0 if response.status == 429 else 0.0

    given = resend(server, in_flight=2)
    provider = Slow("main", given.base_url, given.api_key, given.capabilities)
    sending.deliver(database, start(database, provider), provider, progress=progress)
    assert len([reason for accepted, reason in seen if accepted == 10 and "Too many requests" in reason]) > 1
    assert sending.status(database, "2024-07").mailing.reason == ""


def test_a_quota_that_is_used_up_is_told(database: Database, server: ResendServer) -> None:
    """With when it goes on; kept for `status` as well."""
    provider = resend(server, in_flight=1, recipients_per_day=30)
    mailing = start(database, provider)
    told: list[str] = []
    kept = "the quota of main, 30 people in 24 hours, has no room for the next 10; tried again from "
    patience_ends = time.monotonic() + 30
    reasons: list[str] = []

    def progress(_totals: Totals) -> None:
        reasons.append(sending.status(database, "2024-07").mailing.reason)
        if reasons[-1].startswith(kept) or time.monotonic() > patience_ends:
            sending.stop(database, mailing.id, "enough", now())

    with pytest.raises(Refused):
        sending.deliver(database, mailing, provider, tell=told.append, progress=progress)
    assert told == ["the quota of main, 30 people in 24 hours, has no room for the next 10; trying again in 24 hours"]
    assert any(one.startswith(kept) for one in reasons)
