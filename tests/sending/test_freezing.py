"""Starting a mailing."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from newsletter import sending
from newsletter.errors import NewsletterError, NotFound, Refused
from newsletter.model.edition import choose
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.sending.ledger import load
from newsletter.sending.providers.outbox import CAPABILITIES, Outbox
from newsletter.store import Database, schema
from tests.sending import making as make

OUTBOX = Outbox("outbox", Path("outbox"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give an empty database."""
    with make.database(tmp_path) as opened:
        yield opened


def start(database: Database, lists: Sequence[str] = ("monthly",), **fields: Any) -> Mailing:
    """Start the July issue to some lists."""
    return make.start(database, **{"provider": OUTBOX, "lists": lists, **fields})


def frozen(database: Database, *columns: str) -> list[tuple[Any, ...]]:
    """Return columns of the deliveries in order."""
    table = schema.deliveries
    with database.reading() as connection:
        return [
            tuple(row)
            for row in connection.execute(
                select(*(table.c[name] for name in columns)).order_by(table.c.mailing_id, table.c.subscriber_id)
            )
        ]


def test_the_part_of_the_lists_that_is_meant_is_kept(database: Database) -> None:
    """So that later nobody takes it for all of them; without one, nothing is said of it."""
    make.subscribe(database, make.addresses(2))
    part = start(database, plan=sending.Plan(segment='{"country":["AT"]}'))
    sending.stop(database, part.id, "tried out", make.NOW)
    whole = start(database, plan=sending.Plan(rest=True))
    assert load(database, part.id).envelope == replace(make.ENVELOPE, segment='{"country":["AT"]}')
    assert load(database, whole.id).envelope == make.ENVELOPE
    assert "segment" not in make.ENVELOPE.as_json()


def test_everybody_confirmed_gets_one_delivery(database: Database) -> None:
    """Over all lists together; who only asked or has left gets none, who is suppressed is written down as such."""
    make.subscribe(database, ["a@example.org", "b@example.org"], name="Anna Muster")
    make.subscribe(database, ["B@example.org", "c@example.org"], to="press")
    make.subscribe(database, ["pending@example.org"], state="pending")
    make.subscribe(database, ["left@example.org"], state="unsubscribed")
    make.suppress(database, "c@example.org", "complaint")
    assert start(database, ["monthly", "press"]) == Mailing(
        1, "2024-07", ("monthly", "press"), "outbox", MailingState.SENDING, make.NOW
    )
    assert frozen(database, "address", "name", "state", "detail") == [
        ("a@example.org", "Anna Muster", "pending", ""),
        ("b@example.org", "Anna Muster", "pending", ""),
        ("c@example.org", "", "suppressed", "complaint"),
    ]
    assert sending.status(database, "2024-07").totals == Totals(pending=2, suppressed=1)


def test_what_changes_later_changes_nothing(database: Database) -> None:
    """Editions, envelope, addresses and names are those of the start."""
    make.subscribe(database, ["a@example.org"], name="Anna")
    editions = (make.edition(images=(make.image(),)), make.edition(language="de"))
    mailing = start(database, editions=editions)
    make.subscribe(database, ["later@example.org"])
    with database.writing() as connection:
        connection.execute(update(schema.subscribers).values(address="new@example.org", name="New"))
    kept = load(database, mailing.id)
    assert (kept.mailing, kept.envelope, kept.editions) == (mailing, make.ENVELOPE, editions)
    assert frozen(database, "address", "name") == [("a@example.org", "Anna")]


def test_each_reader_gets_their_language(database: Database) -> None:
    """`de` serves `de-AT`; where none fits it is the issue's first. Capitals make no difference."""
    for language in ("", "en", "de", "de-AT", "fr", "den", "DE-CH"):
        make.subscribe(database, [f"reader-{language}@example.org"], language=language)
    editions = [make.edition(language="en"), make.edition(language="De")]
    start(database, editions=editions)
    found = frozen(database, "address", "edition")
    assert found == [
        ("reader-@example.org", 0),
        ("reader-en@example.org", 0),
        ("reader-de@example.org", 1),
        ("reader-de-AT@example.org", 1),
        ("reader-fr@example.org", 0),
        ("reader-den@example.org", 0),
        ("reader-DE-CH@example.org", 1),
    ]
    told = {address: address.removeprefix("reader-").removesuffix("@example.org") for address, _ in found}
    assert [(address, editions.index(choose(editions, told[address]))) for address in told] == found


