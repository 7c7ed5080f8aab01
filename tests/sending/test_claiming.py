"""Claims and what comes of them, step by step."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from newsletter import sending
from newsletter.audience import erase
from newsletter.errors import StorageError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import ledger
from newsletter.sending.ledger import Claim, quota
from newsletter.sending.ledger.reading import Due
from newsletter.sending.providers.contract import (
    Accepted,
    Outcome,
    Rejected,
    Unsure,
    Verdict,
    not_taken,
    unsure,
)
from newsletter.store import aware, read_delivery_id, schema, signing_keys, stored
from tests.sending import making as make
from tests.sending.book import ABLE, Book, good, ids


def test_a_claim_is_in_the_ledger_before_the_call(book: Book) -> None:
    """With key, the body's SHA-256 and the time; its delivery ids are the signed tokens."""
    claim = book.claimed()
    # The smallest first: it is the one at the end.
    assert ids(claim) == ["reader0008@example.org", "reader0009@example.org"]
    digest = hashlib.sha256(claim.request.body).hexdigest()
    assert book.batches("state", "attempts", "idempotency_key", "body_sha256", "claimed_at")[2] == (
        "claimed",
        1,
        claim.batch.key,
        digest,
        make.NOW.replace(tzinfo=None),
    )
    assert book.totals == Totals(pending=8, claimed=2)
    keys = signing_keys(book.database, now=make.NOW).all
    assert [read_delivery_id(one.delivery_id, keys) for one in claim.batch.recipients] == [(1, 9), (1, 10)]


def test_every_batch_is_claimed_once(book: Book) -> None:
    """And then there is nothing more."""
    claims = [book.claimed(), book.claimed(), book.claimed()]
    assert sorted(address for claim in claims for address in ids(claim)) == make.addresses(10)
    assert len({claim.batch.key for claim in claims}) == 3
    assert book.claim() is None
    assert ledger.due(book.database, 1, make.NOW) is None


def test_a_whole_batch_is_recorded_at_once(book: Book) -> None:
    """With the provider's id for each message."""
    claim = book.claimed()
    book.record(claim, good(claim))
    assert book.totals == Totals(pending=8, accepted=2)
    assert book.batches("state", "finished_at", "detail")[2] == ("done", make.NOW.replace(tzinfo=None), "")
    with book.database.reading() as connection:
        table = schema.deliveries
        rows = connection.execute(select(table.c.address, table.c.provider_id).where(table.c.state == "accepted"))
        assert dict(map(tuple, rows)) == {address: f"id-{address}" for address in ids(claim)}


def test_whoever_left_since_the_start_is_left_out(book: Book) -> None:
    """Unsubscribed, suppressed, erased or in a pause that is not over: looked at again when claimed."""
    with book.database.writing() as connection:
        for number, until in ((4, make.NOW + dt.timedelta(seconds=1)), (3, make.NOW)):
            paused = update(schema.subscribers).where(schema.subscribers.c.id == number)
            connection.execute(paused.values(paused_until=stored(until)))
        consents = schema.consents
        connection.execute(update(consents).where(consents.c.subscriber_id == 9).values(state="unsubscribed"))
        connection.execute(schema.subscribers.delete().where(schema.subscribers.c.id == 1))
    make.suppress(book.database, "reader0001@example.org", "complaint")
    assert ids(book.claimed()) == ["reader0009@example.org"]
    assert ids(book.claimed()) == ["reader0002@example.org"]
    with book.database.reading() as connection:
        table = schema.deliveries
        rows = connection.execute(select(table.c.subscriber_id, table.c.detail).where(table.c.state == "suppressed"))
        assert sorted(map(tuple, rows)) == [
            (1, "left the lists after the mailing started"),
            (2, "complaint"),
            (4, "has paused after the mailing started"),
            (9, "left the lists after the mailing started"),
        ]


def test_an_address_that_cannot_be_written_is_rejected_before_the_call(tmp_path: Path) -> None:
    """The others of its batch go out."""
    with make.database(tmp_path) as database:
        make.subscribe(database, ["jürgen@example.org"])
        book = Book(database, readers=1)
        assert ids(book.claimed()) == ["reader0000@example.org"]
        assert book.totals == Totals(claimed=1, rejected=1)


def test_a_batch_of_nobody_is_done(book: Book) -> None:
    """And the next one is claimed instead."""
    for number in (8, 9):
        make.suppress(book.database, f"reader{number:04}@example.org")
    assert ids(book.claimed()) == make.addresses(4)
    assert [state for (state,) in book.batches("state")] == ["claimed", "pending", "done"]


