"""What people may do to a mailing: schedule, hold, pause, stop, send to the first, send to the rest."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.errors import AuthenticationError, PartlyAccepted, Refused
from newsletter.model.mailing import Mailing, MailingState, OnUnknown, Totals
from newsletter.sending import Patience, Plan, ledger, pacing
from newsletter.sending.ledger import quota
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.providers.resend import CAPABILITIES, Resend
from newsletter.store import Database, schema, stored
from tests.sending import mailgun_server
from tests.sending import making as make
from tests.sending.book import ABLE, Book
from tests.sending.mail_server import serving
from tests.sending.resend_server import API_KEY, ResendServer
from tests.waiting import until

QUICK = Patience(first=0.01, longest=0.05, failures=5)
UNPACED = replace(CAPABILITIES, max_recipients=10, in_flight=2, calls_per_second=None)


@pytest.fixture
def database(either_database: Database) -> Database:
    """Give a database with 100 readers, of either kind."""
    return either_database


def resend(server: ResendServer, **capabilities: Any) -> Resend:
    """Return the provider of that server."""
    return Resend("main", server.url, API_KEY, replace(UNPACED, **capabilities))


def now() -> dt.datetime:
    """Return the present moment."""
    return dt.datetime.now(dt.UTC)


def start(database: Database, provider: Any, plan: Plan = sending.AT_ONCE, *, issue: str = "2024-07") -> Mailing:
    """Start an issue."""
    return make.start(database, provider, issue=issue, now=now(), plan=plan)


def deliver(database: Database, mailing: Mailing, provider: Any) -> Totals:
    """Send it."""
    return sending.deliver(database, mailing, provider, patience=QUICK)


def state(database: Database, issue: str = "2024-07") -> tuple[MailingState, Totals]:
    """Return how an issue stands."""
    progress = sending.status(database, issue)
    return progress.mailing.state, progress.totals


def meanwhile(work: Callable[[], object]) -> Callable[[], BaseException | None]:
    """Do something in a thread; return a function that waits for its end and gives what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def end() -> BaseException | None:
        thread.join(30)
        assert not thread.is_alive()
        return raised[0] if raised else None

    return end


def test_nothing_leaves_before_its_moment(database: Database, server: ResendServer) -> None:
    """A scheduled mailing waits, and then goes to everybody who is still willing."""
    begins_at = now() + dt.timedelta(seconds=1.5)
    mailing = start(database, resend(server), Plan(begins_at=begins_at))
    assert state(database) == (MailingState.SCHEDULED, Totals(pending=100))
    end = meanwhile(lambda: deliver(database, mailing, resend(server)))
    time.sleep(0.7)
    assert server.calls == []
    assert end() is None
    assert now() >= begins_at
    assert state(database) == (MailingState.SENT, Totals(accepted=100))


def test_who_stops_it_while_it_is_held_has_sent_nothing(database: Database, server: ResendServer) -> None:
    """The waiting sender ends at once, and the issue can be mended and sent again."""
    mailing = start(database, resend(server), Plan(begins_at=now() + dt.timedelta(seconds=60)))
    end = meanwhile(lambda: deliver(database, mailing, resend(server)))
    time.sleep(0.3)
    stopped, totals = sending.stop(database, mailing.id, "stopped by Ana", now())
    error = end()
    assert isinstance(error, Refused)
    assert (error.message, error.why, error.fix) == (
        "the mailing of issue 2024-07 was stopped; nothing has left",
        "stopped by Ana",
        "mend what was wrong, then send it again with: newsletter send 2024-07",
    )
    assert (stopped.state, totals, server.calls) == (MailingState.STOPPED, Totals(pending=100), [])
    again = start(database, resend(server))
    assert again.round == 2
    assert deliver(database, again, resend(server)) == Totals(accepted=100)


@pytest.mark.parametrize(
    ("early", "wanted"), [(-1, MailingState.SENDING), (0, MailingState.SENDING), (1, MailingState.SCHEDULED)]
)
def test_a_pause_does_not_let_a_mailing_leave_before_its_moment(
    database: Database, server: ResendServer, early: int, wanted: MailingState
) -> None:
    """Whoever lets it go on lets it wait as before."""
    moment = make.NOW + dt.timedelta(hours=1)
    mailing = start(database, resend(server), Plan(begins_at=moment))
    ledger.pause(database, mailing.id, "by a person")
    assert ledger.go_on(database, mailing.id, moment - dt.timedelta(seconds=early)).state is wanted


