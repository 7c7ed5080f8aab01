"""Calls of which nobody heard: repeated, searched for, taken apart, held."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update

from newsletter import sending
from newsletter.audience.erasing import erase
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import ledger
from newsletter.sending.ledger import Claim
from newsletter.sending.providers.contract import (
    Accepted,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    accepted,
    not_taken,
    unsure,
)
from newsletter.store import schema
from tests.sending import making as make
from tests.sending.book import ABLE, Book, good, ids


def test_what_a_dead_process_left_claimed_is_unknown_and_never_pending(book: Book) -> None:
    """It is repeated, not sent anew."""
    claim = book.claimed()
    book.set_found_aside()
    assert book.totals == Totals(pending=8, unknown=2)
    assert book.claimed().request == claim.request


@pytest.mark.parametrize("after", [23 * 3600, -601], ids=["late", "clock set back"])
def test_outside_the_window_an_unknown_batch_is_held(book: Book, after: float) -> None:
    """And never repeated by itself, not even by a process that slept in between."""
    book.claimed()
    book.set_found_aside()
    for _ in range(2):
        claim = book.claimed(after=after)
        assert not claim.repeats
        book.record(claim, good(claim))
    assert book.claim(after=after) is None
    assert book.batches("state", "detail")[2] == ("held", "the provider no longer knows the first call")
    assert ledger.finish(book.database, 1, now=make.NOW, reason="") == (
        MailingState.PARTLY_SENT,
        Totals(accepted=8, unknown=2),
    )


@pytest.mark.parametrize("after", [23 * 3600 - 1, -600])
def test_inside_the_window_it_is_repeated(book: Book, after: float) -> None:
    """Up to its last second; a clock may be a little wrong."""
    book.claimed()
    book.set_found_aside()
    assert book.claimed(after=after).repeats


def test_without_idempotency_nothing_unknown_is_repeated(book: Book) -> None:
    """At most once, until a person says otherwise."""
    able = replace(ABLE, replay_window=None)
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "no answer"), conclusive=False), able=able)
    assert book.batches("state", "detail")[2] == ("held", "no answer")
    book.claimed()
    book.set_found_aside()
    last = book.claim(able=able)
    assert last
    assert not last.repeats
    assert [state for (state,) in book.batches("state")] == ["held", "claimed", "held"]


def test_an_unsure_call_is_held_when_repeating_cannot_tell_more(book: Book) -> None:
    """The key was used for another body, or the window has closed meanwhile."""
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "other body"), final=True))
    other = book.claimed()
    book.record(other, Verdict(unsure(other.batch, "late")), after=23 * 3600)
    assert [state for (state,) in book.batches("state")] == ["held", "pending", "held"]


def test_a_call_that_cannot_be_made_again_alike_is_held(book: Book) -> None:
    """An erased reader, or another version of the program: the provider would take it for a new call."""
    book.claimed()
    book.set_found_aside()
    with book.database.writing() as connection:
        connection.execute(
            update(schema.deliveries).where(schema.deliveries.c.subscriber_id == 9).values(address="x@example.org")
        )
    assert ids(book.claimed()) == make.addresses(4)
    assert book.batches("state", "detail")[2] == ("held", "the same call cannot be made again")
    assert book.totals == Totals(pending=4, claimed=4, unknown=2)


def test_who_was_erased_while_unknown_keeps_nobody_else_from_getting_theirs(book: Book) -> None:
    """Nothing is left of their address, so the call cannot be made again; the mailing goes on."""
    claim = book.claimed()
    book.set_found_aside()
    erase(book.database, claim.batch.recipients[0].address, now=make.NOW)
    assert ids(book.claimed()) == make.addresses(4)
    assert book.batches("state", "detail")[2] == ("held", "the same call cannot be made again")
    assert book.totals == Totals(pending=4, claimed=4, unknown=2)


def test_what_was_certainly_not_taken_does_not_wait_for_what_is_unknown(book: Book) -> None:
    """Where a call cannot be repeated, its parts go separate ways, in batches that share nobody."""
    able = replace(ABLE, replay_window=None)
    claim = next(claim for claim in (book.claimed(), book.claimed()) if len(claim.subscribers) == 4)
    one, two, three, four = claim.batch.recipients
    outcomes = (
        Accepted(one.delivery_id, "id"),
        NotTaken(two.delivery_id, "busy"),
        Unsure(three.delivery_id, "lost"),
        NotTaken(four.delivery_id, "busy"),
    )
    book.record(claim, Verdict(outcomes), able=able)
    second, third, fourth = claim.subscribers[1:]
    assert book.batches("state", "first_id", "last_id", "size")[-3:] == [
        ("pending", second, second, 1),
        ("held", third, third, 1),
        ("pending", fourth, fourth, 1),
    ]
    assert book.totals == Totals(accepted=1, unknown=1, pending=6, claimed=2)


def test_a_sender_that_was_taken_for_dead_changes_only_what_is_certain(book: Book) -> None:
    """Its late answer does not undo what has happened since; who was accepted, was accepted."""
    claim = next(claim for claim in (book.claimed(), book.claimed()) if len(claim.subscribers) == 4)
    book.set_found_aside()
    book.record(claim, Verdict(not_taken(claim.batch, "busy")))
    assert book.totals.unknown == 6
    book.record(claim, Verdict(accepted(claim.batch, ["a", "b", "c", "d"])))
    assert (book.totals.accepted, book.totals.unknown) == (4, 2)
    again = [book.claimed(after=1) for _ in range(2)]
    assert sum(len(claim.subscribers) for claim in again) == 6


def test_who_was_accepted_by_a_late_answer_waits_no_more_to_be_sent_to_again(book: Book) -> None:
    """Its sender was taken for dead, and a person or a search had the message sent once more."""
    claim = book.claimed()
    book.set_found_aside(able=replace(ABLE, replay_window=None))
    ledger.reopen(book.database, 1, resend=True)
    assert book.totals == Totals(pending=10)
    book.record(claim, Verdict(not_taken(claim.batch, "busy")))
    assert book.totals == Totals(pending=10)
    book.record(claim, good(claim))
    assert book.totals == Totals(pending=8, accepted=2)
    assert not {*ids(claim)} & {*ids(book.claimed())}


def test_a_late_refusal_says_nothing_of_the_same_call_that_was_made_since(book: Book) -> None:
    """Of that one nobody has heard: who was told as rejected could be sent to with the rest, and get it twice."""
    first = book.claimed()
    book.set_found_aside()
    again = book.claimed()
    assert (again.repeats, again.batch) == (True, first.batch)
    book.set_found_aside()
    refused = tuple(Rejected(one.delivery_id, "550 no", certain=True) for one in first.batch.recipients)
    book.record(first, Verdict(refused))
    assert book.totals == Totals(pending=8, unknown=2)
    book.record(again, Verdict(refused))
    assert book.totals == Totals(pending=8, rejected=2)


def test_no_key_is_used_for_two_calls(book: Book) -> None:
    """Also after a person had a held call looked into, and then sent again: the provider would refuse the key."""
    able = replace(ABLE, replay_window=None)
    first = book.claimed()
    book.record(first, Verdict(not_taken(first.batch, "busy")))
    second = book.claimed()
    book.record(second, Verdict(unsure(second.batch, "lost"), final=True))
    ledger.reopen(book.database, 1, resend=False)
    while book.claim(able=able):
        pass
    ledger.reopen(book.database, 1, resend=True)
    third = book.claimed()
    assert ids(third) == ids(second) == ids(first)
    assert len({first.batch.key, second.batch.key, third.batch.key}) == 3


def test_a_held_call_whose_answer_comes_late_is_in_doubt_no_more(book: Book) -> None:
    """What `reconcile` shows are people, and nobody is left of these."""
    able = replace(ABLE, replay_window=None)
    claim = book.claimed()
    book.set_found_aside(able)
    assert book.claim(able=able)
    (doubt,) = sending.doubts(book.database, 1)
    assert (doubt.people, doubt.held) == (2, True)
    book.record(claim, good(claim), able=able)
    assert sending.doubts(book.database, 1) == ()
    assert book.totals.accepted == 2


def test_a_search_settles_what_nobody_heard_of(book: Book) -> None:
    """Found is accepted; what a complete search does not find is sent again under another key; not before it is due."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    claim = next(claim for claim in (book.claimed(), book.claimed()) if len(claim.subscribers) == 4)
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    sender = book.sender(able)
    assert not isinstance(ledger.claim(book.database, sender, book.at(599)), ledger.Search)
    search = ledger.claim(book.database, sender, book.at(601))
    assert isinstance(search, ledger.Search)
    assert (search.batch.key, search.since) == (claim.batch.key, make.NOW)
    assert [one.address for one in search.batch.recipients] == ids(claim)
    first, *others = search.batch.recipients
    ledger.settle(book.database, search, {first.delivery_id: "pm-1"}, book.at(602))
    assert (book.totals.accepted, book.totals.unknown) == (1, 0)
    again = ledger.claim(book.database, sender, book.at(603))
    assert isinstance(again, Claim)
    assert ids(again) == [one.address for one in others]
    assert again.batch.key != claim.batch.key
    assert not again.repeats