@pytest.mark.parametrize(
    ("offered", "simplified", "traditional"),
    [(["en", "zh"], 1, 0), (["en", "zh-Hant"], 0, 1), (["en", "zh", "zh-Hant"], 1, 2), (["zh-TW", "zh"], 1, 0)],
)
def test_readers_of_chinese_get_it_in_their_characters(
    database: Database, offered: list[str], simplified: int, traditional: int
) -> None:
    """Or in the issue's first language; one who is asked about alone is told the same."""
    editions = [make.edition(language=language) for language in offered]
    wanted = dict.fromkeys(("zh", "zh-CN", "zh-Hans-HK"), simplified)
    wanted |= dict.fromkeys(("zh-TW", "zh-HK", "zh-Hant", "zh-Hant-MO"), traditional)
    for language in wanted:
        make.subscribe(database, [f"{language.lower()}@example.org"], language=language)
    start(database, editions=editions)
    assert [edition for (edition,) in frozen(database, "edition")] == [*wanted.values()]
    assert [editions.index(choose(editions, language)) for language in wanted] == [*wanted.values()]


def test_batches_are_runs_of_one_edition(database: Database) -> None:
    """Together they hold every pending delivery once."""
    for number in range(7):
        make.subscribe(database, [f"r{number}@example.org"], language="de" if number % 3 == 0 else "en")
    make.suppress(database, "r1@example.org")
    small = replace(OUTBOX, capabilities=replace(CAPABILITIES, max_recipients=2))
    start(database, editions=[make.edition(language="en"), make.edition(language="de")], provider=small)
    table = schema.batches
    with database.reading() as connection:
        rows = connection.execute(
            select(table.c.edition, table.c.first_id, table.c.last_id, table.c.size, table.c.state)
        )
        assert sorted(map(tuple, rows)) == [
            (0, 3, 5, 2, "pending"),
            (0, 6, 6, 1, "pending"),
            (1, 1, 4, 2, "pending"),
            (1, 7, 7, 1, "pending"),
        ]


def test_batches_are_cut_by_bytes_too(database: Database) -> None:
    """A provider takes only so much in one call."""
    make.subscribe(database, make.addresses(5))
    each = OUTBOX.prepare(make.edition(), make.ENVELOPE, make.NOW).bytes_each
    tight = replace(OUTBOX, capabilities=replace(CAPABILITIES, max_body_bytes=2 * each))
    start(database, provider=tight)
    with database.reading() as connection:
        assert sorted(connection.execute(select(schema.batches.c.size)).scalars()) == [1, 2, 2]


def test_a_wrong_count_is_refused(database: Database) -> None:
    """Counted where it is frozen, so that nobody can join in between; nothing is left behind."""
    make.subscribe(database, make.addresses(3))
    make.suppress(database, "reader0001@example.org")
    with pytest.raises(Refused) as caught:
        start(database, expect=3)
    assert (caught.value.message, caught.value.why, caught.value.fix, caught.value.exit_code) == (
        "2 people would get issue 2024-07, not 3, so nothing was sent",
        "the lists have changed since you counted, or another list was meant",
        "look at the lists, then send with --expect 2",
        5,
    )
    assert frozen(database, "state") == []
    assert start(database, expect=2).state is MailingState.SENDING


def test_nobody_to_send_to_is_refused(database: Database) -> None:
    """With the reason."""
    make.subscribe(database, ["a@example.org"])
    make.suppress(database, "a@example.org")
    with pytest.raises(Refused) as caught:
        start(database)
    assert (caught.value.message, caught.value.why) == (
        "nobody would get issue 2024-07, so nothing was sent",
        "1 of 1 on its lists must not be written to",
    )


