"""What the ledger keeps of readers who were put off or refused, for whoever makes the next try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter.model.mailing import Totals
from newsletter.sending import deferrals, ledger
from newsletter.sending.lanes import lane
from newsletter.sending.ledger import Claim
from newsletter.sending.providers.contract import Accepted, Because, NotTaken, Rejected, Unsure, Verdict, unsure
from newsletter.store import schema, stored
from tests.sending import making as make
from tests.sending.book import ABLE, Book, good

FULL = "452 4.2.2 full"
SPAM = "554 5.7.1 spam"


@pytest.fixture(params=["sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    """Give a started mailing of four readers, who are one batch."""
    settings: dict[str, Any] = {}
    if request.param == "postgresql":
        settings["database"] = request.getfixturevalue("postgresql_address")
    with make.database(tmp_path, **settings) as database:
        yield Book(database, readers=4)


def not_taken(claim: Claim, reason: str, because: Because, *, taken: int = 0) -> Verdict:
    """Return that some of the first readers have it, and the others not."""
    return Verdict(
        tuple(
            Accepted(one.delivery_id) if number < taken else NotTaken(one.delivery_id, reason, because)
            for number, one in enumerate(claim.batch.recipients)
        )
    )


def go_on(book: Book, after: float) -> None:
    """Pause the mailing, and let it go on."""
    ledger.pause(book.database, book.mailing.id, "by a person")
    ledger.go_on(book.database, book.mailing.id, book.at(after))


def test_who_comes_later_goes_on_counting_and_knows_who_waits(book: Book) -> None:
    """A sender that begins anew says what the mailing waits for, and counts from where others were."""
    claim = book.claimed()
    assert claim.put_off == 0
    book.record(claim, not_taken(claim, FULL, Because.MAILBOX, taken=2), after=1, retry_in=30)
    waits = ledger.due(book.database, book.mailing.id, book.at(2))
    assert waits
    assert deferrals.told(waits.put_off, waits.detail) == f"2 readers are put off by their mail server: {FULL}"
    again = book.claimed(after=31)
    assert (again.put_off, len(again.subscribers)) == (1, 2)


@pytest.mark.parametrize(("after", "times"), [(20, 0), (40, 1)])
def test_a_try_before_its_time_begins_the_count_anew(after: float, times: int, book: Book) -> None:
    """However often a mailing is resumed within half an hour, nobody is given up sooner."""
    claim = book.claimed()
    book.record(claim, not_taken(claim, FULL, Because.MAILBOX), retry_in=30)
    go_on(book, after)
    assert book.claimed(after=after).put_off == times


def test_who_waits_for_different_reasons_waits_apart(book: Book) -> None:
    """How often a batch was put off, and why it was put back, holds for each of its readers."""
    claim = book.claimed()
    first, second, third, fourth = (recipient.delivery_id for recipient in claim.batch.recipients)
    verdict = Verdict(
        (
            NotTaken(first, FULL, Because.MAILBOX),
            NotTaken(second, SPAM, Because.MESSAGE),
            NotTaken(third, "the connection was lost before"),
            Accepted(fourth),
        )
    )
    book.record(claim, verdict, retry_in=30)
    assert book.batches("state", "size", "put_off", "detail") == [
        ("done", 1, 0, ""),
        ("pending", 1, 1, FULL),
        ("pending", 1, 0, SPAM),
        ("pending", 1, 0, "the connection was lost before"),
    ]
    assert book.totals == Totals(accepted=1, pending=3)


def test_who_waits_for_the_same_reason_waits_together(book: Book) -> None:
    """Each batch is for all of its readers, and nobody of them is left behind."""
    claim = book.claimed()
    outcomes = tuple(
        NotTaken(one.delivery_id, *((FULL, Because.MAILBOX) if number < 2 else (SPAM, Because.MESSAGE)))
        for number, one in enumerate(claim.batch.recipients)
    )
    book.record(claim, Verdict(outcomes), retry_in=30)
    assert book.claim(after=29) is None
    assert [book.claimed(after=31).subscribers for _ in range(2)] == [claim.subscribers[:2], claim.subscribers[2:]]


def test_the_last_try_gives_up_those_alone_who_are_put_off_once_more() -> None:
    """Others of the same call have their message by then, or wait for something else."""
    verdict = Verdict(
        (
            Accepted("a"),
            NotTaken("b", FULL, Because.MAILBOX),
            NotTaken("c", SPAM, Because.MESSAGE),
            NotTaken("d", "the connection was lost before"),
            Unsure("e", "lost"),
        )
    )
    assert deferrals.defer(verdict, 1, (30, 60)) == deferrals.Deferred(verdict, 60, fresh=False, last=False)
    given_up = Rejected("b", f"{FULL} (put off 3 times in 2 minutes)", certain=True)
    outcomes = (verdict.outcomes[0], given_up, *verdict.outcomes[2:])
    assert deferrals.defer(verdict, 2, (30, 60)) == deferrals.Deferred(Verdict(outcomes), 0.0, fresh=False, last=True)
    assert deferrals.defer(replace(verdict, outcomes=outcomes), 2, (30, 60)) is None


def test_a_refusal_that_nobody_has_seen_is_not_the_first_of_two(book: Book) -> None:
    """Another sender may come to the batch before the mailing is paused: only a person's word makes it once more."""
    claim = book.claimed()
    book.record(claim, not_taken(claim, SPAM, Because.MESSAGE), retry_in=60)
    claim = book.claimed(after=60)
    assert claim.put_back == ""
    book.record(claim, not_taken(claim, SPAM, Because.MESSAGE), after=60, retry_in=60)
    go_on(book, 61)
    assert book.claimed(after=61).put_back == SPAM


