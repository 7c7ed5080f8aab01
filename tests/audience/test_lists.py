"""The lists, and how many people are on them."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress as suppress_errors

from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience import ListCount, confirm, count_lists, suppress, unsubscribe, unsuppress
from newsletter.config import Workspace
from newsletter.errors import NotFound, Refused
from newsletter.model.consent import Suppression
from newsletter.store import Database, schema
from newsletter.store.counting import fold, recount
from tests import factories as make
from tests.audience.people import NOW, empty, put, sign_up
from tests.audience.test_import_properties import shared
from tests.databases import open_ready


def test_lists_are_counted_by_consent(database: Database, workspace: Workspace) -> None:
    """Suppressed are those of the confirmed who must not be written to; a list of nobody is shown, too."""
    put(database, workspace, "email\n" + "".join(f"{letter}@example.org\n" for letter in "abcd"))
    assert sign_up(database, "e@example.org", "monthly")
    for letter in "cd":
        suppress(database, f"{letter}@example.org", reason=Suppression.BOUNCE, source="test", now=NOW)
    unsubscribe(database, "d@example.org", source="link", now=NOW)
    suppress(database, "stranger@example.org", reason=Suppression.BY_HAND, source="test", now=NOW)
    found = count_lists(database, workspace.settings)
    assert found == (
        ListCount("monthly", "Monthly newsletter", confirmed=3, pending=1, unsubscribed=1, suppressed=1),
        ListCount("events", "Events"),
    )
    assert found[0].as_json() == {
        "name": "monthly",
        "title": "Monthly newsletter",
        "confirmed": 3,
        "pending": 1,
        "unsubscribed": 1,
        "suppressed": 1,
    }


def test_an_import_adds_up_what_has_gathered(database: Database, workspace: Workspace) -> None:
    """PostgreSQL notes each difference in a row of its own, and asking would take longer with each who leaves."""
    for letter in "abc":
        put(database, workspace, f"email\n{letter}@example.org\n")
        unsubscribe(database, f"{letter}@example.org", source="link", now=NOW)
    put(database, workspace, "email\nd@example.org\n")
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT list_id, state FROM list_counts").all()
    assert len(rows) == len(set(rows))


def test_a_list_that_left_the_settings_is_still_shown(database: Database, workspace: Workspace) -> None:
    """People on it are not forgotten because a title is."""
    put(database, workspace, "email\na@example.org\n")
    other = make.workspace(workspace.root, lists={"weekly": {"title": "Weekly"}}, database=workspace.settings.database)
    with open_ready(other) as again:
        assert count_lists(again, other.settings) == (
            ListCount("weekly", "Weekly"),
            ListCount("monthly", "monthly", confirmed=1),
        )


steps = st.lists(
    st.tuples(
        st.sampled_from(["confirm", "ask", "leave", "suppress", "unsuppress", "erase", "import", "fold"]),
        st.sampled_from(["a@example.org", "b@example.org"]),
        st.sampled_from(["monthly", "events"]),
    ),
    max_size=15,
)


@shared
@given(steps)
def test_the_counts_are_right_whatever_happens(
    database: Database, workspace: Workspace, story: list[tuple[str, str, str]]
) -> None:
    """Triggers count along with everything that is written, and agree with counting anew."""
    empty(database)
    for day, (verb, address, name) in enumerate(story):
        with suppress_errors(NotFound, Refused):
            if verb in {"ask", "confirm"}:
                now = NOW + dt.timedelta(days=2 * day)
                signup = sign_up(database, address, name, now=now)
                if signup is not None and verb == "confirm":
                    confirm(database, signup.id, proof="opened the link", now=now)
            elif verb == "leave":
                unsubscribe(database, address, [name], source="test", now=NOW)
            elif verb == "suppress":
                suppress(database, address, reason=Suppression.BOUNCE, source="test", now=NOW)
            elif verb == "unsuppress":
                unsuppress(database, address, now=NOW)
            elif verb == "import":
                put(database, workspace, f"email\n{address}\n", name)
            else:
                with database.writing() as connection:
                    if verb == "erase":
                        connection.execute(
                            schema.subscribers.delete().where(schema.subscribers.c.address_key == address)
                        )
                    else:
                        fold(connection)
    counted = count_lists(database, workspace.settings)
    with database.writing() as connection:
        recount(connection)
    assert count_lists(database, workspace.settings) == counted