def test_an_unknown_list_is_told(database: Database) -> None:
    """And how people get on it."""
    with pytest.raises(NotFound) as caught:
        start(database)
    assert (caught.value.message, caught.value.fix) == (
        "nobody is on the list 'monthly' yet",
        "import subscribers with: newsletter subscribers import FILE --list monthly",
    )


SEEN = (
    "see how far it came with: newsletter status 2024-07; "
    "for those who joined since or were refused: newsletter send 2024-07 --rest"
)


@pytest.mark.parametrize(
    ("state", "what", "fix"),
    [
        ("sending", "was already sent to", "go on with it: newsletter resume 2024-07"),
        ("paused", "was already sent to", "go on with it: newsletter resume 2024-07"),
        ("sent", "was already sent to", SEEN),
        ("partly sent", "was already sent to", SEEN),
        (
            "scheduled",
            "is already scheduled for",
            "see when it leaves with: newsletter status 2024-07; to take it back: newsletter stop 2024-07",
        ),
    ],
)
def test_the_same_issue_never_starts_twice_to_a_list(database: Database, state: str, what: str, fix: str) -> None:
    """Not even together with another list."""
    make.subscribe(database, ["a@example.org"])
    make.subscribe(database, ["b@example.org"], to="press")
    start(database)
    with database.writing() as connection:
        connection.execute(
            update(schema.mailings).values(state=state, provider="main", begins_at=dt.datetime(2024, 8, 1, 5, 0))
        )
    told = "is to leave" if state == "scheduled" else "started"
    for lists in (["monthly"], ["press", "monthly"]):
        with pytest.raises(Refused) as caught:
            start(database, lists)
        assert (caught.value.message, caught.value.why, caught.value.fix) == (
            f"issue 2024-07 {what} monthly, so it is not sent again",
            f"that mailing {told} on 2024-08-01 at 05:00 UTC and is {state}",
            fix,
        )
    assert start(database, issue="2024-08").id == 2


def test_an_issue_that_only_the_outbox_has_can_still_go_to_readers(database: Database) -> None:
    """Not unasked, for somebody may have handed the files on; but the way is told."""
    make.subscribe(database, ["a@example.org"])
    start(database)
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(state="sent", provider="outbox"))
    with pytest.raises(Refused) as caught:
        start(database)
    assert caught.value.fix == (
        f"{SEEN}; no reader got an email through outbox: for them, give the folder of the issue another name and send "
        "that"
    )


def test_an_issue_that_was_stopped_before_anything_left_starts_again(database: Database) -> None:
    """Whatever other issues have reached."""
    make.subscribe(database, ["a@example.org"])
    for issue in ("2024-06", "2024-07"):
        sending.stop(database, start(database, issue=issue).id, "by a person", make.NOW)
    june = schema.deliveries.c.mailing_id == 1
    with database.writing() as connection:
        connection.execute(update(schema.deliveries).where(june).values(state="accepted"))
    assert start(database, issue="2024-07").round == 2
    with pytest.raises(Refused, match="issue 2024-06 was already sent"):
        start(database, issue="2024-06")


def test_when_it_started_is_told_in_the_newsletters_zone(database: Database) -> None:
    """Which is named, so that nobody takes it for another."""
    make.subscribe(database, ["a@example.org"])
    start(database)
    with pytest.raises(Refused) as caught:
        sending.foresee(database, "2024-07", ["monthly"], plan=sending.Plan(zone=ZoneInfo("Europe/Vienna")))
    assert caught.value.why == "that mailing started on 2024-07-28 at 09:00 Europe/Vienna and is sending"


def test_another_list_later_leaves_out_who_had_the_issue(database: Database) -> None:
    """One person on two lists gets an issue once, in whatever order the lists are sent to."""
    make.subscribe(database, ["a@example.org", "b@example.org"])
    make.subscribe(database, ["b@example.org", "c@example.org"], to="press")
    start(database)
    assert sending.foresee(database, "2024-07", ["press"]).totals == Totals(pending=1, suppressed=1)
    start(database, ["press"], expect=1)
    assert frozen(database, "mailing_id", "address", "state", "detail")[2:] == [
        (2, "b@example.org", "suppressed", "got this issue before, or may have"),
        (2, "c@example.org", "pending", ""),
    ]