@pytest.mark.parametrize(
    ("after", "settle", "left"),
    [
        (24 * 3600 - 1, 10, Totals(accepted=1, pending=9)),
        (24 * 3600, 10, Totals(accepted=1, unknown=3, pending=6)),
        (24 * 3600, 24 * 60, Totals(accepted=1, pending=9)),
    ],
    ids=["while it is shown", "later", "waited for on purpose"],
)
def test_who_is_not_found_is_held_once_the_provider_may_have_forgotten(
    book: Book, after: float, settle: int, left: Totals
) -> None:
    """Who is found was accepted, however late; but a provider shows its messages for some days only."""
    able = replace(
        ABLE, replay_window=None, settle=dt.timedelta(minutes=settle), remembers=dt.timedelta(days=1), max_recipients=4
    )
    first, second = book.claimed(), book.claimed()
    book.record(first, Verdict(not_taken(first.batch, "busy")), able=able)
    book.record(second, Verdict(unsure(second.batch, "lost")), able=able)
    search = ledger.claim(book.database, book.sender(able), book.at(after))
    assert isinstance(search, ledger.Search)
    found = {second.batch.recipients[0].delivery_id: "pm-1"}
    ledger.settle(book.database, search, found, book.at(after + 1))
    assert book.totals == left
    assert [state for (state,) in book.batches("state")].count("held") == (1 if left.unknown else 0)


