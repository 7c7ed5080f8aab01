"""Mail servers that put single readers off, or refuse the last ones: nobody holds a mailing up for ever."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from newsletter import sending
from newsletter.errors import PartlyAccepted, ProviderError
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.sending import Patience, Plan
from newsletter.sending.providers.smtp import CAPABILITIES, Smtp
from newsletter.store import Database, aware, schema
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.smtp_server import SmtpServer
from tests.sending.test_controls import meanwhile, now, start
from tests.waiting import until

QUICK = Patience(first=0.01, longest=0.02, failures=4, put_off=(0.05,) * 4, put_off_in_a_row=3)
SLOWER = replace(QUICK, put_off=(0.4,) * 4)
"""Where many must have been tried before the first has been put off for the last time."""
READERS = make.addresses(12)
LAST = READERS[-1]
ALL_WAIT = "every reader is put off by their mail server"
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
    with serving(SmtpServer()) as served:
        yield served


def provider(server: SmtpServer, *, at_once: int = 4, calls: int = 1) -> Smtp:
    """Return a provider that hands over one call after the other."""
    able = replace(CAPABILITIES, max_recipients=at_once, in_flight=calls)
    return Smtp("main", server.url, "never", capabilities=able)


def deliver(database: Database, mailing: Mailing, smtp: Smtp, patience: Patience = QUICK) -> Totals:
    """Send what is left."""
    return sending.deliver(database, mailing, smtp, patience=patience)


def test_a_mailbox_that_waits_for_a_second_visit_gets_its_message(database: Database, server: SmtpServer) -> None:
    """It is tried again, and nobody is told that calls fail: who waits, and for what, is."""
    server.put_off = {LAST: 3}
    told: list[str] = []
    smtp = provider(server)
    mailing = start(database, smtp)
    # Long enough to be found waiting.
    patience = replace(QUICK, put_off=(0.5, *QUICK.put_off[1:]))
    assert sending.deliver(database, mailing, smtp, patience=patience, tell=told.append) == Totals(accepted=12)
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


def test_of_whom_the_provider_says_that_they_have_it_is_not_sent_to_again(
    database: Database, server: SmtpServer
) -> None:
    """Whatever was said of them at first; who was only heard to have bounced is."""
    server.put_off = dict.fromkeys(READERS[10:], 5)
    smtp = provider(server)
    mailing = start(database, smtp)
    assert deliver(database, mailing, smtp).rejected == 2
    with database.writing() as connection:
        for number, state in ((11, "delivered"), (12, "soft bounced")):
            values = {"mailing_id": mailing.id, "subscriber_id": number, "state": state}
            said = dict.fromkeys(("complained", "unsubscribed", "opened", "clicked"), False)
            connection.execute(schema.arrivals.insert(), values | said)
    assert deliver(database, start(database, smtp, Plan(rest=True)), smtp) == Totals(accepted=1, suppressed=11)
    assert (server.accepted[READERS[10]], server.accepted[LAST]) == (0, 1)


def test_while_nobody_was_accepted_it_may_be_the_server(database: Database, server: SmtpServer) -> None:
    """So nobody is given up, nobody else is tried, and after as long as for one reader a person is asked."""
    server.put_off = dict.fromkeys(READERS, 1000)
    smtp = provider(server)
    mailing = start(database, smtp)
    with pytest.raises(ProviderError) as caught:
        sending.deliver(database, mailing, smtp, patience=replace(QUICK, failures=1, put_off=(0.3, 0.4, 0.5)))
    assert caught.value.message == f"{ALL_WAIT}: {GREYLISTED.replace(LAST, READERS[0])}"
    assert caught.value.why == (
        "nobody was accepted in 4 tries within 0 minutes, so the fault is probably in the mail server, "
        "not in the mailboxes"
    )
    found = sending.status(database, "2024-07")
    assert (found.mailing.state, found.totals) == (MailingState.PAUSED, Totals(pending=12))
    assert [server.put_off[reader] for reader in READERS] == [996] * 4 + [1000] * 8
    server.put_off.clear()
    assert deliver(database, sending.resume(database, "2024-07"), smtp) == Totals(accepted=12)
    assert server.accepted == dict.fromkeys(READERS, 1)


def test_a_first_mailing_that_is_greylisted_as_a_whole_comes_through(database: Database, server: SmtpServer) -> None:
    """A server that has never heard of us wants a second visit; meanwhile it is said who waits, and for what."""
    server.put_off = dict.fromkeys(READERS, 3)
    smtp = provider(server)
    mailing = start(database, smtp)
    told: list[str] = []
    patience = replace(QUICK, failures=1, put_off=(0.2,) * 4)
    assert sending.deliver(database, mailing, smtp, patience=patience, tell=told.append) == Totals(accepted=12)
    assert server.accepted == dict.fromkeys(READERS, 1)
    assert told[0] == f"{ALL_WAIT}: {GREYLISTED.replace(LAST, '…')}; trying again in a second"
    found = sending.status(database, "2024-07").mailing
    assert (found.state, found.reason) == (MailingState.SENT, "")


@pytest.mark.parametrize("seconds", [0.01, 0.2, 0.6])
@pytest.mark.parametrize("calls", [1, 4])
def test_however_many_readers_are_greylisted_all_get_theirs(
    calls: int, seconds: float, database: Database, server: SmtpServer
) -> None:
    """Each of them is new to the server; nobody else is tried while many wait, and more once some came through."""
    server.greylists = seconds
    make.subscribe(database, make.addresses(60)[12:])
    smtp = provider(server, at_once=1, calls=calls)
    mailing = start(database, smtp)
    patience = replace(QUICK, put_off=(0.1, 0.2, 0.4, 0.8))
    assert sending.deliver(database, mailing, smtp, patience=patience) == Totals(accepted=60)
    assert server.accepted == dict.fromkeys(make.addresses(60), 1)


# Of those put off, three may be tried beside the last who is accepted, and three more make a row.
@pytest.mark.parametrize("well", [1, 6])
@pytest.mark.parametrize("calls", [1, 4])
def test_a_server_that_takes_nobody_any_more_costs_nobody_their_message(
    calls: int, well: int, database: Database, server: SmtpServer
) -> None:
    """However often the mailing is resumed too early, and although some were accepted: it pauses with the reason."""
    server.put_off = dict.fromkeys(READERS[well:], 1000)
    smtp = provider(server, at_once=1, calls=calls)
    start(database, smtp)
    for _ in range(2):
        with pytest.raises(PartlyAccepted, match=r"puts off one reader after the other: 450 4\.2\.0 "):
            deliver(database, sending.resume(database, "2024-07"), smtp, patience=SLOWER)
        found = sending.status(database, "2024-07")
        assert (found.mailing.state, found.totals) == (MailingState.PAUSED, Totals(accepted=well, pending=12 - well))
        time.sleep(max(*SLOWER.put_off, SLOWER.longest))
    server.put_off.clear()
    assert deliver(database, sending.resume(database, "2024-07"), smtp, patience=SLOWER) == Totals(accepted=12)
    assert server.accepted == dict.fromkeys(READERS, 1)


def test_while_many_wait_it_is_said_for_what(database: Database, server: SmtpServer) -> None:
    """And only a few more are tried meanwhile."""
    server.put_off = dict.fromkeys(READERS[2:], 1000)
    smtp = provider(server, at_once=1)
    told: list[str] = []
    mailing = start(database, smtp)
    end = meanwhile(
        lambda: sending.deliver(database, mailing, smtp, patience=replace(QUICK, put_off=(60.0,) * 4), tell=told.append)
    )
    until(lambda: told)
    sending.pause(database, mailing.id, "by a person")
    end()
    said = f"one reader after the other is put off by their mail server: {GREYLISTED.replace(LAST, '…')}"
    assert told == [f"{said}; trying again in 60 seconds"]
    assert [server.put_off[reader] for reader in READERS[2:]] == [999] * 3 + [1000] * 7


def test_who_asks_meanwhile_is_told_that_everybody_waits(database: Database, server: SmtpServer) -> None:
    """In the words of the server, with the time of the next try; a pause does not wait for it."""
    server.put_off = dict.fromkeys(READERS, 1000)
    smtp = provider(server)
    mailing = start(database, smtp)
    end = meanwhile(lambda: sending.deliver(database, mailing, smtp, patience=replace(QUICK, put_off=(60.0,))))
    until(lambda: sending.status(database, "2024-07").mailing.reason)
    reason = sending.status(database, "2024-07").mailing.reason
    assert reason.startswith(f"{ALL_WAIT}: {GREYLISTED.replace(LAST, '…')}; tried again from ")
    begun = time.monotonic()
    sending.pause(database, mailing.id, "by a person")
    end()
    assert time.monotonic() - begun < 20
    assert sending.status(database, "2024-07").totals == Totals(pending=12)


def test_one_reader_after_the_other_put_off_pauses(database: Database, server: SmtpServer) -> None:
    """Then it is probably the server; who was put off stays in the mailing."""
    server.put_off = dict.fromkeys(READERS[2:], 1000)
    smtp = provider(server, at_once=2)
    mailing = start(database, smtp)
    with pytest.raises(PartlyAccepted, match="puts off one reader after the other"):
        deliver(database, mailing, smtp, SLOWER)
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


def test_what_pauses_a_mailing_is_not_tried_by_another_sender_meanwhile(database: Database, server: SmtpServer) -> None:
    """It would end the same way; a person's word makes it due at once."""
    server.spam = set(READERS[8:])
    smtp = provider(server)
    mailing = start(database, smtp)
    began = now()
    with pytest.raises(PartlyAccepted):
        sending.deliver(database, mailing, smtp, patience=replace(QUICK, longest=50.0))
    batches = schema.batches.c
    with database.reading() as connection:
        (due,) = connection.execute(select(batches.not_before).where(batches.state == "pending")).scalars()
    assert aware(due) >= began + dt.timedelta(seconds=50)
    server.spam.clear()
    assert deliver(database, sending.resume(database, "2024-07"), smtp) == Totals(accepted=12)


