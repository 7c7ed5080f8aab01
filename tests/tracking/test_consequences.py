"""What follows from events: who must not be written to any more, and who has left."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update

from newsletter import audience
from newsletter.config import TrackingSettings
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.store import Database, schema, stored
from newsletter.tracking import record_events
from tests.sending import making as sending
from tests.tracking import making as make
from tests.tracking.test_recording import ANNA, BEN, DEFAULT, arrivals, consent, rows, suppressed, tell


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (make.event(EventKind.BOUNCED), [(ANNA, "bounce", "told by main (5.1.1)")]),
        (make.event(EventKind.COMPLAINED), [(ANNA, "complaint", "told by main")]),
        (make.event(EventKind.BOUNCED, bounce=Bounce.SOFT, code="4.2.2"), []),
        (make.event(EventKind.BOUNCED, bounce=Bounce.BLOCK, code="5.7.1"), []),
        (make.event(EventKind.DEFERRED), []),
        (make.event(EventKind.UNSUBSCRIBED), []),
        (make.event(EventKind.OTHER, raw="{}"), []),
    ],
)
def test_hard_bounces_and_complaints_suppress_and_nothing_else(
    database: Database, told: Event, wanted: list[tuple[str, str, str]]
) -> None:
    """A policy of a server or a full mailbox says nothing about the address, and who leaves says so."""
    tell(database, replace(told, delivery=make.sent(database)[ANNA]))
    assert suppressed(database) == wanted
    anna = "unsubscribed" if told.kind is EventKind.UNSUBSCRIBED else "confirmed"
    assert [state for _, state, *_ in consent(database)] == [anna, "confirmed", "confirmed"]


def test_the_delivery_decides_whose_address_it_is(database: Database) -> None:
    """Not the address that an event names: a mailbox may be forwarded to another one."""
    token = make.sent(database)[ANNA]
    tell(database, make.event(EventKind.BOUNCED, delivery=token, recipient=BEN))
    assert suppressed(database) == [(ANNA, "bounce", "told by main (5.1.1)")]


def test_each_delivery_has_the_address_that_it_went_to(database: Database) -> None:
    """Readers change theirs from one issue to the next; what came back says nothing of the other one."""
    first, second = make.sent(database)[ANNA], make.sent(database, issue="2024-08")[ANNA]
    new = "anna@new.example.org"
    with database.writing() as connection:
        table = schema.deliveries.c
        connection.execute(
            update(schema.deliveries)
            .where(table.mailing_id == 2, table.address == ANNA)
            .values(address=new, address_key=new)
        )
    tell(database, make.event(EventKind.BOUNCED, delivery=first, key="first"))
    assert suppressed(database) == [(ANNA, "bounce", "told by main (5.1.1)")]
    tell(database, make.event(EventKind.COMPLAINED, delivery=second, key="second"))
    assert suppressed(database) == [
        (ANNA, "bounce", "told by main (5.1.1)"),
        (new, "complaint", "told by main"),
    ]


def test_an_event_of_no_delivery_is_believed_for_subscribers_only(database: Database) -> None:
    """A proof or a letter that bounces speaks for its address; a stranger's address is not ours to keep."""
    make.sent(database)
    strangers = make.event(EventKind.COMPLAINED, delivery="", key="2", recipient="stranger@example.org")
    tell(database, make.event(EventKind.BOUNCED, recipient="Ben@Example.org "), strangers)
    assert suppressed(database) == [(BEN, "bounce", "told by main (5.1.1)")]
    assert rows(database, schema.events.c.mailing_id, schema.events.c.subscriber_id) == [(None, None)] * 2
    assert arrivals(database) == []


def test_a_graver_reason_takes_the_place_of_another_but_never_a_persons(database: Database) -> None:
    """Complaints stand above bounces; what somebody decided by hand stands."""
    tokens = make.sent(database)
    sending.suppress(database, BEN, "by hand")
    for number, address in enumerate((ANNA, BEN)):
        tell(database, make.event(EventKind.BOUNCED, delivery=tokens[address], key=f"b{number}"))
        tell(database, make.event(EventKind.COMPLAINED, delivery=tokens[address], key=f"c{number}"))
    assert suppressed(database) == [(ANNA, "complaint", "told by main"), (BEN, "by hand", "")]


def test_of_two_reasons_alike_the_earlier_stays(database: Database) -> None:
    """Whichever is told first; of two at the same moment it is always the same one."""
    issues = [make.sent(database, issue=f"2024-0{number}")[ANNA] for number in range(1, 5)]
    hours = {"5.1.2": 0, "5.1.6": -1, "5.1.1": -1, "5.1.9": -1}
    held = []
    for token, (code, hour) in zip(issues, hours.items(), strict=True):
        at = make.NOW + dt.timedelta(hours=hour)
        tell(database, make.event(EventKind.BOUNCED, delivery=token, code=code, key=code, at=at))
        table = schema.suppressions.c
        held += rows(database, table.source, table.created_at)
    early = stored(make.NOW - dt.timedelta(hours=1))
    assert held == [
        ("told by main (5.1.2)", stored(make.NOW)),
        ("told by main (5.1.6)", early),
        ("told by main (5.1.1)", early),
        ("told by main (5.1.1)", early),
    ]


