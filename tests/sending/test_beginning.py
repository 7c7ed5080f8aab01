"""The moment for which a mailing is scheduled: it is kept by whoever waits, and told truly where nobody did."""

from __future__ import annotations

import datetime as dt
import time
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Event

import pytest

from newsletter import sending
from newsletter.errors import PartlyAccepted
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import Plan, ledger
from newsletter.sending.providers.outbox import Outbox
from newsletter.store import Database
from tests.sending import making as make
from tests.sending import resend_server
from tests.sending.mail_server import serving
from tests.sending.resend_server import ResendServer
from tests.sending.test_controls import QUICK, meanwhile, now, resend, start, state
from tests.waiting import until


@pytest.fixture
def database(either_database: Database) -> Database:
    """Give a database with 100 readers, of either kind."""
    return either_database


def test_a_moment_that_has_passed_is_no_promise(database: Database, server: ResendServer) -> None:
    """Nobody was there to send it."""
    moment = dt.datetime(2031, 1, 5, 9, tzinfo=dt.UTC)
    start(database, resend(server), Plan(begins_at=moment))
    found, second = sending.status(database, "2024-07"), dt.timedelta(seconds=1)
    runs = "newsletter worker or newsletter resume 2024-07 runs"
    before, _ = sending.advise(found, dt.UTC, moment - second)
    after, _ = sending.advise(found, dt.UTC, moment + second)
    assert before == f"it leaves on Sunday 5 January 2031, 09:00 UTC, where {runs} then"
    assert after == f"it was to leave on Sunday 5 January 2031, 09:00 UTC; it leaves as soon as {runs}"


@pytest.mark.parametrize(
    ("late", "dated"),
    [(dt.timedelta(minutes=30), dt.timedelta()), (dt.timedelta(hours=22), dt.timedelta(hours=22))],
)
@pytest.mark.parametrize("hours", [13, None])
def test_messages_are_dated_by_the_moment_at_which_they_begin_to_leave(
    database: Database, tmp_path: Path, hours: int | None, late: dt.timedelta, dated: dt.timedelta
) -> None:
    """Mail programs sort by the date, and filters think ill of one that lies a day back.

    That is the moment for which they were scheduled, unless nobody was there to send them until long after it.
    """
    began = dt.datetime(2024, 7, 31, 16, tzinfo=dt.UTC)
    moment = began + dt.timedelta(hours=hours or 0)
    outbox = Outbox("outbox", tmp_path / "out")
    mailing = make.start(database, outbox, now=began, plan=Plan(begins_at=moment if hours else None))
    sending.deliver(database, mailing, outbox, patience=QUICK, now=lambda: moment + late)
    dates = {message_from_bytes(file.read_bytes())["Date"] for file in (tmp_path / "out").rglob("*.eml")}
    assert [parsedate_to_datetime(date) for date in dates] == [moment + dated]


def test_what_has_begun_to_leave_keeps_its_date(database: Database, tmp_path: Path) -> None:
    """A call is repeated with the same bytes or not at all."""
    moment = dt.datetime(2024, 8, 1, 5, tzinfo=dt.UTC)
    outbox = Outbox("outbox", tmp_path / "out")
    mailing = make.start(database, outbox, now=moment)
    sending.deliver(database, mailing, outbox, patience=QUICK, now=lambda: moment)
    ledger.date_anew(database, mailing.id, moment + dt.timedelta(days=2))
    assert sending.status(database, "2024-07").mailing.leaves_at == moment


def test_what_missed_its_moment_by_more_than_a_day_waits_for_a_persons_word(database: Database, tmp_path: Path) -> None:
    """What it invites to may be over; and the word of a person is enough."""
    moment = dt.datetime(2024, 7, 31, 9, tzinfo=dt.UTC)
    later = moment + dt.timedelta(days=2)
    outbox = Outbox("outbox", tmp_path / "out")
    mailing = make.start(database, outbox, now=moment - dt.timedelta(hours=1), plan=Plan(begins_at=moment))
    missed = "it was to leave on Wednesday 31 July 2024, 09:00 UTC"
    advice = sending.advise(sending.status(database, "2024-07"), dt.UTC, later)
    assert advice == (f"{missed}; send it now with", "newsletter resume 2024-07")
    with pytest.raises(PartlyAccepted) as caught:
        sending.deliver(database, mailing, outbox, patience=QUICK, now=lambda: later)
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "the mailing of issue 2024-07 is paused after 0 of 100",
        f"{missed}, when nothing ran that sends it; so late it goes by your word alone",
        "go on with: newsletter resume 2024-07",
    )
    assert state(database) == (MailingState.PAUSED, Totals(pending=100))
    sending.deliver(database, sending.resume(database, "2024-07", now=lambda: later), outbox, now=lambda: later)
    dates = {message_from_bytes(file.read_bytes())["Date"] for file in (tmp_path / "out").rglob("*.eml")}
    assert [parsedate_to_datetime(date) for date in dates] == [later]


def test_a_computer_that_slept_past_the_moment_sends_when_it_wakes(database: Database, server: ResendServer) -> None:
    """Its clock on the wall has gone on meanwhile, and the one that programs wait by has not."""
    slept = [dt.timedelta()]
    mailing = start(database, resend(server), Plan(begins_at=now() + dt.timedelta(hours=1)))
    end = meanwhile(
        lambda: sending.deliver(database, mailing, resend(server), patience=QUICK, now=lambda: now() + slept[0])
    )
    time.sleep(0.7)
    assert server.calls == []
    slept[0] = dt.timedelta(hours=2)
    assert end() is None
    assert state(database) == (MailingState.SENT, Totals(accepted=100))


def test_whoever_lost_the_server_while_waiting_sends_in_a_lane_again(postgresql_address: str, tmp_path: Path) -> None:
    """Beside another sender in the same lane, each would take the other's calls for those of a dead one."""
    ours = "FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 7305805"
    looked, passed = Event(), [dt.timedelta()]
    with (
        make.database(tmp_path, database=postgresql_address) as database,
        serving(resend_server.ResendServer(latency=lambda: float(looked.wait(30)) * 0)) as server,
    ):
        make.subscribe(database, make.addresses(100))
        mailing = start(database, resend(server), Plan(begins_at=now() + dt.timedelta(hours=1)))
        end = meanwhile(
            lambda: sending.deliver(database, mailing, resend(server), patience=QUICK, now=lambda: now() + passed[0])
        )
        until(lambda: sending.attended(database, mailing))
        with database.writing() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {ours}")
        passed[0] = dt.timedelta(hours=2)
        until(lambda: server.calls)
        assert sending.attended(database, mailing)
        looked.set()
        assert end() is None
        assert state(database) == (MailingState.SENT, Totals(accepted=100))
