"""Whole mailings against a server that breaks, with its own log as the judge."""

from __future__ import annotations

import datetime as dt
import gc
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from newsletter import sending
from newsletter.errors import (
    AuthenticationError,
    ConfigurationError,
    NotFound,
    PartlyAccepted,
    ProviderError,
    Refused,
    StorageError,
)
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import Patience
from newsletter.sending.providers.outbox import Outbox
from newsletter.sending.providers.resend import CAPABILITIES, Resend
from newsletter.store import Database
from tests.sending import making as make
from tests.sending.resend_server import API_KEY, ResendServer
from tests.waiting import until

QUICK = Patience(first=0.01, longest=0.05, failures=5, throttled=20, refused=6, refused_later=10)
UNPACED = replace(CAPABILITIES, max_recipients=10, in_flight=4, calls_per_second=None)


def resend(server: ResendServer, **capabilities: Any) -> Resend:
    """Return the provider of that server."""
    return Resend("main", server.url, API_KEY, replace(UNPACED, **capabilities))


def send(database: Database, provider: Any, **options: Any) -> Totals:
    """Start the July issue and send it."""
    mailing = make.start(database, provider)
    return sending.deliver(database, mailing, provider, **({"patience": QUICK} | options))


def resume(database: Database, provider: Any, **options: Any) -> Totals:
    """Go on with the July issue."""
    mailing = sending.resume(database, "2024-07")
    return sending.deliver(database, mailing, provider, **({"patience": QUICK} | options))


def state(database: Database) -> tuple[MailingState, Totals]:
    """Return how the July issue stands."""
    progress = sending.status(database, "2024-07")
    return progress.mailing.state, progress.totals


def only(*faults: str) -> Callable[[int], str | None]:
    """Break the first calls in these ways, then no more."""
    return lambda number: faults[number - 1] if number <= len(faults) else None


def everybody(server: ResendServer, left_out: int = 0) -> bool:
    """Whether every address was accepted exactly once, but for some."""
    return set(server.accepted.values()) == {1} and len(server.accepted) == 100 - left_out


def test_everybody_gets_one_message(database: Database, server: ResendServer) -> None:
    """In ten calls, each with its own key; a second time there is nothing to do."""
    seen: list[Totals] = []
    assert send(database, resend(server), progress=seen.append) == Totals(accepted=100)
    assert everybody(server)
    assert (len(server.calls), len({call["headers"]["idempotency-key"] for call in server.calls})) == (10, 10)
    assert state(database) == (MailingState.SENT, Totals(accepted=100))
    assert seen[-1] == Totals(accepted=100)
    assert {totals.candidates for totals in seen} == {100}
    with pytest.raises(Refused, match="issue 2024-07 has reached everybody it can, so there is nothing to resume"):
        resume(database, resend(server))


def test_the_outbox_holds_a_file_for_each(database: Database, tmp_path: Path) -> None:
    """Named after the delivery, with the whole message."""
    assert send(database, Outbox("outbox", tmp_path / "out box")) == Totals(accepted=100)
    files = sorted((tmp_path / "out box" / "2024-07").iterdir())
    told = sorted(line for file in files for line in file.read_text().splitlines() if line.startswith("To: "))
    assert told == [f"To: {address}" for address in make.addresses(100)]
    assert all(f"Message-ID: <{file.stem}@example.org>" in file.read_text() for file in files)


@pytest.mark.parametrize(
    "faults",
    [
        ["500 before"],
        ["500 after"],
        ["reset after"],
        ["lost"],
        ["truncated"],
        ["html"],
        ["429", "429", "429"],
        ["html 400"],
        ["500 after", "reset after", "truncated", "lost", "html", "500 before", "429", "html", "bomb", "500 after"],
    ],
    ids=" ".join,
)
def test_a_bad_moment_loses_and_doubles_nobody(database: Database, server: ResendServer, faults: list[str]) -> None:
    """Whatever was or was not taken, the same call again tells."""
    server.fault = only(*faults)
    assert send(database, resend(server), patience=replace(QUICK, failures=20)) == Totals(accepted=100)
    assert everybody(server)


def test_bad_addresses_are_found_and_told_with_their_reason(database: Database, server: ResendServer) -> None:
    """One refuses the whole call; the others of its batch are sent to."""
    server.bad = {"reader0000@example.org", "reader0037@example.org", "reader0038@example.org"}
    assert send(database, resend(server)) == Totals(accepted=97, rejected=3)
    assert everybody(server, left_out=3)
    assert state(database)[0] is MailingState.SENT
    assert not server.bad & set(server.accepted)


def test_a_refusal_of_every_message_rejects_nobody(database: Database, server: ResendServer) -> None:
    """The fault is the message's: the mailing pauses, and goes on when it is mended."""
    server.fault = lambda _number: "refused"
    with pytest.raises(ProviderError) as caught:
        send(database, resend(server))
    assert (caught.value.message, caught.value.exit_code) == (
        "the provider refuses one message after the other: The `subject` field is invalid",
        3,
    )
    assert state(database) == (MailingState.PAUSED, Totals(pending=100))
    server.fault = only()
    assert resume(database, resend(server)) == Totals(accepted=100)
    assert everybody(server)