def test_what_bounced_for_good_stays_so_whatever_came_back_softly(database: Database) -> None:
    """A run may end when an issue arrives; an address that is not there is none of a run."""
    issues = [make.sent(database, issue=f"2024-0{number}") for number in range(1, 4)]
    soft = [
        make.event(EventKind.BOUNCED, bounce=Bounce.SOFT, delivery=issue[who], key=f"{who}{number}")
        for who in (ANNA, BEN)
        for number, issue in enumerate(issues)
    ]
    tell(database, *soft)
    assert suppressed(database) == [(who, "bounce", "3 soft bounces in a row") for who in (ANNA, BEN)]
    tell(database, make.event(EventKind.BOUNCED, delivery=make.sent(database, issue="2024-04")[ANNA], key="hard"))
    tell(database, make.event(delivery=issues[0][ANNA], key="arrived"))
    assert suppressed(database) == [
        (ANNA, "bounce", "told by main (5.1.1)"),
        (BEN, "bounce", "3 soft bounces in a row"),
    ]


def test_a_run_of_soft_bounces_suppresses(database: Database) -> None:
    """Three issues in a row by default; a block in between neither counts nor ends the run."""
    issues = [make.sent(database, issue=f"2024-0{number}")[ANNA] for number in range(1, 5)]
    soft = [
        make.event(EventKind.BOUNCED, bounce=Bounce.SOFT, delivery=token, key=f"s{number}")
        for number, token in enumerate(issues)
    ]
    tell(database, soft[0], soft[1])
    tell(database, make.event(EventKind.BOUNCED, bounce=Bounce.BLOCK, delivery=issues[2], key="block"))
    assert suppressed(database) == []
    tell(database, soft[3])
    assert suppressed(database) == [(ANNA, "bounce", "3 soft bounces in a row")]


def test_an_issue_that_arrived_ends_the_run_however_late_that_is_told(database: Database) -> None:
    """Order makes no difference, so a suppression that rested on the run alone is taken back."""
    issues = [make.sent(database, issue=f"2024-0{number}") for number in range(1, 5)]
    for who in (ANNA, BEN):
        for number, issue in enumerate(issues):
            soft = make.event(EventKind.BOUNCED, bounce=Bounce.SOFT, delivery=issue[who], key=f"{who}{number}")
            tell(database, soft)
    assert [who for who, _, _ in suppressed(database)] == [ANNA, BEN]
    # One came back before it arrived, and two since.
    tell(database, make.event(delivery=issues[1][ANNA], key="late"))
    assert [who for who, _, _ in suppressed(database)] == [BEN]


def test_a_run_goes_by_when_issues_left_and_not_by_when_they_were_planned(database: Database) -> None:
    """Before the holidays a team schedules several at once, in any order."""
    soft = make.event(EventKind.BOUNCED, bounce=Bounce.SOFT)
    for month in (9, 8, 7, 6):
        token = make.sent(database, issue=f"2024-{month:02d}")[ANNA]
        leaves = dt.datetime(2024, month, 1, 9, tzinfo=dt.UTC)
        with database.writing() as connection:
            issue = schema.mailings.c.issue == f"2024-{month:02d}"
            connection.execute(update(schema.mailings).where(issue).values(begins_at=stored(leaves)))
        # That of June arrived, before the three that came back.
        kind = make.event() if month == 6 else soft
        tell(database, replace(kind, delivery=token, key=f"{month}"))
    assert suppressed(database) == [(ANNA, "bounce", "3 soft bounces in a row")]
    assert [at for (at,) in rows(database, schema.suppressions.c.created_at)] == [stored(leaves.replace(month=9))]


def test_who_is_written_to_again_has_a_whole_run_anew(database: Database) -> None:
    """Else the first soft bounce after the team has brought somebody back would take them again."""
    day = dt.timedelta(days=1)
    issues = [make.sent(database, issue=f"2024-0{number}", now=make.NOW + number * day)[ANNA] for number in range(1, 4)]
    soft = make.event(EventKind.BOUNCED, bounce=Bounce.SOFT)
    tell(database, *(replace(soft, delivery=token, key=token) for token in issues))
    assert audience.unsuppress(database, ANNA, now=make.NOW + 4 * day) == "bounce"
    issues = [make.sent(database, issue=f"2024-0{number}", now=make.NOW + number * day)[ANNA] for number in range(5, 8)]
    tell(database, *(replace(soft, delivery=token, key=token) for token in issues[:2]))
    assert suppressed(database) == []
    tell(database, replace(soft, delivery=issues[2], key="last"))
    assert suppressed(database) == [(ANNA, "bounce", "3 soft bounces in a row")]


