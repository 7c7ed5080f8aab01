"""What readers and the team do while a mailing is being frozen."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from newsletter import audience, sending
from newsletter.model.mailing import Mailing, Totals
from newsletter.sending.providers.outbox import Outbox
from newsletter.store import Database, schema
from tests.databases import until_done_or_so_many_wait, until_so_many_wait
from tests.sending import making as make


@pytest.fixture
def database(tmp_path: Path, postgresql_address: str) -> Iterator[Database]:
    """A server's database; SQLite has one writer at a time."""
    with make.database(tmp_path, database=postgresql_address) as opened:
        make.subscribe(opened, ["anna@example.org", "ben@example.org"])
        yield opened


@contextmanager
def freezing(database: Database, people: ThreadPoolExecutor) -> Iterator[Future[Mailing]]:
    """Give a mailing whose deliveries are made and not counted yet, as takes seconds with a long list."""
    with database.writing() as connection:
        # What a server's ANALYZE takes, and no insert does.
        connection.execute(text("LOCK TABLE deliveries IN SHARE UPDATE EXCLUSIVE MODE"))
        begun = people.submit(
            sending.start,
            database,
            issue="2024-07",
            lists=["monthly"],
            editions=[make.edition()],
            envelope=make.ENVELOPE,
            provider=Outbox("outbox", Path("outbox")),
            expect=2,
            now=make.NOW,
        )
        until_so_many_wait(database, 1)
        yield begun


def test_a_reader_who_leaves_while_a_mailing_is_frozen_does_not_stop_it(database: Database) -> None:
    """Whom it is for is of one moment; who has left since is left out when their message is about to leave."""
    with ThreadPoolExecutor() as people:
        with freezing(database, people) as begun:
            audience.unsubscribe(database, "ben@example.org", source="link", now=make.NOW)
        begun.result(30)
    assert sending.status(database, "2024-07").totals == Totals(pending=2)


def test_nobody_who_is_erased_while_a_mailing_is_frozen_is_in_it(database: Database) -> None:
    """Erasing waits for it, or the mailing would hold the address again, for good."""
    with ThreadPoolExecutor() as people:
        with freezing(database, people) as begun:
            erased = people.submit(audience.erase, database, "ben@example.org", now=make.NOW)
            until_done_or_so_many_wait(database, erased, 2)
        begun.result(30)
        assert len(erased.result(30).deliveries) == 1
    with database.reading() as connection:
        rows = connection.execute(
            select(schema.deliveries.c.address, schema.deliveries.c.state).order_by(schema.deliveries.c.subscriber_id)
        ).all()
    assert [tuple(row) for row in rows] == [("anna@example.org", "pending"), ("", "suppressed")]
