"""Events of one reader that two processes record at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text, update

from newsletter.config import Workspace
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.store import Database, schema
from tests import factories
from tests.databases import open_ready, until_so_many_wait
from tests.tracking import making as make
from tests.tracking.test_recording import ANNA, BEN, suppressed, tell


@pytest.fixture
def workspace(postgresql_address: str, tmp_path: Path) -> Workspace:
    """A workspace on a server: SQLite has one writer at a time."""
    return factories.workspace(tmp_path, database=postgresql_address)


def soft(token: str, key: str) -> Event:
    """Return a soft bounce."""
    return make.event(EventKind.BOUNCED, bounce=Bounce.SOFT, delivery=token, key=key)


def test_a_delivery_that_is_told_beside_the_last_soft_bounce_ends_the_run(
    database: Database, workspace: Workspace
) -> None:
    """Whichever is kept first: here the delivery, which the other has not seen when it looks at the run."""
    issues = [make.sent(database, issue=f"2024-0{number}")[ANNA] for number in range(1, 4)]
    tell(database, soft(issues[0], "1"), soft(issues[1], "2"))
    with open_ready(workspace) as other, ThreadPoolExecutor() as pool:
        with other.writing() as holding:
            holding.execute(text("LOCK TABLE suppressions IN EXCLUSIVE MODE"))
            last = pool.submit(tell, database, soft(issues[2], "3"))
            until_so_many_wait(database, 1)
            tell(other, make.event(delivery=issues[1], key="late"))
        last.result()
    assert suppressed(database) == []


def test_the_last_soft_bounce_beside_a_delivery_that_is_kept_later_suppresses_nobody(
    database: Database, workspace: Workspace
) -> None:
    """Whichever is kept first: here the soft bounce, of which the other has not seen that it suppresses."""
    issues = [make.sent(database, issue=f"2024-0{number}") for number in range(1, 4)]
    tell(database, soft(issues[0][ANNA], "1"), soft(issues[1][ANNA], "2"))
    gone = make.event(EventKind.UNSUBSCRIBED, delivery=issues[1][BEN], key="gone")
    with open_ready(workspace) as other, ThreadPoolExecutor() as pool:
        with other.writing() as holding:
            # Somebody else writes about Ben, so that what is told with his leaving is not kept yet.
            holding.execute(update(schema.consents).where(schema.consents.c.subscriber_id == 2).values(proof="form"))
            late = pool.submit(tell, database, make.event(delivery=issues[1][ANNA], key="late"), gone)
            until_so_many_wait(database, 1)
            tell(other, soft(issues[2][ANNA], "3"))
            assert len(suppressed(other)) == 1
        late.result()
    assert suppressed(database) == []