def test_a_late_search_that_finds_everybody_leaves_nothing_open(book: Book) -> None:
    """What it need not show any more is nobody's."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10), remembers=dt.timedelta(days=1))
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    search = ledger.claim(book.database, replace(book.sender(able), only_unknown=True), book.at(2 * 24 * 3600))
    assert isinstance(search, ledger.Search)
    assert not search.proves
    ledger.settle(
        book.database, search, {one.delivery_id: "" for one in search.batch.recipients}, book.at(2 * 24 * 3600)
    )
    assert (book.batches("state")[2], book.totals) == (("done",), Totals(accepted=2, pending=8))


def test_from_when_on_a_provider_can_be_asked_is_known(book: Book) -> None:
    """So that people are told what is waited for."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    assert sending.tells_at(book.database, 1, make.NOW) is None
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    assert sending.tells_at(book.database, 1, book.at(1)) == book.at(600)
    assert sending.tells_at(book.database, 1, book.at(601)) is None


def test_a_run_waits_for_what_can_be_asked_about(book: Book) -> None:
    """Also when nobody is left to send to; otherwise it would end with a doubt that is none an hour later."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    while claim := book.claim(able=able):
        lost = len(claim.subscribers) == 2
        book.record(claim, Verdict(unsure(claim.batch, "lost")) if lost else good(claim), able=able)
    waits = ledger.due(book.database, 1, book.at(1))
    assert waits
    assert (waits.at, waits.size) == (book.at(600), 2)


def test_a_search_says_nothing_about_a_later_call(book: Book) -> None:
    """While it took its time, a person had those sent to again, and of that call nobody can tell either."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    claim = next(claim for claim in (book.claimed(), book.claimed()) if len(claim.subscribers) == 4)
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    search = ledger.claim(book.database, book.sender(able), book.at(601))
    assert isinstance(search, ledger.Search)
    ledger.reopen(book.database, 1, resend=True)
    again = ledger.claim(book.database, book.sender(able), book.at(602))
    assert isinstance(again, Claim)
    assert ids(again) == ids(claim)
    book.record(again, Verdict(unsure(again.batch, "lost")), able=able)
    ledger.settle(book.database, search, {}, book.at(700))
    assert book.totals.unknown == 4


def test_what_a_dead_sender_left_is_asked_about_once_the_provider_can_tell(book: Book) -> None:
    """Asked at once, it would show nobody."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    claim = book.claimed()
    book.set_found_aside(able, after=1)
    sender = replace(book.sender(able), only_unknown=True)
    assert ledger.claim(book.database, sender, book.at(599)) is None
    search = ledger.claim(book.database, sender, book.at(601))
    assert isinstance(search, ledger.Search)
    assert [one.address for one in search.batch.recipients] == ids(claim)


def test_a_search_whose_asker_died_is_made_by_the_next(book: Book) -> None:
    """At once, although the asker had put it off for the time that it would need."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    assert isinstance(ledger.claim(book.database, book.sender(able), book.at(601)), ledger.Search)
    book.set_found_aside(able, after=602)
    assert isinstance(ledger.claim(book.database, book.sender(able), book.at(602)), ledger.Search)


