"""Events in the database: kept once, joined to deliveries, with what follows from them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from newsletter.audience import erase, show
from newsletter.audience.erasing import emptied
from newsletter.config import TrackingSettings
from newsletter.model.event import Arrival, Bounce, Event, EventKind
from newsletter.sending import status
from newsletter.store import Database, schema, stored
from newsletter.store.settling import SETTLED
from newsletter.tracking import Answer, Received, record, record_events, report
from newsletter.tracking.recording import forget_receipts
from newsletter.tracking.webhooks import KINDS
from newsletter.tracking.webhooks.signing import sha256
from tests.tracking import making as make

DEFAULT = TrackingSettings()
ANNA, BEN, CLEO = "anna@example.org", "ben@example.org", "cleo@example.org"


def received(kind: str, told: Event, *, key: str = "", now: dt.datetime = make.NOW) -> Received:
    """Return a verified call that tells an event."""
    call = make.call(kind, told, now=now)
    webhook = KINDS[kind]
    verified = webhook.verify(call, make.keys(kind), now)
    return Received("main", webhook, key or verified, sha256(call.body), webhook.read(call.body), now)


def tell(database: Database, *told: Event, settings: TrackingSettings = DEFAULT, provider: str = "main") -> int:
    """Record events."""
    return record_events(database, provider, told, settings, now=make.NOW)


def rows(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    """Return columns of a table, sorted."""
    with database.reading() as connection:
        return sorted(connection.execute(select(*columns)).all(), key=repr)


def suppressed(database: Database) -> list[tuple[str, str, str]]:
    """Return who must not be written to, and why."""
    table = schema.suppressions.c
    return rows(database, table.address_key, table.reason, table.source)


def consent(database: Database) -> list[tuple[Any, ...]]:
    """Return what the subscribers said about the list."""
    table = schema.consents.c
    return rows(database, table.subscriber_id, table.state, table.source, table.changed_at)


def arrivals(database: Database) -> list[str]:
    """Return how far the deliveries came, by subscriber."""
    return [state for _, state in rows(database, schema.arrivals.c.subscriber_id, schema.arrivals.c.state)]


def test_a_call_is_recorded_once(database: Database) -> None:
    """A repetition is answered as before and changes nothing, whether in the same group or later."""
    token = make.sent(database)[ANNA]
    call = received("resend", make.event(delivery=token))
    assert record(database, [call, call], DEFAULT) == [Answer.RECORDED, Answer.REPEATED]
    assert record(database, [call], DEFAULT) == [Answer.REPEATED]
    table = schema.events.c
    assert rows(database, table.provider, table.key, table.kind, table.mailing_id, table.subscriber_id) == [
        ("main", "event-1", "delivered", 1, 1)
    ]


def test_a_key_with_another_body_is_a_replay(database: Database) -> None:
    """Mailgun signs no body: a recorded signature must not carry another event."""
    tokens = make.sent(database)
    call = received("mailgun", make.event(delivery=tokens[ANNA]), key="token")
    forged = received("mailgun", make.event(EventKind.COMPLAINED, delivery=tokens[BEN], key="event-2"), key="token")
    assert record(database, [call, forged], DEFAULT) == [Answer.RECORDED, Answer.REPLAYED]
    assert record(database, [forged], DEFAULT) == [Answer.REPLAYED]
    assert rows(database, schema.events.c.kind) == [("delivered",)]
    assert suppressed(database) == []


def test_the_same_event_by_two_calls_is_one(database: Database) -> None:
    """A provider that repeats in another call, or a batch that overlaps with an earlier one."""
    token = make.sent(database)[ANNA]
    event = make.event(EventKind.BOUNCED, delivery=token)
    assert tell(database, event, event) == 1
    assert tell(database, event) == 0
    assert len(rows(database, schema.events.c.id)) == 1


def test_a_complaint_about_a_tidied_delivery_counts_for_its_reader(database: Database) -> None:
    """The delivery has lost its address; who was erased since stays unknown."""
    tokens = make.sent(database)
    with database.writing() as connection:
        connection.execute(update(schema.deliveries).values(emptied(schema.deliveries)))
        connection.execute(schema.subscribers.delete().where(schema.subscribers.c.address_key == BEN))
    tell(database, *(make.event(EventKind.COMPLAINED, delivery=tokens[who], key=who) for who in (ANNA, BEN)))
    assert suppressed(database) == [(ANNA, "complaint", "told by main")]


def test_what_servers_say_of_somebody_goes_with_them(database: Database) -> None:
    """They name people without an address, too; what is told later of somebody who was erased is only counted."""
    token = make.sent(database)[ANNA]
    said = {"reason": "550 5.1.1 no mailbox Anna.Secret here", "bounce": Bounce.SOFT, "delivery": token}
    tell(database, make.event(EventKind.BOUNCED, key="before", **said))
    assert show(database, ANNA)["events"][0]["reason"] == said["reason"]
    erase(database, ANNA, now=make.NOW)
    tell(database, make.event(EventKind.BOUNCED, key="after", **said))
    tell(database, make.event(EventKind.BOUNCED, key="of a letter", **(said | {"delivery": make.NOBODY})))
    table = schema.events.c
    assert rows(database, table.key, table.kind, table.mailing_id, table.subscriber_id, table.reason) == [
        ("after", "bounced", 1, None, ""),
        ("before", "bounced", 1, None, ""),
        ("of a letter", "bounced", None, None, ""),
    ]


def test_what_a_reader_said_of_an_earlier_message_is_none_of_this_issues_numbers(database: Database) -> None:
    """It has its consequences all the same: the provider keeps a message back for it that nobody has seen."""
    tokens = make.sent(database)
    said = {ANNA: EventKind.COMPLAINED, BEN: EventKind.UNSUBSCRIBED}
    for who, kind in said.items():
        blocked = make.event(EventKind.BOUNCED, delivery=tokens[who], key=f"{who} kept back", bounce=Bounce.BLOCK)
        tell(database, blocked, make.event(kind, delivery=tokens[who], key=f"{who} before", told_again=True))
    tell(database, make.event(EventKind.COMPLAINED, delivery=tokens[CLEO], key="of this one"))
    found = report(database, 1)
    assert (found.readers["complained"], found.readers["unsubscribed"]) == (1, 0)
    assert found.arrived[Arrival.BLOCKED] == 2
    assert [address for address, *_ in suppressed(database)] == [ANNA, CLEO]
    assert [(who, state) for who, state, *_ in consent(database)] == [
        (1, "confirmed"),
        (2, "unsubscribed"),
        (3, "confirmed"),
    ]


def test_a_person_may_overrule_what_was_recorded(database: Database) -> None:
    """An old call that comes again does not suppress anew an address that somebody has freed."""
    token = make.sent(database)[ANNA]
    event = make.event(EventKind.BOUNCED, delivery=token)
    tell(database, event)
    with database.writing() as connection:
        connection.execute(schema.suppressions.delete())
    tell(database, event)
    assert suppressed(database) == []


def deliveries(database: Database) -> list[tuple[str, str, str]]:
    """Return state and detail of the deliveries."""
    table = schema.deliveries.c
    return rows(database, table.address, table.state, table.detail)


def standing(database: Database) -> tuple[list[str], str]:
    """Return the states of the batches, and of the mailing."""
    batches = [state for (state,) in rows(database, schema.batches.c.state)]
    return batches, status(database, "2024-07").mailing.state.value


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.OTHER])
def test_any_event_of_an_unknown_delivery_proves_that_it_was_accepted(database: Database, kind: EventKind) -> None:
    """The provider could not speak of what it never took."""
    tokens = make.sent(database, state="unknown")
    tell(database, make.event(kind, delivery=tokens[ANNA]))
    assert deliveries(database) == [(ANNA, "accepted", SETTLED), (BEN, "unknown", ""), (CLEO, "unknown", "")]
    assert standing(database) == (["held"], "partly sent")


@pytest.mark.parametrize("batch", ["held", "unknown"])
def test_a_batch_without_doubt_is_done_and_so_is_its_mailing(database: Database, batch: str) -> None:
    """Nothing is left for a person to decide."""
    tokens = make.sent(database, state="unknown")
    with database.writing() as connection:
        connection.execute(update(schema.batches).values(state=batch))
    for number, token in enumerate(tokens.values()):
        assert standing(database) == ([batch], "partly sent")
        tell(database, make.event(delivery=token, key=f"e{number}"))
    assert standing(database) == (["done"], "sent")
    totals = status(database, "2024-07").totals
    assert (totals.accepted, totals.unknown, totals.candidates) == (3, 0, 3)


def test_only_the_batch_and_the_mailing_without_doubt_are_done(database: Database) -> None:
    """Those of another edition, or of another issue to the same readers, wait for their own; what was done stays so."""
    tokens = make.sent(database, state="unknown")
    make.sent(database, issue="2024-08", state="unknown")
    early = stored(make.NOW - dt.timedelta(days=1))
    other = {"mailing_id": 1, "first_id": 1, "last_id": 3, "size": 1}
    with database.writing() as connection:
        table = schema.deliveries.c
        connection.execute(
            update(schema.deliveries).where(table.mailing_id == 1, table.address == CLEO).values(edition=1)
        )
        connection.execute(insert(schema.batches), other | {"edition": 1, "state": "held"})
        connection.execute(update(schema.batches).values(not_before=early, detail="no answer"))
        connection.execute(insert(schema.batches), other | {"edition": 2, "state": "done", "finished_at": early})

    def told() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        batch, mailing = schema.batches.c, schema.mailings.c
        columns = (batch.mailing_id, batch.edition, batch.state, batch.not_before, batch.finished_at, batch.detail)
        return rows(database, *columns), rows(database, mailing.issue, mailing.state)

    done, doubted = ("done", None, stored(make.NOW), ""), ("held", early, None, "no answer")
    earlier, elsewhere = (1, 2, "done", None, early, ""), (2, 0, *doubted)
    tell(database, *(make.event(delivery=tokens[who], key=who) for who in (ANNA, BEN)))
    assert told() == (
        [(1, 0, *done), (1, 1, *doubted), earlier, elsewhere],
        [("2024-07", "partly sent"), ("2024-08", "partly sent")],
    )
    tell(database, make.event(delivery=tokens[CLEO], key=CLEO))
    assert told() == (
        [(1, 0, *done), (1, 1, *done), earlier, elsewhere],
        [("2024-07", "sent"), ("2024-08", "partly sent")],
    )


@pytest.mark.parametrize("state", ["pending", "claimed", "rejected", "suppressed"])
def test_other_deliveries_keep_their_state(database: Database, state: str) -> None:
    """What is claimed belongs to its sender, and nobody is passed over because of an event."""
    token = make.sent(database, state=state)[ANNA]
    tell(database, make.event(delivery=token))
    assert {found for _, found, _ in deliveries(database)} == {state}
    assert arrivals(database) == ["delivered"]


def test_an_unknown_kind_settles_nothing(database: Database) -> None:
    """Nobody knows what it means."""
    token = make.sent(database, state="unknown")[ANNA]
    tell(database, make.event(EventKind.OTHER, delivery=token, raw="{}"))
    assert {found for _, found, _ in deliveries(database)} == {"unknown"}
    assert rows(database, schema.events.c.mailing_id, schema.events.c.raw) == [(1, "{}")]


def everything(database: Database) -> str:
    """Return all text in all tables but those where addresses have their place."""
    found = []
    with database.reading() as connection:
        for table in schema.metadata.sorted_tables:
            if table.name not in {"subscribers", "deliveries", "suppressions", "mailings"}:
                found += [repr(row) for row in connection.execute(select(table))]
    return "\n".join(found)


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_stay_where_they_belong(database: Database, kind: str) -> None:
    """Servers repeat the address in what they say; neither events nor receipts keep it."""
    token = make.sent(database)[ANNA]
    reason = "550 5.1.1 <anna@example.org>: anna@example.org is unknown; see https://x.example/?r=anna%40example.org"
    calls = [
        received(kind, make.event(EventKind.BOUNCED, delivery=token, reason=reason, key="1")),
        received(kind, make.event(EventKind.DELIVERED, delivery=token, key="2")),
    ]
    assert record(database, calls, DEFAULT) == [Answer.RECORDED] * 2
    kept = everything(database)
    assert "5.1.1" in kept
    assert "anna" not in kept.lower()


def test_a_time_in_the_future_is_not_believed(database: Database) -> None:
    """It would outlive every later consent."""
    token = make.sent(database)[ANNA]
    tell(database, make.event(EventKind.UNSUBSCRIBED, delivery=token, at=make.NOW + dt.timedelta(days=400)))
    assert consent(database)[0] == (1, "unsubscribed", "told by main", stored(make.NOW))


def test_receipts_are_forgotten_when_no_signature_is_good_any_more(database: Database) -> None:
    """The table stays small; events themselves are known by their own keys for good."""
    token = make.sent(database)[ANNA]
    call = received("resend", make.event(delivery=token))
    record(database, [call], DEFAULT)
    forget_receipts(database, now=make.NOW + dt.timedelta(days=3))
    assert len(rows(database, schema.receipts.c.key)) == 1
    forget_receipts(database, now=make.NOW + dt.timedelta(days=3, seconds=1))
    assert rows(database, schema.receipts.c.key) == []
    assert record(database, [call], DEFAULT) == [Answer.RECORDED]
    assert len(rows(database, schema.events.c.id)) == 1


def test_a_parser_that_fails_loses_nothing(database: Database) -> None:
    """The call is kept as one of an unknown kind: an error would only be repeated by the provider."""

    class Broken:
        def parse(self, content: Any, key: str) -> Sequence[Event]:
            raise KeyError(key)

    call = received("resend", make.event())
    broken = Received("main", Broken(), "call-1", call.body_sha256, call.content, call.received_at)  # type: ignore[arg-type]
    assert record(database, [broken, call], DEFAULT) == [Answer.RECORDED] * 2
    table = schema.events.c
    assert rows(database, table.key, table.kind, table.raw) == [
        ("call-1", "other", "\"<class 'dict'>\""),
        ("event-1", "delivered", ""),
    ]


def test_thousands_of_events_at_once(database: Database) -> None:
    """A batch is larger than any list of values in one statement."""
    people = [f"reader{number:05}@example.org" for number in range(3000)]
    tokens = make.sent(database, people, state="unknown")
    content = [
        {"event": "delivered", "sg_event_id": f"e{number}", "delivery": token, "timestamp": 1722157200}
        for number, token in enumerate(tokens.values())
    ]
    call = Received("main", KINDS["sendgrid"], "batch", sha256(json.dumps(content).encode()), content, make.NOW)
    assert record(database, [call], DEFAULT) == [Answer.RECORDED]
    assert standing(database) == (["done"], "sent")
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM arrivals WHERE state = 'delivered'")).scalar() == 3000
