"""Refusals of single recipients: believed at once where they are certain, doubted while nobody was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import sending
from newsletter.errors import NewsletterError, PartlyAccepted, ProviderError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import Patience, Plan
from newsletter.sending.providers.sendgrid import CAPABILITIES as SENDGRID
from newsletter.sending.providers.sendgrid import SendGrid
from newsletter.sending.providers.smtp import CAPABILITIES as SMTP
from newsletter.sending.providers.smtp import Smtp
from newsletter.store import Database
from tests.sending import making as make
from tests.sending import sendgrid_server
from tests.sending.mail_server import serving
from tests.sending.servers import SERVERS, provider
from tests.sending.smtp_server import SmtpServer
from tests.sending.test_controls import QUICK, start

ANNA, BEA = "anna@example.org", "bea@example.org"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database without readers."""
    with make.database(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("kind", SERVERS)
def test_a_certain_refusal_of_the_only_recipient_is_final_at_once(kind: str, database: Database) -> None:
    """By one call; the mailing is at its end, and the reason is kept."""
    make.subscribe(database, [ANNA])
    server = SERVERS[kind](bad={ANNA})
    with serving(server):
        sender = provider(kind, server.url)
        assert sending.deliver(database, start(database, sender), sender, patience=QUICK) == Totals(rejected=1)
        assert len(server.accepted) == 0
    assert sending.status(database, "2024-07").mailing.state is MailingState.SENT
    assert kind == "smtp" or server.sends == 1


def test_a_few_wrong_addresses_in_every_call_stop_nothing(database: Database) -> None:
    """Each call is refused because of some of its readers, before the first one is accepted; the others get theirs."""
    readers = make.addresses(300)
    make.subscribe(database, readers)
    server = sendgrid_server.SendGridServer(bad=set(readers[::10]))
    with serving(server):
        able = replace(SENDGRID, max_recipients=20)
        provider = SendGrid("main", server.url, sendgrid_server.API_KEY, capabilities=able)
        totals = sending.deliver(database, start(database, provider), provider, patience=Patience(first=30))
    assert totals == Totals(accepted=270, rejected=30)


def test_what_is_in_doubt_beside_a_refusal_stays_in_doubt(database: Database) -> None:
    """The server took a message and hung up before it said so: nobody is written to again."""
    make.subscribe(database, [ANNA, BEA])
    server = SmtpServer(refused={ANNA: "550 5.7.1 recipient does not take mail from outside"})
    server.fault = lambda number: "reset after" if number == 1 else None
    with serving(server):
        provider = Smtp("main", server.url, "never", capabilities=replace(SMTP, in_flight=1))
        with pytest.raises(NewsletterError):
            sending.deliver(database, start(database, provider), provider, patience=QUICK)
    assert server.accepted == {BEA: 1}
    assert sending.status(database, "2024-07").totals == Totals(pending=1, unknown=1)


NOT_WANTED = "550 5.7.1 not wanted by this recipient"
# Long enough for everybody else to be tried first.
PATIENT = replace(QUICK, refused=5, refused_later=8, longest=2)


@pytest.mark.parametrize("at_once", [1, 4])
def test_what_is_refused_from_a_resume_on_costs_nobody_their_message(at_once: int, database: Database) -> None:
    """The first readers have it, then everybody is refused alike: it pauses as at first, however often it goes on."""
    readers = make.addresses(40)
    make.subscribe(database, readers)
    server = SmtpServer()
    with serving(server):
        provider = Smtp("main", server.url, "never", capabilities=replace(SMTP, in_flight=1, max_recipients=at_once))
        sending.deliver(database, start(database, provider, Plan(canary=4)), provider, patience=PATIENT)
        server.refused = dict.fromkeys(readers, NOT_WANTED)
        for _ in range(3):
            mailing = sending.resume(database, "2024-07")
            with pytest.raises(PartlyAccepted, match="the provider refuses one message after the other: 550 5"):
                sending.deliver(database, mailing, provider, patience=PATIENT)
            assert sending.status(database, "2024-07").totals == Totals(accepted=4, pending=36)
        server.refused = {}
        mailing = sending.resume(database, "2024-07")
        assert sending.deliver(database, mailing, provider, patience=PATIENT) == Totals(accepted=40)
    assert server.accepted == dict.fromkeys(readers, 1)


@pytest.mark.parametrize(("left", "pauses"), [(4, 0), (8, 1), (12, 2)])
def test_readers_who_are_all_refused_after_others_have_theirs_are_given_up(
    left: int, pauses: int, database: Database
) -> None:
    """Once everybody was tried: no mailing goes on for ever, and each pause tries some more."""
    readers = make.addresses(40)
    make.subscribe(database, readers)
    server = SmtpServer()
    with serving(server):
        provider = Smtp("main", server.url, "never", capabilities=replace(SMTP, in_flight=1, max_recipients=2))
        sending.deliver(database, start(database, provider, Plan(canary=40 - left)), provider, patience=PATIENT)
        server.refused = dict.fromkeys(readers, NOT_WANTED)
        for _ in range(pauses):
            with pytest.raises(PartlyAccepted):
                sending.deliver(database, sending.resume(database, "2024-07"), provider, patience=PATIENT)
        mailing = sending.resume(database, "2024-07")
        totals = sending.deliver(database, mailing, provider, patience=PATIENT)
    assert totals == Totals(accepted=40 - left, rejected=left)
    assert sending.rejected(database, mailing.id, 1)[0][1] == NOT_WANTED


@pytest.mark.parametrize(("at_once", "rejected"), [(1, 7), (4, 4), (12, 0)])
def test_one_message_after_the_other_refused_pauses_by_readers_and_not_by_calls(
    at_once: int, rejected: int, database: Database
) -> None:
    """A call has many of them: a message that is refused from some moment on costs as few with every provider."""
    readers = make.addresses(12 + at_once * 12)
    make.subscribe(database, readers)
    server = SmtpServer(refused=dict.fromkeys(readers[at_once:], NOT_WANTED))
    with serving(server):
        provider = Smtp("main", server.url, "never", capabilities=replace(SMTP, in_flight=1, max_recipients=at_once))
        with pytest.raises(PartlyAccepted, match="one message after the other"):
            sending.deliver(database, start(database, provider), provider, patience=PATIENT)
        left = len(readers) - at_once - rejected
        assert sending.status(database, "2024-07").totals == Totals(accepted=at_once, rejected=rejected, pending=left)
        server.refused = {}
        mailing = sending.resume(database, "2024-07")
        totals = sending.deliver(database, mailing, provider, patience=PATIENT)
    assert totals == Totals(accepted=len(readers) - rejected, rejected=rejected)


def test_a_server_that_knows_nobody_costs_nobody_their_message(database: Database) -> None:
    """It may be the wrong one: however often the mailing is resumed, it pauses with everybody still in it."""
    readers = make.addresses(40)
    make.subscribe(database, readers)
    server = SmtpServer(bad=set(readers))
    with serving(server):
        provider = Smtp("main", server.url, "never", capabilities=replace(SMTP, in_flight=1, max_recipients=4))
        start(database, provider)
        for _ in range(2):
            mailing = sending.resume(database, "2024-07")
            with pytest.raises(ProviderError, match="the provider refuses one message after the other: 550 5"):
                sending.deliver(database, mailing, provider, patience=PATIENT)
            assert sending.status(database, "2024-07").totals == Totals(pending=40)
        server.bad = set(readers[:8])
        mailing = sending.resume(database, "2024-07")
        assert sending.deliver(database, mailing, provider, patience=PATIENT) == Totals(accepted=32, rejected=8)


def test_a_few_readers_of_whom_a_server_knows_none_end_their_mailing(database: Database) -> None:
    """Everybody was tried, and it is certain of each."""
    readers = make.addresses(8)
    make.subscribe(database, readers)
    server = SmtpServer(bad=set(readers))
    with serving(server):
        provider = Smtp("main", server.url, "never", capabilities=replace(SMTP, in_flight=1, max_recipients=4))
        totals = sending.deliver(database, start(database, provider), provider, patience=PATIENT)
    assert totals == Totals(rejected=8)