def test_nobody_but_the_provider_that_was_called_can_be_asked(database: Database, server: ResendServer) -> None:
    """Another would know of nobody, and all would be written to again."""
    mailing = start(database, resend(server))
    other = replace(resend(server), name="other")
    with pytest.raises(Refused, match="started with the provider 'main'"):
        sending.reconcile(database, mailing, other)
    assert server.searches == 0


def test_a_pause_ends_the_calls_and_loses_nobody(database: Database, server: ResendServer) -> None:
    """Calls under way are recorded; the rest waits until somebody resumes."""
    server.latency = lambda: 0.1
    mailing = start(database, resend(server))
    end = meanwhile(lambda: deliver(database, mailing, resend(server)))
    until(lambda: server.accepted)
    sending.pause(database, mailing.id, "paused by Ana")
    error = end()
    assert isinstance(error, PartlyAccepted)
    standing, totals = state(database)
    assert (standing, totals.claimed, totals.candidates) == (MailingState.PAUSED, 0, 100)
    assert 0 < totals.accepted < 100
    assert error.message == f"the mailing of issue 2024-07 is paused after {totals.accepted} of 100"
    assert error.why == "paused by Ana"
    calls = len(server.calls)
    time.sleep(0.2)
    assert len(server.calls) == calls
    server.latency = lambda: 0.0
    assert deliver(database, sending.resume(database, "2024-07"), resend(server)) == Totals(accepted=100)
    assert set(server.accepted.values()) == {1}


def test_a_stopped_mailing_is_not_resumed_but_its_rest_can_be_reached(database: Database, server: ResendServer) -> None:
    """Who had it does not get it again; who joined since does get it."""
    server.latency = lambda: 0.1
    mailing = start(database, resend(server))
    end = meanwhile(lambda: deliver(database, mailing, resend(server)))
    until(lambda: server.accepted)
    sending.stop(database, mailing.id, "a wrong link", now())
    assert isinstance(end(), Refused)
    reached = len(server.accepted)
    assert 0 < reached < 100
    with pytest.raises(Refused) as caught:
        sending.resume(database, "2024-07")
    assert caught.value.fix == "send it to those who have not got it: newsletter send 2024-07 --rest"
    with pytest.raises(Refused):
        start(database, resend(server))
    make.subscribe(database, ["late@example.org"])
    server.latency = lambda: 0.0
    rest = start(database, resend(server), Plan(rest=True))
    assert deliver(database, rest, resend(server)) == Totals(accepted=101 - reached, suppressed=reached)
    assert server.accepted.keys() == {*make.addresses(100), "late@example.org"}
    assert set(server.accepted.values()) == {1}


def test_those_who_joined_since_get_a_sent_issue_only_by_word(database: Database, server: ResendServer) -> None:
    """A second start is refused and says how; the round for the rest reaches the new ones alone."""
    deliver(database, start(database, resend(server)), resend(server))
    make.subscribe(database, ["late@example.org"])
    with pytest.raises(Refused) as caught:
        start(database, resend(server))
    assert caught.value.fix.endswith("for those who joined since or were refused: newsletter send 2024-07 --rest")
    rest = start(database, resend(server), Plan(rest=True))
    assert deliver(database, rest, resend(server)) == Totals(accepted=1, suppressed=100)
    assert server.accepted["late@example.org"] == 1


def test_the_first_get_it_before_the_others(database: Database, server: ResendServer) -> None:
    """A canary waits for a word, and that word sends the rest."""
    mailing = start(database, resend(server), Plan(canary=15))
    assert deliver(database, mailing, resend(server)) == Totals(accepted=15, pending=85)
    assert state(database)[0] is MailingState.PAUSED
    assert sending.status(database, "2024-07").mailing.reason == (
        "the first 15 have it; look at theirs before the others get it"
    )
    assert server.accepted.keys() == set(make.addresses(15))
    assert deliver(database, sending.resume(database, "2024-07"), resend(server)) == Totals(accepted=100)
    assert set(server.accepted.values()) == {1}


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (1, "the first 2 have it; look at theirs before the others get it"),
        (2, "the first one has it; look at theirs before the others get it"),
    ],
)
def test_who_was_rejected_is_not_said_to_have_it(
    database: Database, server: ResendServer, refused: int, told: str
) -> None:
    """Nobody looks for it in a mailbox that it has not reached."""
    server.bad = set(make.addresses(refused))
    totals = deliver(database, start(database, resend(server), Plan(canary=3)), resend(server))
    assert totals == Totals(accepted=3 - refused, rejected=refused, pending=97)
    assert sending.status(database, "2024-07").mailing.reason == told