def test_what_was_proven_not_sent_is_tried_again_under_another_key(book: Book) -> None:
    """When it is due, not before."""
    claim = book.claimed()
    book.record(claim, Verdict(not_taken(claim.batch, "busy")), retry_in=30)
    assert book.totals == Totals(pending=10)
    assert [ids(book.claimed()), ids(book.claimed())] == [make.addresses(8)[:4], make.addresses(8)[4:]]
    assert book.claim(after=29) is None
    assert ledger.due(book.database, 1, make.NOW) == Due(book.at(30), 2)
    assert ledger.due(book.database, 1, book.at(30)) == Due(book.at(30), 2)
    again = book.claimed(after=30)
    assert (ids(again), again.repeats, again.attempts) == (ids(claim), False, 2)
    assert again.batch.key != claim.batch.key


def test_an_unsure_call_is_repeated_with_the_same_bytes(book: Book) -> None:
    """Same key, same body, same members, even if one has left since."""
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "no answer"), conclusive=False), retry_in=5)
    assert book.totals == Totals(pending=8, unknown=2)
    make.suppress(book.database, "reader0008@example.org")
    assert ids(book.claimed(after=4)) == make.addresses(4)
    again = book.claimed(after=5)
    assert (again.request, again.batch, again.repeats, again.claimed_at) == (
        claim.request,
        claim.batch,
        True,
        make.NOW,
    )
    book.record(again, good(again))
    assert book.totals == Totals(pending=4, claimed=4, accepted=2)


@pytest.mark.parametrize("outcome", [not_taken, unsure])
def test_a_repeated_call_that_did_not_come_through_proves_nothing(book: Book, outcome: Any) -> None:
    """The first call may have been accepted, so its deliveries stay unknown."""
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "no answer"), conclusive=False))
    again = book.claimed()
    book.record(again, Verdict(outcome(again.batch, "429"), conclusive=False))
    assert book.totals == Totals(pending=8, unknown=2)
    assert book.claimed().batch.key == claim.batch.key


def test_a_conclusive_answer_settles_a_repeated_call(book: Book) -> None:
    """The provider knows the key, so its refusal is true of the first call too."""
    claim = book.claimed()
    book.record(claim, Verdict(unsure(claim.batch, "no answer"), conclusive=False))
    again = book.claimed()
    book.record(again, Verdict(not_taken(again.batch, "bad address"), divide=True))
    assert book.totals == Totals(pending=10)
    assert [ids(book.claimed()), ids(book.claimed())] == [["reader0008@example.org"], ["reader0009@example.org"]]


def test_a_refused_batch_is_divided_and_its_halves_go_first(book: Book) -> None:
    """Down to the one address that is at fault."""
    calls = []
    while (claim := book.claim()) is not None:
        calls.append(len(claim.batch.recipients))
        if "reader0005@example.org" not in ids(claim):
            book.record(claim, good(claim))
        elif len(claim.batch.recipients) > 1:
            book.record(claim, Verdict(not_taken(claim.batch, "one is bad"), divide=True))
        else:
            book.record(claim, Verdict((Rejected(claim.batch.recipients[0].delivery_id, "bad"),)))
    assert calls == [2, 4, 4, 2, 1, 1, 2]
    assert book.totals == Totals(accepted=9, rejected=1)


def test_the_halves_of_a_canary_are_canaries(book: Book) -> None:
    """The others wait until those have it."""
    with book.database.writing() as connection:
        connection.execute(update(schema.mailings).values(wave=0))
        connection.execute(update(schema.batches).where(schema.batches.c.id == 1).values(wave=0))
    claim = book.claimed()
    book.record(claim, Verdict(not_taken(claim.batch, "one is bad"), divide=True))
    assert [len(book.claimed().subscribers) for _ in range(2)] == [2, 2]
    assert book.claim() is None


def test_a_call_that_grew_too_large_is_divided_before_it_is_made(book: Book) -> None:
    """Long names, or a provider that takes less than it used to."""
    limit = 3 * book.prepared[0].bytes_each
    sizes = []
    while (claim := book.claim(able=replace(ABLE, max_recipients=3, max_body_bytes=limit))) is not None:
        sizes.append(len(claim.batch.recipients))
        book.record(claim, good(claim))
    assert sizes == [2, 2, 2, 2, 2]
    assert book.totals == Totals(accepted=10)


def test_one_message_alone_is_never_divided(book: Book) -> None:
    """It is tried, however large."""
    while (claim := book.claim(able=replace(ABLE, max_body_bytes=1))) is not None:
        assert len(claim.batch.recipients) == 1
        book.record(claim, good(claim))
    assert book.totals == Totals(accepted=10)


def test_partial_answers_are_recorded_one_by_one(book: Book) -> None:
    """What was accepted stays so, the rest waits; where one is unsure, nobody else is sent again."""
    first, second = book.claimed(), book.claimed()

    def mixed(claim: Claim, last: type[Outcome]) -> Verdict:
        recipients = claim.batch.recipients
        outcomes: list[Outcome] = [Accepted(recipients[0].delivery_id, "id")]
        outcomes += not_taken(claim.batch, "busy")[1:-1]
        return Verdict((*outcomes, last(recipients[-1].delivery_id, "reason")))

    book.record(first, mixed(first, Rejected))
    book.record(second, mixed(second, Unsure))
    assert book.totals == Totals(pending=4, accepted=2, rejected=1, unknown=3)