def test_what_came_back_before_the_team_decided_is_no_reason_whenever_it_is_told(database: Database) -> None:
    """A webhook is repeated for days, and mails that come back are read later; a complaint is the reader's own word."""
    tokens, hour = make.sent(database), dt.timedelta(hours=1)
    bounce = make.event(EventKind.BOUNCED, delivery=tokens[ANNA])
    tell(database, bounce)
    assert audience.unsuppress(database, ANNA, now=make.NOW + hour) == "bounce"
    tell(database, replace(bounce, key="again"), replace(bounce, key="by mail", delivery=make.NOBODY))
    assert suppressed(database) == []
    since = replace(bounce, key="since", at=make.NOW + 2 * hour)
    record_events(database, "main", [since], DEFAULT, now=make.NOW + 2 * hour)
    assert suppressed(database) == [(ANNA, "bounce", "told by main (5.1.1)")]
    audience.unsuppress(database, ANNA, now=make.NOW + 3 * hour)
    tell(database, replace(bounce, key="complaint", kind=EventKind.COMPLAINED, bounce=None))
    assert [(who, reason) for who, reason, _ in suppressed(database)] == [(ANNA, "complaint")]


def test_a_mail_that_lay_unread_since_before_the_team_decided_is_no_reason(database: Database) -> None:
    """It does not say when it came back; of an issue that left since it is one."""
    mail = make.event(EventKind.BOUNCED, at=None)
    first = make.sent(database)[ANNA]
    tell(database, replace(mail, delivery=first, key="first"))
    audience.unsuppress(database, ANNA, now=make.NOW - dt.timedelta(hours=1))
    tell(
        database,
        replace(
            mail, delivery=make.sent(database, issue="2024-06", now=make.NOW - dt.timedelta(days=9))[ANNA], key="old"
        ),
    )
    assert suppressed(database) == []
    tell(database, replace(mail, delivery=first, key="again"))
    assert suppressed(database) == [(ANNA, "bounce", "told by main (5.1.1)")]


def test_the_length_of_the_run_is_a_setting(database: Database) -> None:
    """A team may be more patient, or less."""
    token = make.sent(database)[ANNA]
    soft = make.event(EventKind.BOUNCED, bounce=Bounce.SOFT, delivery=token)
    tell(database, soft, settings=TrackingSettings(soft_bounces=1))
    assert suppressed(database) == [(ANNA, "bounce", "1 soft bounces in a row")]


def test_leaving_by_the_providers_link_leaves_the_lists_of_the_mailing(database: Database) -> None:
    """The reader does not care whose link it was."""
    tokens = make.sent(database)
    sending.subscribe(database, [ANNA], to="events")
    at = make.NOW + dt.timedelta(hours=2)
    event = make.event(EventKind.UNSUBSCRIBED, delivery=tokens[ANNA], at=at)
    record_events(database, "main", [event], DEFAULT, now=at)
    states = rows(database, schema.consents.c.list_id, schema.consents.c.subscriber_id, schema.consents.c.state)
    assert states == [(1, 1, "unsubscribed"), (1, 2, "confirmed"), (1, 3, "confirmed"), (2, 1, "confirmed")]
    assert (1, "unsubscribed", "told by main", stored(at)) in consent(database)
    # Of several such words the last one counts, and of two at the same moment always the same one.
    last = at + dt.timedelta(hours=1)
    words = (("main", last), ("main", at - dt.timedelta(hours=1)), ("other", last), ("main", last))
    for number, (provider, moment) in enumerate(words):
        again = make.event(EventKind.UNSUBSCRIBED, delivery=tokens[ANNA], key=f"again {number}", at=moment)
        record_events(database, provider, [again], DEFAULT, now=last)
    assert (1, "unsubscribed", "told by other", stored(last)) in consent(database)


def test_a_fresh_consent_outlives_an_older_wish_to_leave(database: Database) -> None:
    """Webhooks may come hours late; who signed up again since stays."""
    token = make.sent(database)[ANNA]
    with database.writing() as connection:
        connection.execute(
            update(schema.consents)
            .where(schema.consents.c.subscriber_id == 1)
            .values(changed_at=stored(make.NOW), source="form")
        )
    tell(database, make.event(EventKind.UNSUBSCRIBED, delivery=token, at=make.NOW - dt.timedelta(hours=1)))
    assert consent(database)[0][:3] == (1, "confirmed", "form")


def test_who_left_by_themselves_keeps_their_own_word(database: Database) -> None:
    """The proof of the earlier, direct word is not written over."""
    token = make.sent(database)[ANNA]
    with database.writing() as connection:
        connection.execute(
            update(schema.consents)
            .where(schema.consents.c.subscriber_id == 1)
            .values(state="unsubscribed", source="one click")
        )
    tell(database, make.event(EventKind.UNSUBSCRIBED, delivery=token))
    assert consent(database)[0][:3] == (1, "unsubscribed", "one click")
