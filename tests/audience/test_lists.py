"""The lists, and how many people are on them."""

from __future__ import annotations

from newsletter.audience import ListCount, count_lists, subscribe, suppress, unsubscribe
from newsletter.config import Workspace
from newsletter.model.consent import Consent, Suppression
from newsletter.store import Database, open_database
from tests import factories as make
from tests.audience.people import NOW, put


def test_lists_are_counted_by_consent(database: Database, workspace: Workspace) -> None:
    """Suppressed are those of the confirmed who must not be written to; a list of nobody is shown, too."""
    put(database, workspace, "email\n" + "".join(f"{letter}@example.org\n" for letter in "abcd"))
    subscribe(
        database,
        "e@example.org",
        ["monthly"],
        settings=workspace.settings,
        source="form",
        now=NOW,
        state=Consent.PENDING,
    )
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


def test_a_list_that_left_the_settings_is_still_shown(database: Database, workspace: Workspace) -> None:
    """People on it are not forgotten because a title is."""
    put(database, workspace, "email\na@example.org\n")
    other = make.workspace(workspace.root, lists={"weekly": {"title": "Weekly"}}, database=workspace.settings.database)
    with open_database(other) as again:
        assert count_lists(again, other.settings) == (
            ListCount("weekly", "Weekly"),
            ListCount("monthly", "monthly", confirmed=1),
        )