def test_totals_that_do_not_add_up_are_told(book: Book) -> None:
    """Nobody is lost in silence."""
    with book.database.writing() as connection:
        connection.execute(schema.deliveries.delete().where(schema.deliveries.c.subscriber_id == 3))
    with pytest.raises(StorageError, match="the mailing began with 10 deliveries and has 9 now"):
        ledger.finish(book.database, 1, now=make.NOW, reason="")


def test_a_finished_mailing_says_how_it_ended(book: Book) -> None:
    """Paused with the reason while something is left, sent when nothing is."""
    assert ledger.finish(book.database, 1, now=make.NOW, reason="quota")[0] is MailingState.PAUSED
    assert sending.status(book.database, "2024-07").mailing.reason == "quota"
    ledger.go_on(book.database, 1, make.NOW)
    assert sending.status(book.database, "2024-07").mailing.state is MailingState.SENDING
    while (claim := book.claim()) is not None:
        book.record(claim, good(claim))
    assert ledger.finish(book.database, 1, now=book.at(60), reason="") == (MailingState.SENT, Totals(accepted=10))
    with book.database.reading() as connection:
        row = connection.execute(select(schema.mailings)).one()
    assert (row.state, row.reason, aware(row.finished_at)) == ("sent", "", book.at(60))


def test_another_database_never_has_the_same_keys(tmp_path: Path) -> None:
    """Or a provider would answer for a mailing it has never seen."""
    keys = set()
    for name in ("one", "two"):
        with make.database(tmp_path / name) as database:
            keys.add(Book(database).claimed().batch.key)
    assert len(keys) == 2


@pytest.mark.parametrize("alike", [True, False])
def test_an_answer_writes_nothing_about_whom_was_erased_meanwhile(book: Book, alike: bool) -> None:
    """They count as what became of them; what the server said, and the provider's id, is not kept any more."""
    claim = book.claimed()
    erase(book.database, "reader0008@example.org", now=make.NOW)
    gone, other = claim.batch.recipients
    said = "550 5.1.1 <reader0008@example.org> unknown"
    outcomes: tuple[Outcome, ...] = (
        Rejected(gone.delivery_id, said),
        Rejected(other.delivery_id, said) if alike else Accepted(other.delivery_id, "id"),
    )
    book.record(claim, Verdict(outcomes))
    table = schema.deliveries
    with book.database.reading() as connection:
        row = connection.execute(
            select(table.c.state, table.c.address, table.c.provider_id, table.c.detail).where(
                table.c.subscriber_id == 9
            )
        ).one()
    assert tuple(row) == ("rejected", "", None, "")


def test_why_a_call_was_put_off_names_no_reader(book: Book) -> None:
    """The words stand with the batch, which stays when a reader is erased."""
    claim = book.claimed()
    book.record(claim, Verdict(not_taken(claim.batch, "450 4.2.0 <Reader0008@example.org>: greylisted")))
    assert book.batches("state", "detail")[2] == ("pending", "450 4.2.0 <…>: greylisted")


def test_the_last_room_in_a_quota_is_filled_by_a_smaller_batch(book: Book) -> None:
    """Seven of ten go today, in whatever batches they waited; the others a day after the calls that made it full."""
    able = replace(ABLE, recipients_per_day=7)
    claims = [book.claim(able=able), book.claim(able=able), book.claim(able=able)]
    assert [len(claim.subscribers) for claim in claims if claim] == [2, 4, 1]
    assert book.claim(able=able, after=86_399) is None
    for claim in claims:
        assert claim
        book.record(claim, good(claim), able=able)
    last = book.claim(able=able, after=86_401)
    assert last
    assert sorted(address for claim in (*claims, last) if claim for address in ids(claim)) == make.addresses(10)
    assert len({claim.batch.key for claim in (*claims, last) if claim}) == 4
    assert sum(size for state, size in book.batches("state", "size") if state in {"done", "claimed"}) == 10


def test_less_room_than_for_a_tenth_of_a_batch_is_not_worth_a_call() -> None:
    """Otherwise a mailing of several days would end in calls for one reader each."""
    assert [quota.least(size, 50_000) for size in (1, 19, 20, 1000)] == [1, 1, 2, 100]


def test_who_is_gone_takes_no_room(book: Book) -> None:
    """A batch of which readers were erased goes whole where those who are left fit."""
    book.claimed()
    erase(book.database, "reader0001@example.org", now=make.NOW)
    claim = book.claim(able=replace(ABLE, recipients_per_day=5))
    assert claim
    assert len(ids(claim)) == 3
    assert [state for (state,) in book.batches("state")].count("divided") == 0
