"""A database behind a pooler that gives a session for one transaction, as hosted ones are by default."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter import sending
from newsletter.audience import count_lists
from newsletter.config import Workspace
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import lanes
from newsletter.store import Database
from tests.audience.people import put, summary
from tests.databases import open_ready
from tests.pooler import pooled
from tests.sending import making as make
from tests.sending import resend_server, test_working
from tests.sending.mail_server import serving
from tests.sending.resend_server import ResendServer
from tests.sending.test_controls import resend, start, state
from tests.waiting import until


@pytest.fixture
def address(postgresql_address: str) -> Iterator[str]:
    """Give the address of the pooler."""
    with pooled(postgresql_address) as led:
        yield led


@pytest.fixture
def server() -> Iterator[ResendServer]:
    """Give a mail API that takes its time."""
    with serving(resend_server.ResendServer(latency=lambda: 0.1)) as started:
        yield started


@pytest.fixture
def workspace(address: str, tmp_path: Path, server: ResendServer) -> Workspace:
    """Give a workspace whose database is behind the pooler."""
    return test_working.space(tmp_path, server.url, address)


@pytest.fixture
def database(workspace: Workspace) -> Iterator[Database]:
    """Give its database."""
    with open_ready(workspace) as opened:
        yield opened


def test_each_file_is_imported_as_it_was_planned(database: Database, workspace: Workspace) -> None:
    """What an import before has prepared in some session is nothing to the next."""
    one, other = "email\na@example.org\nb@example.org\n", "email\nc@example.org\n"
    for _ in range(4):
        planned = [put(database, workspace, content, plan=True) for content in (one, other)]
        assert [summary(report) for report in planned] == [{"added": 2}, {"added": 1}]
    assert [summary(put(database, workspace, content)) for content in (one, other)] == [{"added": 2}, {"added": 1}]
    assert [count.confirmed for count in count_lists(database, workspace.settings)] == [3]
    with database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_class WHERE relpersistence = 't'")) == 0


def test_a_lane_is_its_senders_whatever_others_do(database: Database, server: ResendServer) -> None:
    """Two senders are never in one lane, and whoever ends gives theirs back."""
    make.subscribe(database, make.addresses(3))
    mailing = start(database, resend(server))
    with lanes.lane(database, mailing) as first, lanes.lane(database, mailing) as second:
        for _ in range(5):
            assert (first.number, second.number, first.is_held(), second.is_held()) == (0, 1, True, True)
            with database.reading() as connection:
                assert lanes.taken(connection, mailing.id) == {0, 1}
    assert not sending.attended(database, mailing)


def test_workers_write_to_everybody_once_also_where_one_dies(database: Database, workspace: Workspace) -> None:
    """The other one sees at once that a lane is empty, and what its sender had under way is settled."""
    readers = 150
    make.subscribe(database, make.addresses(readers))
    server = ResendServer(latency=lambda: 0.1)
    with serving(server):
        workspace = test_working.space(workspace.root, server.url, workspace.settings.database)
        with test_working.worker(workspace, server) as dying, test_working.worker(workspace, server) as other:
            test_working.start(workspace, database)
            until(lambda: len(server.accepted) > 20)
            dying.process.kill()
            until(lambda: test_working.ended(database))
            test_working.stop(other)
    assert state(database) == (MailingState.SENT, Totals(accepted=readers))
    assert (len(server.accepted), set(server.accepted.values())) == (readers, {1})