def test_a_search_of_a_sender_that_lives_is_left_to_it(postgresql_address: str, tmp_path: Path) -> None:
    """Whoever begins beside it takes over what the dead have left, and nothing else."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    with make.database(tmp_path, database=postgresql_address) as shared:
        book = Book(shared, readers=4)
        with lane(shared, book.mailing) as first, lane(shared, book.mailing) as second:
            claim = book.claimed()
            book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
            search = ledger.claim(shared, book.sender(able, first.number), book.at(601))
            assert isinstance(search, ledger.Search)
            ledger.set_found_aside(shared, book.sender(able, second.number), book.at(602))
            assert ledger.claim(shared, book.sender(able, second.number), book.at(602)) is None
        ledger.set_found_aside(shared, book.sender(able, second.number), book.at(603))
        assert isinstance(ledger.claim(shared, book.sender(able, second.number), book.at(603)), ledger.Search)


def test_what_hinders_a_sender_does_not_hide_why_a_mailing_was_paused(book: Book) -> None:
    """Its calls under way may still fail afterwards."""
    ledger.note(book.database, 1, "calls to main fail: busy")
    assert ledger.load(book.database, 1).mailing.reason == "calls to main fail: busy"
    ledger.pause(book.database, 1, "by a person")
    ledger.note(book.database, 1, "calls to main fail: busy")
    assert ledger.load(book.database, 1).mailing.reason == "by a person"


def test_a_late_refusal_does_not_hide_what_a_newer_call_brings(book: Book) -> None:
    """Who was taken for dead learns that a reader is refused, while another has called again, who then is accepted."""
    late = book.claimed()
    book.set_found_aside()
    with book.database.writing() as connection:
        connection.execute(schema.batches.update().values(state="held"))
    ledger.reopen(book.database, book.mailing.id, resend=True)
    newer = book.claimed(after=60)
    book.record(late, Verdict(tuple(Rejected(one.delivery_id, FULL) for one in late.batch.recipients)), after=61)
    book.record(newer, good(newer), after=62)
    assert book.totals == Totals(accepted=4)


@pytest.mark.parametrize(("hours", "tried"), [(1.9, False), (2.1, True)])
def test_a_wait_that_nobody_could_have_asked_for_was_written_by_another_clock(
    hours: float, tried: bool, book: Book
) -> None:
    """What is tried again waits two hours at most: a clock that has been set back since keeps nobody from it."""
    claim = book.claimed()
    book.record(claim, not_taken(claim, "busy", Because.CALL), after=hours * 3600)
    assert (book.claim() is not None) == tried


@pytest.mark.parametrize(("hours", "asked"), [(25.9, False), (26.1, True)])
def test_a_search_waits_longer_than_a_try(hours: float, asked: bool, book: Book) -> None:
    """A provider may be given a day until it can tell; asked before, it would show nobody."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    due = book.at(hours * 3600)
    with book.database.writing() as connection:
        connection.execute(schema.batches.update().values(not_before=stored(due)))
    found = ledger.claim(book.database, replace(book.sender(able), only_unknown=True), make.NOW)
    assert isinstance(found, ledger.Search) == asked