def test_a_refused_key_pauses_at_once(database: Database, server: ResendServer) -> None:
    """In the middle of a mailing; what was accepted stays so, and the rest goes on later."""
    server.fault = lambda number: "401" if number > 5 else None
    with pytest.raises(AuthenticationError) as caught:
        send(database, resend(server))
    assert caught.value.exit_code == 4
    assert len(server.calls) <= 5 + UNPACED.in_flight
    progress = sending.status(database, "2024-07")
    assert (progress.mailing.state, progress.totals) == (MailingState.PAUSED, Totals(pending=50, accepted=50))
    # Whoever asks for the status later is told what to do as well.
    assert progress.mailing.reason.startswith("Resend refused the key or the sender: This API key is restricted")
    assert caught.value.fix
    assert progress.mailing.reason.endswith(f"; {caught.value.fix}")
    server.fault = only()
    assert resume(database, resend(server)) == Totals(accepted=100)
    assert everybody(server)


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ("quota", PartlyAccepted, "the mailing paused after 20 of 100: Resend's quota is used up"),
        ("redirect", ConfigurationError, r"the provider 'main' answers that it has moved \(302\)"),
        ("404", ConfigurationError, r"the provider 'main' does not know the call \(404\)"),
    ],
)
def test_what_no_repetition_mends_pauses(
    database: Database, server: ResendServer, fault: str, error: type[Exception], message: str
) -> None:
    """Nobody is lost."""
    server.fault = lambda number: fault if number > 2 else None
    with pytest.raises(error, match=message):
        send(database, resend(server, in_flight=1))
    assert state(database) == (MailingState.PAUSED, Totals(pending=80, accepted=20))
    assert len(server.calls) == 3


def test_nobody_listening_pauses_after_some_tries(database: Database, server: ResendServer) -> None:
    """With what the network said; nothing was sent, so everything is pending."""
    nowhere = replace(resend(server), base_url="http://127.0.0.1:9")
    with pytest.raises(ProviderError) as caught:
        send(database, nowhere)
    assert (caught.value.message, caught.value.why) == (
        "the provider does not take our calls",
        "127.0.0.1 could not be reached: All connection attempts failed",
    )
    assert state(database) == (MailingState.PAUSED, Totals(pending=100))
    assert resume(database, resend(server)) == Totals(accepted=100)
    assert everybody(server)


def test_a_provider_that_stays_broken_leaves_no_doubt_unsaid(database: Database, server: ResendServer) -> None:
    """What may have been taken is unknown until the same call is answered."""
    server.fault = lambda _number: "500 after"
    with pytest.raises(ProviderError):
        send(database, resend(server, in_flight=2))
    paused, totals = state(database)
    assert (paused, totals.accepted, totals.pending + totals.unknown) == (MailingState.PAUSED, 0, 100)
    # While it is down, no more than those under way are drawn into the doubt.
    assert totals.unknown == len(server.accepted) == 20
    server.fault = only()
    assert resume(database, resend(server)) == Totals(accepted=100)
    assert everybody(server)


def test_unknown_deliveries_are_held_when_the_window_has_closed(database: Database, server: ResendServer) -> None:
    """They are counted, and nothing repeats them by itself."""
    server.fault = lambda _number: "500 after"
    with pytest.raises(ProviderError):
        send(database, resend(server, in_flight=1))
    server.fault = only()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=24)
    with pytest.raises(PartlyAccepted) as caught:
        resume(database, resend(server), now=lambda: later)
    assert (caught.value.message, caught.value.exit_code) == (
        "90 of 100 were accepted; of 10 nobody can tell",
        6,
    )
    assert state(database) == (MailingState.PARTLY_SENT, Totals(accepted=90, unknown=10))
    assert everybody(server)


def test_without_idempotency_doubt_is_held_at_once(database: Database, server: ResendServer) -> None:
    """At most one message each, and the truth in the totals."""
    server.fault = only("reset after", "lost", "500 before")
    with pytest.raises(PartlyAccepted, match="70 of 100 were accepted; of 30 nobody can tell"):
        send(database, resend(server, replay_window=None))
    assert everybody(server, left_out=20)


def test_throttling_is_obeyed(database: Database, server: ResendServer) -> None:
    """For as long as the provider asks, and calls begin no faster than agreed."""
    server.fault = only("429", None, "429")  # type: ignore[arg-type]
    began = time.monotonic()
    assert send(database, resend(server, calls_per_second=100)) == Totals(accepted=100)
    assert time.monotonic() - began > 12 * 0.01
    assert everybody(server)


