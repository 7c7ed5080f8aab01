"""What providers tell of deliveries while they are being sent: nobody is written to twice, and doubt ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newsletter.config import TrackingSettings
from newsletter.model.event import Event, EventKind
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import ledger, mailings_of
from newsletter.sending.ledger import Claim
from newsletter.sending.providers.contract import Verdict, unsure
from newsletter.store import schema
from newsletter.tracking import record_events
from tests.sending import making as make
from tests.sending.book import ABLE, Book, good, ids
from tests.tracking.making import sent

ONCE = replace(ABLE, replay_window=None)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """A started mailing of ten readers."""
    with make.database(tmp_path) as database:
        yield Book(database)


def hear(book: Book, *deliveries: str) -> None:
    """Let the provider tell that deliveries arrived."""
    told = [Event(EventKind.DELIVERED, f"event of {token}", token) for token in deliveries]
    record_events(book.database, "main", told, TrackingSettings(), now=make.NOW)


def tokens(claim: Claim) -> list[str]:
    """Return the delivery ids of a call."""
    return [recipient.delivery_id for recipient in claim.batch.recipients]


def no_answer(claim: Claim) -> Verdict:
    """Return the verdict on a call that nobody answered."""
    return Verdict(unsure(claim.batch, "no answer"), conclusive=False)


def test_an_unknown_call_is_repeated_byte_for_byte_although_some_of_it_is_settled(book: Book) -> None:
    """The provider would take anything else for another call, and write to people twice."""
    first = book.claimed()
    book.record(first, no_answer(first))
    hear(book, tokens(first)[0])
    assert book.totals == Totals(pending=8, accepted=1, unknown=1)
    again = book.claimed()
    assert (again.repeats, again.request) == (True, first.request)
    book.record(again, good(again))
    assert book.totals == Totals(pending=8, accepted=2)


def test_a_call_that_is_settled_whole_is_not_repeated(book: Book) -> None:
    """Everything is known of it."""
    first = book.claimed()
    book.record(first, no_answer(first))
    hear(book, *tokens(first))
    assert book.totals == Totals(pending=8, accepted=2)
    assert book.batches("state")[2] == ("done",)
    assert not book.claimed().repeats


def test_events_that_come_faster_than_the_answer_are_believed(book: Book) -> None:
    """Also where the answer never comes, and nobody can repeat the call."""
    first = book.claimed()
    hear(book, *tokens(first))
    assert book.totals == Totals(pending=8, claimed=2)
    book.record(first, no_answer(first), able=ONCE)
    assert book.totals == Totals(pending=8, accepted=2)
    assert book.batches("state", "detail")[2] == ("done", "")


@pytest.mark.parametrize("policy", ["hold", "resend"])
def test_what_was_told_before_the_sender_died_counts_after_it(book: Book, policy: str) -> None:
    """Whoever is known to have the message gets no second one, even where a team would rather send twice."""
    with book.database.writing() as connection:
        connection.execute(update(schema.mailings).values(on_unknown=policy))
    book.frozen = ledger.load(book.database, 1)
    first = book.claimed()
    hear(book, tokens(first)[0])
    book.set_found_aside(able=ONCE)
    assert book.totals == Totals(pending=8, unknown=2)
    called = []
    while (claim := book.claim(able=ONCE)) is not None:
        called += tokens(claim)
        book.record(claim, good(claim))
    assert tokens(first)[0] not in called
    assert (tokens(first)[1] in called) == (policy == "resend")
    assert len(called) == len(set(called))
    expected = Totals(accepted=10) if policy == "resend" else Totals(accepted=9, unknown=1)
    assert book.totals == expected


def test_what_is_told_before_a_call_is_repeated_is_not_sent_twice(book: Book) -> None:
    """A person had given it up for lost; what the provider has refused stays refused."""
    first = book.claimed()
    book.record(first, no_answer(first), able=ONCE)
    assert ledger.reopen(book.database, 1, resend=True) == 1
    deliveries = schema.deliveries
    with book.database.writing() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.address == ids(first)[1])
            .values(state="rejected", detail="no such user")
        )
    hear(book, *tokens(first))
    assert not {*tokens(first)} & {*tokens(book.claimed())}
    with book.database.reading() as connection:
        found = connection.execute(
            select(deliveries.c.state, deliveries.c.detail)
            .where(deliveries.c.address.in_(ids(first)))
            .order_by(deliveries.c.subscriber_id)
        ).all()
    assert found == [
        ("accepted", "the provider spoke of it before it was sent again"),
        ("rejected", "no such user"),
    ]


def test_what_is_told_while_the_rest_of_a_call_waits_for_a_quota_is_not_sent_twice(book: Book) -> None:
    """A person had given the call up for lost, and today's room was for half of it."""
    first = book.claimed()
    book.record(first, no_answer(first), able=ONCE)
    ledger.reopen(book.database, 1, resend=True)
    able = replace(ONCE, recipients_per_day=3)
    half = book.claim(able=able)
    assert half
    assert tokens(half) == tokens(first)[:1]
    book.record(half, good(half), able=able)
    hear(book, *tokens(first))
    later = book.claim(able=ONCE)
    assert later
    assert not {*tokens(first)} & {*tokens(later)}
    assert book.totals == Totals(pending=4, claimed=4, accepted=2)


def test_what_is_told_of_another_issue_settles_nothing(book: Book) -> None:
    """The reader got that one, which says nothing of this."""
    earlier = sent(book.database, make.addresses(10), issue="2024-06")
    hear(book, *earlier.values())
    first = book.claimed()
    book.record(first, no_answer(first), able=ONCE)
    assert book.totals == Totals(pending=8, unknown=2)
    assert ledger.reopen(book.database, 1, resend=True) == 1
    again = book.claimed()
    assert tokens(again) == tokens(first)


def test_the_last_doubt_that_is_settled_ends_the_mailing(book: Book) -> None:
    """A mailing that was partly sent is sent, and its batches say so."""
    doubted: list[str] = []
    while (claim := book.claim(able=ONCE)) is not None:
        if not doubted:
            doubted = tokens(claim)
            book.record(claim, no_answer(claim), able=ONCE)
        else:
            book.record(claim, good(claim))
    state, totals = ledger.finish(book.database, 1, now=make.NOW, reason="")
    assert (state, totals) == (MailingState.PARTLY_SENT, Totals(accepted=8, unknown=2))
    hear(book, *doubted)
    assert mailings_of(book.database, "2024-07")[0].state is MailingState.SENT
    assert {found for (found,) in book.batches("state")} == {"done"}