def test_a_paused_canary_goes_on_as_a_canary(database: Database, server: ResendServer) -> None:
    """Resuming in the middle of the first does not send to the others."""
    mailing = start(database, resend(server), Plan(canary=15))
    sending.pause(database, mailing.id, "coffee")
    again = sending.resume(database, "2024-07")
    assert again.wave == 0
    assert deliver(database, again, resend(server)) == Totals(accepted=15, pending=85)


def test_a_canary_that_fails_is_no_success(database: Database, server: ResendServer) -> None:
    """A refused key, or a person's pause in the middle, is told as it is without a canary."""
    server.fault = lambda _number: "401"
    mailing = start(database, resend(server), Plan(canary=15))
    with pytest.raises(AuthenticationError):
        deliver(database, mailing, resend(server))
    server.fault = lambda _number: None
    server.latency = lambda: 0.2
    again = sending.resume(database, "2024-07")
    end = meanwhile(lambda: deliver(database, again, resend(server, in_flight=1)))
    until(lambda: len(server.calls) >= 2)
    sending.pause(database, mailing.id, "paused by Ana")
    error = end()
    assert isinstance(error, PartlyAccepted)
    assert error.why == "paused by Ana"


def test_a_canary_of_which_somebody_is_unknown_is_no_success(database: Database, server: ResendServer) -> None:
    """The first have it, as far as anybody knows: that is told, with what to do about it."""
    lost = iter(["reset after"])
    server.fault = lambda _number: next(lost, None)
    provider = resend(server, max_recipients=5, in_flight=1, replay_window=None)
    with pytest.raises(PartlyAccepted) as caught:
        deliver(database, start(database, provider, Plan(canary=15)), provider)
    assert caught.value.message == "the mailing of issue 2024-07 is paused after 10 of 100; of 5 nobody can tell"
    assert caught.value.fix == (
        "look into them with: newsletter reconcile 2024-07; go on with: newsletter resume 2024-07"
    )


def test_a_daily_quota_is_waited_for(database: Database, server: ResendServer) -> None:
    """What an account may send in 24 hours is never exceeded; the rest is due a day after the first calls."""
    provider = resend(server, recipients_per_day=30, in_flight=1)
    start(database, provider)
    mailing = sending.status(database, "2024-07").mailing
    frozen = ledger.load(database, mailing.id)
    prepared = [provider.prepare(make.edition(), make.ENVELOPE, make.NOW)]
    sender = ledger.Sender(frozen, prepared, provider.capabilities)
    for number in range(3):
        moment = make.NOW + dt.timedelta(hours=number)
        assert ledger.room_at(database, "main", 30, 10, moment) == moment
        assert isinstance(ledger.claim(database, sender, moment), ledger.Claim)
    moment = make.NOW + dt.timedelta(hours=3)
    assert ledger.room_at(database, "main", 30, 10, moment) == make.NOW + dt.timedelta(hours=24)
    assert ledger.room_at(database, "main", 30, 20, moment) == make.NOW + dt.timedelta(hours=25)
    assert ledger.room_at(database, "other", 30, 10, moment) == moment


@pytest.mark.parametrize("quota", [30, 25])
def test_a_daily_quota_holds_for_calls_that_begin_together(
    database: Database, server: ResendServer, quota: int
) -> None:
    """All of them look before any has begun; still no more are called for than there is room, and no fewer."""
    server.latency = lambda: 0.2
    provider = resend(server, recipients_per_day=quota, in_flight=4)
    mailing = start(database, provider)
    end = meanwhile(lambda: deliver(database, mailing, provider))
    until(lambda: len(server.calls) >= 3)
    time.sleep(0.5)
    sending.stop(database, mailing.id, "enough", now())
    assert isinstance(end(), Refused)
    assert len(server.accepted) == quota


def test_a_quota_that_is_less_than_a_tenth_of_a_waiting_batch_is_used(database: Database, server: ResendServer) -> None:
    """Batches stay as they were cut, be it that the settings said nothing of a quota then."""
    mailing = start(database, resend(server, max_recipients=100))
    end = meanwhile(lambda: deliver(database, mailing, resend(server, max_recipients=100, recipients_per_day=5)))
    until(lambda: state(database)[1].accepted >= 5)
    sending.stop(database, mailing.id, "enough", now())
    assert isinstance(end(), Refused)
    assert len(server.accepted) == 5