def test_two_people_starting_at_once_start_one_mailing(database: Database) -> None:
    """The second is refused."""
    make.subscribe(database, make.addresses(50))
    ends: list[str] = []

    def attempt() -> None:
        try:
            ends.append(start(database).issue)
        except NewsletterError as error:
            ends.append(type(error).__name__)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["2024-07", "Refused", "Refused", "Refused"]
    assert len(frozen(database, "state")) == 50


def test_a_real_provider_needs_an_address_for_readers_links(database: Database) -> None:
    """Nobody gets a message that cannot be left."""
    make.subscribe(database, ["a@example.org"])
    real = replace(OUTBOX, capabilities=replace(CAPABILITIES, reaches_readers=True))
    without = replace(make.ENVELOPE, public_url="")
    with pytest.raises(Refused, match="nobody could unsubscribe, so nothing is sent"):
        start(database, provider=real, envelope=without)
    assert start(database, envelope=without).id == 1


def test_foreseeing_counts_and_changes_nothing(database: Database) -> None:
    """What `send` tells before it asks."""
    make.subscribe(database, make.addresses(3))
    make.suppress(database, "reader0001@example.org")
    assert sending.foresee(database, "2024-07", ["monthly"]).totals == Totals(pending=2, suppressed=1)
    assert frozen(database, "state") == []
    with pytest.raises(NotFound):
        sending.foresee(database, "2024-07", ["press"])
    start(database)
    with pytest.raises(Refused, match="issue 2024-07 was already sent to monthly"):
        sending.foresee(database, "2024-07", ["monthly"])


def test_an_erased_subscriber_does_not_stand_in_the_way(database: Database) -> None:
    """The ledger does not depend on subscribers."""
    make.subscribe(database, ["a@example.org"])
    start(database)
    with database.writing() as connection:
        connection.execute(delete(schema.subscribers))
    assert frozen(database, "address") == [("a@example.org",)]


def test_an_issue_that_was_not_sent_has_no_status(database: Database) -> None:
    """And the next step is named."""
    with pytest.raises(NotFound) as caught:
        sending.status(database, "2024-09")
    assert (caught.value.message, caught.value.fix) == (
        "issue 2024-09 has not been sent",
        "send it with: newsletter send 2024-09",
    )


def test_each_reader_gets_the_edition_of_their_topics(database: Database) -> None:
    """Exactly theirs, in their language; the one with everything where there is none of their choice."""
    make.subscribe(database, ["all@example.org", "both@example.org", "one@example.org", "other@example.org"])
    make.subscribe(database, ["german@example.org"], language="de-AT")
    people = schema.subscribers
    wanted = {"both": ("borders", "diaspora"), "one": ("borders",), "other": ("law",), "german": ("borders",)}
    with database.writing() as connection:
        for name, topics in wanted.items():
            connection.execute(update(people).where(people.c.address == f"{name}@example.org").values(topics=topics))
    choices = [("borders",), ("borders", "diaspora"), ("law",)]
    assert sending.choices(database, ["monthly"]) == tuple(choices)
    editions = [
        make.edition(language=language, topics=topics)
        for language in ("en", "de")
        for topics in ((), ("borders",), ("borders", "diaspora"))
    ]
    start(database, editions=editions, expect=5)
    readers = {f"{name}@example.org": topics for name, topics in wanted.items()}
    for address, number in frozen(database, "address", "edition"):
        language = "de-AT" if address.startswith("german") else ""
        assert choose(editions, language, readers.get(address, ())) is editions[number]
    assert dict(frozen(database, "address", "edition")) == {
        "all@example.org": 0,
        "both@example.org": 2,
        "one@example.org": 1,
        "other@example.org": 0,
        "german@example.org": 4,
    }