def test_a_refusal_for_another_reason_is_no_second_one(database: Database, server: SmtpServer) -> None:
    """Of that one nobody knows yet; it may be the message, which a person can still mend."""
    server.spam = set(READERS[8:])
    smtp = provider(server)
    with pytest.raises(PartlyAccepted, match="Refused as spam"):
        deliver(database, start(database, smtp), smtp)
    server.spam_said = "554 5.6.0 Malformed message"
    with pytest.raises(PartlyAccepted, match="Malformed"):
        deliver(database, sending.resume(database, "2024-07"), smtp)
    assert sending.status(database, "2024-07").totals == Totals(accepted=8, pending=4)
    server.spam.clear()
    assert deliver(database, sending.resume(database, "2024-07"), smtp) == Totals(accepted=12)


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


def test_whoever_makes_the_next_try_goes_on_counting(
    postgresql_address: str, tmp_path: Path, server: SmtpServer
) -> None:
    """Several senders of a mailing do not each try a mailbox anew: that would be often, and might never end."""
    server.put_off = {LAST: 1000}
    smtp = provider(server)
    # Long enough for the others to find it due.
    patience = replace(QUICK, put_off=(0.3,) * 4)
    with make.database(tmp_path, database=postgresql_address) as shared:
        make.subscribe(shared, READERS)
        mailing = start(shared, smtp)
        first = meanwhile(lambda: deliver(shared, mailing, smtp, patience))
        # Whoever begins before anybody was accepted takes it for the server's fault, which is not counted.
        until(lambda: sending.status(shared, "2024-07").totals.accepted == 11)
        others = [first, meanwhile(lambda: deliver(shared, mailing, smtp, patience))]
        assert deliver(shared, mailing, smtp, patience) == Totals(accepted=11, rejected=1)
        assert [end() for end in others] == [None, None]
    assert server.put_off[LAST] == 995