def test_an_endless_storm_of_throttling_pauses(database: Database, server: ResendServer) -> None:
    """After many more tries than a failure."""
    server.fault = lambda _number: "429"
    with pytest.raises(ProviderError, match="the provider keeps answering that we call too often"):
        send(database, resend(server, in_flight=1))
    assert len(server.calls) == QUICK.throttled
    assert state(database) == (MailingState.PAUSED, Totals(pending=100))


def test_who_leaves_while_it_is_sent_gets_nothing(database: Database, server: ResendServer) -> None:
    """Looked at again when claimed."""
    release = threading.Event()
    server.latency = lambda: float(release.wait(10)) * 0
    ends: list[Totals] = []
    sender = threading.Thread(target=lambda: ends.append(send(database, resend(server, in_flight=1))))
    sender.start()
    until(lambda: len(server.calls) > 0)
    make.suppress(database, "reader0099@example.org", "by hand")
    release.set()
    sender.join(30)
    assert ends == [Totals(accepted=99, suppressed=1)]
    assert everybody(server, left_out=1)


def test_two_commands_at_once_send_once(database: Database, server: ResendServer) -> None:
    """The second is refused while the first goes on."""
    release = threading.Event()
    server.latency = lambda: float(release.wait(10)) * 0
    ends: list[Totals] = []
    sender = threading.Thread(target=lambda: ends.append(send(database, resend(server))))
    sender.start()
    until(lambda: len(server.calls) > 0)
    with pytest.raises(Refused, match="issue 2024-07 is being sent by another newsletter command"):
        resume(database, resend(server))
    release.set()
    sender.join(30)
    assert ends == [Totals(accepted=100)]
    assert everybody(server)


def test_another_provider_may_not_go_on(database: Database, server: ResendServer, tmp_path: Path) -> None:
    """It does not know what the first has taken."""
    server.fault = lambda _number: "401"
    with pytest.raises(AuthenticationError):
        send(database, resend(server))
    with pytest.raises(Refused, match="the mailing of issue 2024-07 started with the provider 'main'"):
        resume(database, Outbox("outbox", tmp_path))


def test_an_issue_that_never_started_cannot_be_resumed(database: Database) -> None:
    """And the next step is named."""
    with pytest.raises(NotFound, match="issue 2024-07 has not been sent"):
        sending.resume(database, "2024-07")


def test_a_disk_that_refuses_pauses_the_outbox(database: Database, tmp_path: Path) -> None:
    """In the system's words; it goes on when there is room."""
    outbox = Outbox("outbox", tmp_path / "outbox")
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(StorageError, match="outbox/2024-07 cannot be written: Not a directory"):
        send(database, outbox)
    (tmp_path / "outbox").unlink()
    assert resume(database, outbox) == Totals(accepted=100)
    assert len(list((tmp_path / "outbox" / "2024-07").iterdir())) == 100


def keeping_busy(database: Database, server: ResendServer, *, calls: int, seconds: float) -> threading.Thread:
    """Keep others from writing for a while, once so many calls are under way; they wait for 0.3 seconds each time."""

    @event.listens_for(database.engine, "checkout")
    def soon(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 300")

    def keep_busy() -> None:
        until(lambda: len(server.calls) == calls)
        with closing(sqlite3.connect(str(database.engine.url.database), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)

    busy = threading.Thread(target=keep_busy)
    busy.start()
    return busy


def test_an_answer_waits_for_a_database_that_is_busy(database: Database, server: ResendServer) -> None:
    """Nothing else tells what the provider took, and where nobody can be asked it would stay in doubt."""
    server.latency = lambda: 0.2
    provider = resend(server, in_flight=4, replay_window=None)
    busy = keeping_busy(database, server, calls=4, seconds=2)
    told: list[str] = []
    assert send(database, provider, tell=told.append) == Totals(accepted=100)
    busy.join()
    assert everybody(server)
    assert told[0].startswith("what the provider said cannot be written down yet: the database")


def test_a_sender_that_fails_hears_the_calls_under_way_to_their_end(database: Database, server: ResendServer) -> None:
    """Cut off, they would be in doubt as well."""
    latencies = iter((0.2, 2.0))
    server.latency = lambda: next(latencies)
    provider = resend(server, in_flight=2, replay_window=None)
    busy = keeping_busy(database, server, calls=2, seconds=1.5)
    with pytest.raises(StorageError, match="is busy"):
        send(database, provider, patience=replace(QUICK, unwritten=0))
    busy.join()
    assert state(database) == (MailingState.SENDING, Totals(accepted=10, claimed=10, pending=80))


def test_a_database_that_stays_busy_is_told_once(
    database: Database, server: ResendServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Several calls wait to be recorded when the first gives up; none of the others is reported by Python itself."""
    server.latency = lambda: 0.5
    provider = resend(server, in_flight=4)

    busy = keeping_busy(database, server, calls=4, seconds=4)
    with pytest.raises(StorageError, match="is busy"):
        send(database, provider, patience=replace(QUICK, unwritten=0))
    busy.join()
    gc.collect()
    assert "never retrieved" not in caplog.text
    assert resume(database, provider) == Totals(accepted=100)
    assert everybody(server)