def test_machines_that_claim_at_once_share_the_room_of_a_quota(postgresql_address: str, tmp_path: Path) -> None:
    """Whoever looks for room waits until the other has claimed, and counts that too."""
    with make.database(tmp_path, database=postgresql_address) as shared:
        book = Book(shared)
        # Whoever keeps a quota keeps a pace as well.
        pacing.reserve(shared, "main", 0.1, make.NOW)
        able = replace(ABLE, recipients_per_day=4)
        with shared.writing() as connection:
            assert quota.room(connection, "main", 4, make.NOW) == 4
            end = meanwhile(lambda: book.claim(able=able))
            time.sleep(0.5)
            largest = schema.batches.c.id == 1
            connection.execute(
                schema.batches.update().where(largest).values(state="claimed", claimed_at=stored(make.NOW))
            )
        assert end() is None
        assert book.batches("state") == [("claimed",), ("pending",), ("pending",)]


def test_what_is_unknown_does_not_wait_for_room_in_the_quota(database: Database, server: ResendServer) -> None:
    """The same call once more takes no room, and a day later the provider would no longer know the first."""
    provider = resend(server, recipients_per_day=30, in_flight=1)
    server.fault = lambda number: "reset after" if number == 3 else None
    mailing = start(database, provider)
    end = meanwhile(lambda: deliver(database, mailing, provider))
    until(lambda: state(database)[1].accepted >= 30)
    sending.stop(database, mailing.id, "enough", now())
    assert isinstance(end(), Refused)
    assert state(database) == (MailingState.STOPPED, Totals(accepted=30, pending=70))


def test_where_a_mailing_says_so_the_unknown_are_sent_again(database: Database, server: ResendServer) -> None:
    """At least once instead of at most once: by a person's word when it started."""
    provider = resend(server, replay_window=None)
    server.fault = lambda number: "reset after" if number == 1 else None
    mailing = start(database, provider, Plan(on_unknown=OnUnknown.RESEND))
    assert deliver(database, mailing, provider) == Totals(accepted=100)
    assert sorted(server.accepted.values()) == [1] * 90 + [2] * 10


def test_the_unknown_are_sent_again_by_a_persons_word(database: Database, server: ResendServer) -> None:
    """Held until then, with the evidence shown."""
    provider = resend(server, replay_window=None)
    server.fault = lambda number: "reset after" if number == 1 else None
    with pytest.raises(PartlyAccepted):
        deliver(database, start(database, provider), provider)
    assert state(database) == (MailingState.PARTLY_SENT, Totals(accepted=90, unknown=10))
    assert sending.reconcile(database, sending.unfinished(database, "2024-07"), provider) == Totals(
        accepted=90, unknown=10
    )
    (doubt,) = sending.doubts(database, 1)
    assert (doubt.people, doubt.held) == (10, True)
    assert doubt.detail.startswith("no usable answer came back")
    assert sending.reopen(database, 1, resend=True) == 1
    assert state(database) == (MailingState.PAUSED, Totals(accepted=90, pending=10))
    assert deliver(database, sending.resume(database, "2024-07"), provider) == Totals(accepted=100)


def test_looking_into_the_unknown_with_a_refused_key_ends_at_once(database: Database) -> None:
    """It is told, instead of asking for half an hour; what is unknown stays so."""
    with serving(mailgun_server.MailgunServer()) as server:
        right = Mailgun("main", server.url, mailgun_server.DOMAIN, mailgun_server.API_KEY)
        provider = replace(right, api_key="another", capabilities=replace(right.capabilities, settle=dt.timedelta()))
        mailing = start(database, provider)
        prepared = [provider.prepare(make.edition(), make.ENVELOPE, make.NOW)]
        sender = ledger.Sender(ledger.load(database, mailing.id), prepared, provider.capabilities)
        assert isinstance(ledger.claim(database, sender, now()), ledger.Claim)
        sending.pause(database, mailing.id, "coffee")
        with pytest.raises(AuthenticationError, match="Mailgun does not let this key read events"):
            sending.reconcile(database, mailing, provider, patience=QUICK)
    assert state(database) == (MailingState.PAUSED, Totals(unknown=100))
