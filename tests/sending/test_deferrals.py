"""Mail servers that put single readers off, or refuse the last ones: nobody holds a mailing up for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import sending
from newsletter.errors import PartlyAccepted, ProviderError
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.sending import Patience, Plan
from newsletter.sending.providers.smtp import CAPABILITIES, Smtp
from newsletter.store import Database
from tests.sending import making as make
from tests.sending.smtp_server import SmtpServer, running
from tests.sending.test_controls import start

QUICK = Patience(first=0.01, longest=0.02, failures=4, put_off=(0.05,) * 4, put_off_in_a_row=3)
READERS = make.addresses(12)
LAST = READERS[-1]
GREYLISTED = f"450 4.2.0 <{LAST}>: Recipient address rejected: Greylisted"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with twelve readers."""
    with make.database(tmp_path) as opened:
        make.subscribe(opened, READERS)
        yield opened


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """Give a mail server."""
    with running(SmtpServer()) as served:
        yield served


def provider(server: SmtpServer, *, at_once: int = 4) -> Smtp:
    """Return a provider that hands over one call after the other."""
    return Smtp("main", server.url, "never", capabilities=replace(CAPABILITIES, max_recipients=at_once, in_flight=1))


def deliver(database: Database, mailing: Mailing, smtp: Smtp, tell: Callable[[str], None] | None = None) -> Totals:
    """Send what is left."""
    return sending.deliver(database, mailing, smtp, patience=QUICK, tell=tell)


def test_a_mailbox_that_waits_for_a_second_visit_gets_its_message(database: Database, server: SmtpServer) -> None:
    """It is tried again, and nobody is told that calls fail: who waits, and for what, is."""
    server.put_off = {LAST: 3}
    told: list[str] = []
    smtp = provider(server)
    assert deliver(database, start(database, smtp), smtp, told.append) == Totals(accepted=12)
    assert server.accepted == dict.fromkeys(READERS, 1)
    assert [words.partition("; ")[0] for words in told] == [
        "one reader is put off by their mail server: 450 4.2.0 <…>: Recipient address rejected: Greylisted"
    ]
    assert sending.status(database, "2024-07").mailing.reason == ""


def test_a_mailbox_that_never_takes_it_is_given_up(database: Database, server: SmtpServer) -> None:
    """The mailing comes to its end, and says of that reader what their server said, and how often."""
    server.put_off = {LAST: 1000}
    smtp = provider(server)
    mailing = start(database, smtp)
    assert deliver(database, mailing, smtp) == Totals(accepted=11, rejected=1)
    assert sending.status(database, "2024-07").mailing.state is MailingState.SENT
    assert sending.rejected(database, mailing.id, 9) == ((LAST, f"{GREYLISTED} (put off 5 times in 0 minutes)"),)
    assert server.put_off[LAST] == 995


def test_who_was_refused_can_be_sent_to_later(database: Database, server: SmtpServer) -> None:
    """Their mailbox may have room again; nobody else gets a second message."""
    server.put_off = {LAST: 5}
    smtp = provider(server)
    deliver(database, start(database, smtp), smtp)
    assert deliver(database, start(database, smtp, Plan(rest=True)), smtp) == Totals(accepted=1, suppressed=11)
    assert server.accepted == dict.fromkeys(READERS, 1)


def test_while_nobody_was_accepted_it_may_be_the_server(database: Database, server: SmtpServer) -> None:
    """So nobody is given up, and the mailing waits for a person."""
    server.put_off = dict.fromkeys(READERS, 1000)
    smtp = provider(server)
    mailing = start(database, smtp)
    with pytest.raises(ProviderError, match="does not take our calls"):
        deliver(database, mailing, smtp)
    assert sending.status(database, "2024-07").totals == Totals(pending=12)


def test_one_reader_after_the_other_put_off_pauses(database: Database, server: SmtpServer) -> None:
    """Then it is probably the server; who was put off stays in the mailing."""
    server.put_off = dict.fromkeys(READERS[2:], 1000)
    smtp = provider(server, at_once=2)
    mailing = start(database, smtp)
    with pytest.raises(PartlyAccepted, match="puts off one reader after the other"):
        deliver(database, mailing, smtp)
    found = sending.status(database, "2024-07")
    assert (found.mailing.state, found.totals) == (MailingState.PAUSED, Totals(accepted=2, pending=10))
    server.put_off.clear()
    assert deliver(database, sending.resume(database, "2024-07"), smtp) == Totals(accepted=12)
    assert server.accepted == dict.fromkeys(READERS, 1)


def test_the_last_readers_whose_messages_are_refused_hold_nothing_up(database: Database, server: SmtpServer) -> None:
    """At first a person is asked to look; refused in the same way once more, it is they, since the others have it."""
    server.spam = set(READERS[8:])
    smtp = provider(server)
    mailing = start(database, smtp)
    with pytest.raises(PartlyAccepted, match="Refused as spam"):
        deliver(database, mailing, smtp)
    assert sending.status(database, "2024-07").totals == Totals(accepted=8, pending=4)
    assert deliver(database, sending.resume(database, "2024-07"), smtp) == Totals(accepted=8, rejected=4)
    assert sending.status(database, "2024-07").mailing.state is MailingState.SENT


def test_a_message_that_is_refused_from_some_moment_on_costs_one_call_at_most(
    database: Database, server: SmtpServer
) -> None:
    """Each call that meets the refusal anew pauses the mailing again, with everybody else still in it."""
    server.spam = set(READERS[4:])
    smtp = provider(server)
    mailing = start(database, smtp)
    with pytest.raises(PartlyAccepted):
        deliver(database, mailing, smtp)
    for left in (4, 0):
        with pytest.raises(PartlyAccepted) if left else nullcontext():
            deliver(database, sending.resume(database, "2024-07"), smtp)
        assert sending.status(database, "2024-07").totals == Totals(accepted=4, rejected=8 - left, pending=left)


def test_a_sender_who_is_refused_costs_nobody_their_message(database: Database, server: SmtpServer) -> None:
    """However often the mailing is resumed before the settings are mended."""
    smtp = provider(server)
    mailing = start(database, smtp, Plan(canary=4))
    deliver(database, mailing, smtp)
    server.sender_refused = "550 5.7.1 Sender address rejected"
    for _ in range(3):
        with pytest.raises(PartlyAccepted):
            deliver(database, sending.resume(database, "2024-07"), smtp)
    server.sender_refused = ""
    assert deliver(database, sending.resume(database, "2024-07"), smtp) == Totals(accepted=12)