def test_a_reader_put_off_does_not_hide_that_another_is_refused(database: Database, server: SmtpServer) -> None:
    """The last two of a mailing, of which each would have come to an end alone, end together as well."""
    server.put_off, server.spam = {READERS[-2]: 1000}, {LAST}
    smtp = provider(server, at_once=2)
    mailing = start(database, smtp)
    with pytest.raises(PartlyAccepted, match="Refused as spam"):
        deliver(database, mailing, smtp)
    assert deliver(database, sending.resume(database, "2024-07"), smtp) == Totals(accepted=10, rejected=2)


def test_a_few_wrong_addresses_do_not_hide_that_everybody_is_put_off(database: Database, server: SmtpServer) -> None:
    """A server that knows a few not to be there, and cannot say about the others, is not believed about these."""
    server.bad = set(READERS[5::3])
    server.put_off = dict.fromkeys(set(READERS[3:]) - server.bad, 1000)
    smtp = provider(server, at_once=3)
    mailing = start(database, smtp)
    with pytest.raises(PartlyAccepted, match="puts off one reader after the other"):
        deliver(database, mailing, smtp, SLOWER)
    assert sending.status(database, "2024-07").totals == Totals(accepted=3, pending=6, rejected=3)


def test_nobody_of_many_is_given_up_before_a_person_has_looked(database: Database, server: SmtpServer) -> None:
    """Where nobody was accepted since they were put off, it may be the server; once more after that, it is they."""
    server.put_off = dict.fromkeys(READERS[2:], 1000)
    smtp = provider(server, at_once=2)
    # All have their first try before anybody's second one.
    patience = replace(QUICK, put_off=(1.0, *QUICK.put_off[1:]), put_off_in_a_row=40)
    mailing = start(database, smtp)
    with pytest.raises(PartlyAccepted, match="puts off one reader after the other"):
        deliver(database, mailing, smtp, patience)
    found = sending.status(database, "2024-07")
    assert (found.mailing.state, found.totals.accepted, found.totals.rejected) == (MailingState.PAUSED, 2, 0)
    with database.reading() as connection:
        last = connection.execute(select(func.max(schema.batches.c.not_before))).scalar_one()
    time.sleep(max(0.0, (aware(last) - now()).total_seconds()))
    mailing = sending.resume(database, "2024-07")
    assert deliver(database, mailing, smtp, patience) == Totals(accepted=2, rejected=10)


@pytest.mark.parametrize("said", ["450 4.2.2 mailbox full", "550 5.7.1 not wanted by this recipient"])
def test_a_mailing_to_those_who_were_refused_comes_to_its_end(
    said: str, database: Database, server: SmtpServer
) -> None:
    """Nobody of them may be accepted again, but the others have the issue from the same provider."""
    server.refused = {LAST: said}
    smtp = provider(server)
    deliver(database, start(database, smtp), smtp)
    for _ in range(2):
        assert deliver(database, start(database, smtp, Plan(rest=True)), smtp) == Totals(rejected=1, suppressed=11)


def test_the_rest_of_a_mailing_that_reached_a_few_proves_nothing(database: Database, server: SmtpServer) -> None:
    """It may be the server: most of the readers never got anything from it."""
    smtp = provider(server)
    mailing = start(database, smtp, Plan(canary=2))
    deliver(database, mailing, smtp)
    sending.stop(database, mailing.id, "by a person", mailing.started_at)
    server.put_off = dict.fromkeys(READERS, 1000)
    with pytest.raises(ProviderError, match="every reader is put off by their mail server"):
        deliver(database, start(database, smtp, Plan(rest=True)), smtp)