def test_a_search_that_never_tells_is_given_up_until_a_person_asks_again(book: Book) -> None:
    """After forty calls and questions in a row, and once more after as many; an answer that does not count is none."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    sender = replace(book.sender(able), only_unknown=True)
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    for _ in range(2):
        questions, counted = 0, 0
        while isinstance(search := ledger.claim(book.database, sender, book.at(601)), ledger.Search):
            counts = questions % 10 != 5
            ledger.ask_again(book.database, search, "busy", now=book.at(601), retry_in=0, counts=counts)
            questions, counted = questions + 1, counted + counts
        assert (search, counted) == (None, 39)
        assert book.batches("state", "detail")[2] == ("held", "busy")
        assert ledger.reopen(book.database, 1, resend=False) == 1


def test_a_clock_that_was_set_back_since_the_call_lets_no_search_conclude(book: Book) -> None:
    """Nobody can tell how long ago that was, so who is not found may not be shown yet."""
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=replace(ABLE, replay_window=None))
    ledger.reopen(book.database, 1, resend=False)
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    sender = replace(book.sender(able), only_unknown=True)
    assert ledger.claim(book.database, sender, book.at(-601)) is None
    assert book.batches("state", "detail")[2] == (
        "held",
        "the clock was set back, so nobody can tell how long ago the call was made",
    )


def test_who_turns_out_not_to_have_got_a_mailing_that_had_ended_waits_to_be_sent_to(book: Book) -> None:
    """It is as it was before its end, and a person lets it go on."""
    blind = replace(ABLE, replay_window=None)
    while claim := book.claim():
        lost = len(claim.subscribers) == 2
        book.record(claim, Verdict(unsure(claim.batch, "lost")) if lost else good(claim), able=blind)
    ended = ledger.finish(book.database, 1, now=book.at(1), reason="")
    assert ended == (MailingState.PARTLY_SENT, Totals(accepted=8, unknown=2))
    assert ledger.reopen(book.database, 1, resend=False) == 1
    assert sending.status(book.database, "2024-07").mailing.state is MailingState.PARTLY_SENT
    able = replace(blind, settle=dt.timedelta(minutes=10))
    search = ledger.claim(book.database, replace(book.sender(able), only_unknown=True), book.at(601))
    assert isinstance(search, ledger.Search)
    ledger.settle(book.database, search, {}, book.at(602))
    found = ledger.finish(book.database, 1, now=book.at(603), reason="")
    assert found == (MailingState.PAUSED, Totals(accepted=8, pending=2))
    again = ledger.go_on(book.database, 1, book.at(604))
    assert again.state is MailingState.SENDING
    assert ids(book.claimed(after=604)) == ["reader0008@example.org", "reader0009@example.org"]


@pytest.mark.parametrize("kind", [NotTaken, Unsure])
def test_a_call_counts_for_the_quota_whatever_becomes_of_its_parts(book: Book, kind: type[NotTaken | Unsure]) -> None:
    """Who was accepted, or may have been, counts for a day, also when the others are sent to again."""
    able = replace(ABLE, replay_window=None, settle=dt.timedelta(minutes=10))
    claim = next(claim for claim in (book.claimed(), book.claimed()) if len(claim.subscribers) == 4)
    one, two, three, four = claim.batch.recipients
    outcomes = (
        Accepted(one.delivery_id, "id"),
        kind(two.delivery_id, "busy"),
        NotTaken(three.delivery_id, "busy"),
        Accepted(four.delivery_id, "id"),
    )
    book.record(claim, Verdict(outcomes), able=able)
    doubtful = 1 if kind is Unsure else 0
    # The other call under way is for two.
    assert _used(book, after=1) == 2 + 2 + doubtful
    again = ledger.claim(book.database, book.sender(able), book.at(700))
    while isinstance(again, ledger.Search):
        ledger.settle(book.database, again, {}, book.at(700))
        again = ledger.claim(book.database, book.sender(able), book.at(700))
    assert isinstance(again, Claim)
    assert _used(book, after=701) == 4 + len(again.subscribers)


def test_what_is_sent_again_by_a_persons_word_counts_twice(book: Book) -> None:
    """The first call may have been taken."""
    able = replace(ABLE, replay_window=None)
    claim = next(claim for claim in (book.claimed(), book.claimed()) if len(claim.subscribers) == 4)
    book.record(claim, Verdict(unsure(claim.batch, "lost")), able=able)
    ledger.reopen(book.database, 1, resend=True)
    assert _used(book, after=1) == 6
    again = book.claimed(after=1)
    assert _used(book, after=2) == 6 + len(again.subscribers)


def _used(book: Book, *, after: float) -> int:
    """Return how much of a quota of 100 a provider's calls have used, by asking what there is room for."""
    moment = book.at(after)
    return 100 - max(size for size in range(101) if ledger.room_at(book.database, "main", 100, size, moment) == moment)
