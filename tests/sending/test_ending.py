"""Ending in peace: what an interruption leaves, and what it does not wait for."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from newsletter import sending
from newsletter.errors import AuthenticationError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending.providers.smtp import CAPABILITIES, Smtp
from newsletter.store import Database
from tests.forking import Forked, forked
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import ResendServer
from tests.sending.smtp_server import SmtpServer
from tests.sending.test_controls import start
from tests.sending.test_delivering import everybody, only, resend, resume, send, state
from tests.waiting import until


def child(folder: str, url: str) -> None:
    """Send what is left."""
    # A shell lets what it runs in the background ignore Ctrl-C, tests included.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with make.database(Path(folder)) as database:
        resume(database, resend(ResendServer(url=url), in_flight=2))


def submitting(folder: str, url: str) -> None:
    """Send to a mail server, and say what is told."""
    with make.database(Path(folder)) as database:
        smtp = Smtp("main", url, "never", capabilities=replace(CAPABILITIES, in_flight=2))
        sending.deliver(database, start(database, smtp), smtp, tell=lambda words: print(words, file=sys.stderr))


@contextmanager
def under_way(
    database: Database, server: ResendServer, folder: Path, *, latency: Callable[[], float]
) -> Iterator[Forked]:
    """Give a process with two calls of ten under way, each answered after so many seconds."""
    server.fault = lambda _number: "401"
    with pytest.raises(AuthenticationError):
        send(database, resend(server))
    server.fault = only()
    server.calls.clear()
    server.latency = latency
    with forked(child, str(folder), server.url) as process:
        until(lambda: len(server.calls) == 2)
        yield process
    server.latency = lambda: 0


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_finishes_what_is_under_way(
    database: Database, server: ResendServer, tmp_path: Path, asked: signal.Signals
) -> None:
    """Ctrl-C, or a machine that goes down: no new call, the open ones are awaited and recorded, the rest waits."""
    with under_way(database, server, tmp_path, latency=lambda: 0.3) as process:
        process.send(asked)
        error = process.errors.read()
    assert error.rstrip().endswith("KeyboardInterrupt")
    progress = sending.status(database, "2024-07")
    assert progress.totals == Totals(pending=80, accepted=20)
    assert (progress.mailing.state, progress.mailing.reason) == (MailingState.PAUSED, "interrupted; nothing is lost")
    assert resume(database, resend(server)) == Totals(accepted=100)
    assert everybody(server)


def test_a_second_interruption_ends_at_once(database: Database, server: ResendServer, tmp_path: Path) -> None:
    """What became of the calls under way is asked of the provider later; nobody gets it twice."""
    answered = Event()
    with under_way(database, server, tmp_path, latency=lambda: float(answered.wait(30)) * 0) as process:
        process.send(signal.SIGTERM)
        time.sleep(0.5)
        assert process.process.is_alive()
        process.send(signal.SIGTERM)
        assert process.ended(4) == 1
    answered.set()
    assert state(database) == (MailingState.PAUSED, Totals(pending=80, claimed=20))
    until(lambda: len(server.accepted) == 20)
    assert resume(database, resend(server)) == Totals(accepted=100)
    assert everybody(server)


def test_a_call_that_waits_for_a_connection_does_not_begin(database: Database, tmp_path: Path) -> None:
    """It was not under way when somebody asked for an end, however long that call takes."""
    with (
        serving(SmtpServer(at_once=1, latency=lambda: 0.3)) as server,
        forked(submitting, str(tmp_path), server.url) as process,
    ):
        until(lambda: server.messages)
        until(lambda: state(database)[1].claimed == 20)
        process.send(signal.SIGTERM)
        error = process.errors.read()
    assert state(database) == (MailingState.PAUSED, Totals(pending=90, accepted=10))
    assert "calls to main fail" not in error


def test_calls_to_a_mail_server_that_are_cut_off_leave_one_message_in_doubt(database: Database, tmp_path: Path) -> None:
    """The others of its call were not begun, and neither was the call that waited for the only connection."""
    with (
        serving(SmtpServer(at_once=1, fault=lambda _number: "stall")) as server,
        forked(submitting, str(tmp_path), server.url) as process,
    ):
        until(lambda: server.messages)
        until(lambda: state(database)[1].claimed == 20)
        process.send(signal.SIGTERM)
        assert process.errors.readline().startswith("finishing the calls under way")
        until(lambda: state(database)[1].claimed == 10)
        process.send(signal.SIGTERM)
        error = process.errors.read()
        assert process.ended() == 1
    assert state(database) == (MailingState.PAUSED, Totals(pending=99, unknown=1))
    # What we cut off ourselves is not told as the server's fault.
    assert "calls to main fail" not in error
